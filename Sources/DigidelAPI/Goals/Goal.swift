import Foundation
import Postgres

/// What is to be reached, from when until when (domain.md, section 4).
package struct Goal: Resource {
    package static let collection = "goals"
    package let id: String
    package var revision: Int? { record.revision }
    let content: GoalInput
    /// How many municipalities a coverage goal is about; nil for other kinds.
    let denominator: Int?
    let startsOn: CalendarDate
    let endsOn: CalendarDate
    let record: Record
    /// How often something else than counts has changed that its value is made of: an indicator, service points.
    let otherChanges: Int

    /// What is added to the campaigns' versions: a goal without a campaign has changes of its own.
    var ownVersion: Int { content.campaign == nil ? record.revision + otherChanges : 0 }

    package enum Kind: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        /// The sum of what is counted.
        case contribution
        /// The level of an outside series.
        case stock
        /// The number of municipalities of which something is true.
        case coverage
    }

    package enum Direction: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case up, down

        /// +1 or −1: what multiplies a change so that good is positive.
        var sign: Decimal { self == .up ? 1 : -1 }
    }

    /// Areas do not change with the goal, nor does its campaign.
    package var phase: String? { denominator.map(String.init) }

    /// The target in figures, also when it was given in percent of the municipalities.
    var target: Decimal { content.target(of: denominator) ?? 0 }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("name", content.name, in: representation.language)
        json.member("description", content.description, in: representation.language)
        json.member("campaign", content.campaign)
        json.member("kind", content.kind.rawValue)
        json.member("measure", content.measure?.rawValue)
        json.member("indicator", content.indicator)
        json.member("predicate", content.predicate)
        json.member("scope") { json in content.scope.write(to: &json) }
        json.member("direction", content.direction.rawValue)
        json.member("baseline") { json in
            json.member("value", content.baseline.value)
            json.member("date", content.baseline.date)
            json.member("source", content.baseline.source)
        }
        json.member("target", target)
        json.member("targetPercent", content.targetPercent)
        json.member("denominator", denominator)
        json.member("startsOn", startsOn)
        json.member("endsOn", endsOn)
        json.member("milestones", content.milestones)
        json.member("tolerance", content.tolerance)
        json.member("cancelled", content.cancelled)
        json.members(record)
    }
}

/// Which counts a goal sums, or which municipalities it is about; an empty list limits nothing. Areas include
/// everything below them.
struct GoalScope: Sendable, Equatable {
    var areas: [String] = []
    var organisations: [String] = []
    var kinds: [Organisation.Kind] = []
    var channels: [ParticipantCount.Channel] = []

    /// Whether everything counts.
    var isEverything: Bool { self == GoalScope() }

    func write(to json: inout JSONWriter) {
        if !areas.isEmpty { json.member("areas", areas) }
        if !organisations.isEmpty { json.member("organisations", organisations) }
        if !kinds.isEmpty { json.member("kinds", kinds.map(\.rawValue)) }
        if !channels.isEmpty { json.member("channels", channels.map(\.rawValue)) }
    }
}

/// What a goal starts from.
struct Baseline: Sendable, Equatable {
    var value: Decimal = 0
    var date: CalendarDate?
    var source: String?
}

/// A value that is expected on a day.
package struct Milestone: JSONElement, Hashable {
    let date: CalendarDate
    let value: Decimal

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("date", date)
            json.member("value", value)
        }
    }
}
