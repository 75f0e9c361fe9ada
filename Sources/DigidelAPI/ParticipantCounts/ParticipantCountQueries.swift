import Foundation
import Postgres

/// Which counts are wanted.
struct ParticipantCountFilter {
    let campaigns: [String]
    let organisations: [String]
    let measures: [Measure]
    let areas: [String]
    let from: CalendarDate?
    let to: CalendarDate?
    let statuses: [ParticipantCount.Status]
    let externalID: String?
    /// Whose counts may be seen; nil for all.
    let owner: String?

    static let sorting = Sorting(
        [
            .init("organisation", "organisation"), .init("campaign", "campaign"), .init("measure", "measure"),
            .init("value", "value", "bigint"), .init("from", "from_date", "date"),
            .init("to", "to_date", "date"),
            .init("area", "area"), .init("channel", "channel"), .init("evidence", "coalesce(evidence, '')"),
            .init("note", "coalesce(note, '')"), .init("externalId", "coalesce(external_id, '')"),
            .init("revision", "revision", "integer"), .init("status", "status"),
            .init("late", "late", "boolean"),
            .init("recordedAt", "recorded_at", "timestamptz"), .init("id", "id", "uuid"),
        ], by: "recordedAt")

    init(_ query: inout QueryInput, caller: Caller) {
        campaigns = query.ids("campaign")
        organisations = query.ids("organisation")
        measures = query.choices("measure")
        areas = query.ids("area")
        from = query.date("from")
        to = query.date("to")
        statuses = query.choices("status")
        externalID = query.text("externalId", limit: 200)
        owner = caller.role >= .coordinator ? nil : caller.organisation
    }

    var conditions: [SQL] { campaignConditions + reporterConditions + totalledConditions + otherConditions }

    /// How many counts there are, where it is known without looking at each of them; nil elsewhere.
    var total: SQL? {
        guard otherConditions.isEmpty else { return nil }
        if reporterConditions.isEmpty {
            let filter = SQL.joined(["true"] + campaignConditions + totalledConditions, by: " and ")
            return "select coalesce(sum(counts), 0)::bigint from count_totals where \(filter)"
        }
        guard totalledConditions.isEmpty else { return nil }
        // What no correction changes can be asked of first revisions alone, for which there are indexes.
        let filter = SQL.joined(["revision = 1"] + campaignConditions + reporterConditions, by: " and ")
        return "select count(*) from participant_counts where \(filter)"
    }

    private var campaignConditions: [SQL] {
        campaigns.isEmpty ? [] : [.isOne("campaign", of: campaigns)]
    }

    /// Conditions on what a reporter can never correct.
    private var reporterConditions: [SQL] {
        var conditions: [SQL] = []
        if let owner { conditions.append("organisation = \(owner)") }
        if !organisations.isEmpty { conditions.append(.isOne("organisation", of: organisations)) }
        if let externalID {
            conditions.append(
                "id in (select id from participant_counts where external_id = \(externalID) and revision = 1)"
            )
        }
        return conditions
    }

    /// Conditions on the other columns of `count_totals`.
    private var totalledConditions: [SQL] {
        var conditions: [SQL] = []
        if !measures.isEmpty { conditions.append(.isOne("measure", of: measures)) }
        if let from { conditions.append("to_date >= \(from)") }
        if let to { conditions.append("to_date <= \(to)") }
        return conditions
    }

    private var otherConditions: [SQL] {
        var conditions: [SQL] = []
        if !areas.isEmpty { conditions.append("area in \(SQL.areas(below: areas))") }
        if !statuses.isEmpty { conditions.append(.isOne("status", of: statuses)) }
        return conditions
    }
}

extension SQL {
    /// Whether a column has one of these values. Of one value the rows come in the order of an index, of several not.
    fileprivate static func isOne<Value: ParameterConvertible>(_ column: SQL, of values: [Value]) -> SQL {
        if values.count == 1 { return "\(column) = \(values[0])" }
        return "\(column) = any(\(values))"
    }
}

extension Queryable {
    /// The current revision.
    func participantCount(id: UUID) async throws(PostgresError) -> ParticipantCount? {
        try await first("select * from current_participant_counts where id = \(id)")
    }

    /// The current revisions of what was reported under these keys of the reporters' own.
    func participantCounts(
        reportedAs keys: [ReporterKey]
    ) async throws(PostgresError) -> [ReporterKey: ParticipantCount] {
        guard !keys.isEmpty else { return [:] }
        let counts: [ParticipantCount] = try await all(
            """
            select current.*
            from unnest(\(keys.map(\.organisation))::text[], \(keys.map(\.externalID))::text[])
                as key (organisation, external_id)
            join participant_counts as original
                on original.organisation = key.organisation and original.external_id = key.external_id
                and original.revision = 1
            join current_participant_counts as current on current.id = original.id
            """)
        let keyed = counts.compactMap { count in count.content.reporterKey.map { ($0, count) } }
        return Dictionary(keyed) { first, _ in first }
    }

    /// All revisions of a count, the first one first.
    func revisions(ofCount id: UUID, _ list: ListInput) async throws(PostgresError) -> Page<PastRevision> {
        try await page(list, "*", from: "participant_counts", where: ["id = \(id)"])
    }

    func participantCounts(
        _ filter: ParticipantCountFilter, _ list: ListInput
    ) async throws(PostgresError) -> Page<ParticipantCount> {
        try await page(
            list, "*", from: "current_participant_counts", where: filter.conditions, total: filter.total)
    }
}
