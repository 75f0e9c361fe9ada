import Foundation
package import Postgres

/// That somebody was helped, of whom nothing is known (domain.md, section 5).
package struct GuidanceSession: Resource {
    package static let collection = "guidance-sessions"
    package var id: String { uuid.text }
    package var revision: Int? { record.revision }
    private let uuid: UUID
    let content: GuidanceSessionInput
    let record: Record

    package enum Outcome: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case solved, partly, referred, notSolved
    }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("organisation", content.organisation)
        json.member("servicePoint", content.servicePoint)
        json.member("date", content.date)
        json.member("topics", content.topics)
        json.member("channel", content.channel.rawValue)
        json.member("outcome", content.outcome.rawValue)
        json.member("obstacles", content.obstacles)
        json.member("learnedThrough", content.learnedThrough)
        json.member("travelKm", content.travelKm)
        json.member("durationMinutes", content.durationMinutes)
        json.member("language", content.language)
        json.members(record)
    }
}

/// What a client says of a guidance session.
struct GuidanceSessionInput: CheckedInput {
    let organisation: String
    let servicePoint: String?
    let date: CalendarDate
    let topics: [String]
    let channel: ParticipantCount.Channel
    let outcome: GuidanceSession.Outcome
    let obstacles: [String]
    let learnedThrough: String?
    let travelKm: Decimal?
    let durationMinutes: Int?
    let language: String?

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        let organisation = input.slug("organisation", required: true)
        servicePoint = input.slug("servicePoint")
        let date = input.date("date", required: true)
        topics = input.texts("topics") ?? []
        let channel: ParticipantCount.Channel? = input.choice("channel", required: true)
        let outcome: GuidanceSession.Outcome? = input.choice("outcome", required: true)
        obstacles = input.texts("obstacles") ?? []
        learnedThrough = input.text("learnedThrough", limit: 80)
        travelKm = input.decimal("travelKm", in: 0...20_000)
        durationMinutes = input.integer("durationMinutes", in: 0...1440)
        language = input.value("language", rule: "a language such as sv or ar", \.languageCode)
        try input.finish()
        guard let organisation, let date, let channel, let outcome else { throw .malformed(input.faults) }
        self.organisation = organisation
        self.date = date
        self.channel = channel
        self.outcome = outcome
    }

    var references: [Reference?] {
        [
            Reference(.organisation, organisation, "/organisation"),
            Reference(.servicePoint, servicePoint, "/servicePoint"),
        ]
    }

    var texts: [PlacedText] {
        .at("/topics", topics) + .at("/obstacles", obstacles) + .at("/learnedThrough", learnedThrough)
    }

    var ruleFaults: [Fault] {
        guard let travelKm, travelKm.rounded(GoalInput.decimals) != travelKm else { return [] }
        return [
            Fault("/travelKm", "tooManyDecimals", "Must have at most \(GoalInput.decimals) decimals.")
        ]
    }

    /// A fault when it has not taken place yet.
    func futureFaults(today: CalendarDate) -> [Fault] {
        date > today ? [Fault("/date", "periodInFuture", "Must not be after today, \(today).")] : []
    }

    var stored: ColumnValues {
        [
            "organisation": organisation, "service_point": servicePoint, "date": date, "topics": topics,
            "channel": channel, "outcome": outcome, "obstacles": obstacles,
            "learned_through": learnedThrough, "travel_km": travelKm, "duration_minutes": durationMinutes,
            "language": language,
        ]
    }
}

extension GuidanceSession: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        uuid = try row.get("id")
        content = try GuidanceSessionInput(row: row)
        record = try Record(row: row)
    }
}

extension GuidanceSessionInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        organisation = try row.get("organisation")
        servicePoint = try row.get("service_point")
        date = try row.get("date")
        topics = try row.get("topics")
        channel = try row.get("channel")
        outcome = try row.get("outcome")
        obstacles = try row.get("obstacles")
        learnedThrough = try row.get("learned_through")
        travelKm = try row.get("travel_km")
        durationMinutes = try row.get("duration_minutes")
        language = try row.get("language")
    }
}
