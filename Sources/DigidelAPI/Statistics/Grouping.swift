import Postgres

/// A way of dividing what was counted: a column of statistics, or what a breakdown is by.
package enum Grouping: String, Sendable, CaseIterable {
    case campaign, measure
    case country, county, municipality, organisation, kind, channel
    case day, week, month, quarter, year
    case gender, age, priorUse, evidence

    /// What has to be known of a count to tell which group it is in, besides campaign, measure and day.
    var dimension: CountDimension? {
        switch self {
        case .campaign, .measure, .day, .week, .month, .quarter, .year: nil
        case .country, .county, .municipality: .area
        case .organisation: .organisation
        case .kind: .kind
        case .channel: .channel
        case .evidence: .evidence
        case .gender: .gender
        case .age: .age
        case .priorUse: .priorUse
        }
    }

    /// Whether it is told from the day and not from the month: a week may lie in two.
    var needsDay: Bool { self == .day || self == .week }

    /// Whether its groups are areas, which have inhabitants.
    var isArea: Bool { dimension == .area }

    /// Whether its groups are people of a kind, of whom few are never shown (decisions.md, 30).
    var isOfPeople: Bool { dimension?.isOfPeople ?? false }

    /// Whether it divides time; its groups are written as reporters write periods (decisions.md, 56).
    var isTime: Bool { [.day, .week, .month, .quarter, .year].contains(self) }

    /// The group of a row of `cells` with its `areas`: text, null where reports do not say.
    var expression: SQL {
        switch self {
        case .campaign: "cells.campaign"
        case .measure: "cells.measure"
        case .country: "areas.country"
        case .county: "case areas.level when 'municipality' then areas.parent when 'county' then areas.id end"
        case .municipality: "case areas.level when 'municipality' then areas.id end"
        case .organisation: "cells.organisation"
        case .kind: "cells.kind"
        case .channel: "cells.channel"
        case .evidence: "cells.evidence"
        case .gender, .age, .priorUse: "cells.part"
        case .day: "to_char(cells.to_date, 'YYYY-MM-DD')"
        case .week: "to_char(cells.to_date, 'IYYY-\"W\"IW')"
        case .month: "to_char(cells.to_date, 'YYYY-MM')"
        case .quarter: "to_char(cells.to_date, 'YYYY-\"Q\"Q')"
        case .year: "to_char(cells.to_date, 'YYYY')"
        }
    }
}

/// What is known of a count besides campaign, measure and days; checkpoints have sums by each of them.
enum CountDimension: String, Sendable, CaseIterable, ParameterConvertible {
    case area, organisation, kind, channel, evidence
    case gender, age, priorUse

    /// Whether it is one of the breakdowns that a report may have, of which some cells are people so few that they might
    /// be recognised.
    var isOfPeople: Bool { self == .gender || self == .age || self == .priorUse }
}
