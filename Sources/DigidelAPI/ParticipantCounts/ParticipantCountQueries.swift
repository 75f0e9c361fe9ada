import Foundation
import Postgres

/// Which counts are wanted.
struct ParticipantCountFilter: ListFilter {
    typealias Item = ParticipantCount
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

    init(_ query: inout QueryInput, _ call: Call) throws(APIError) {
        campaigns = query.ids("campaign")
        organisations = query.ids("organisation")
        measures = query.choices("measure")
        areas = query.ids("area")
        from = query.date("from")
        to = query.date("to")
        statuses = query.choices("status")
        externalID = query.text("externalId", limit: 200)
        let caller = try call.identified
        owner = caller.role >= .coordinator ? nil : caller.organisation
    }

    static let columns = ListColumns(
        [
            .init("id", "id", "uuid"), .init("organisation", "organisation"), .init("campaign", "campaign"),
            .init("measure", "measure"), .init("value", "value", "bigint"),
            .init("from", "from_date", "date"), .init("to", "to_date", "date"), .init("area", "area"),
            .init("channel", "channel"), .init("evidence", "coalesce(evidence, '')"),
            .init("activity", "coalesce(activity::text, '')"),
            .init("servicePoint", "coalesce(service_point, '')"),
        ] + breakdowns + [
            .init("note", "coalesce(note, '')"), .init("externalId", "coalesce(external_id, '')"),
            .init("revision", "revision", "integer"), .init("status", "status"),
            .init("late", "late", "boolean"), .init("recordedAt", "recorded_at", "timestamptz"),
        ], by: "recordedAt")

    /// Named as in what is reported as CSV.
    private static var breakdowns: [ListColumns.Column] {
        Breakdowns.dimensions.flatMap { dimension, keys in
            keys.map { .unsorted("\(dimension).\($0)", at: ["breakdowns", dimension, $0]) }
        }
    }

    var columns: ListColumns { Self.columns }
    let source: SQL = "current_participant_counts"

    var conditions: [SQL?] { campaignConditions + reporterConditions + totalledConditions + otherConditions }

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

    private var campaignConditions: [SQL] { [.isOne("campaign", of: campaigns)].compactMap(\.self) }

    /// Conditions on what a reporter can never correct.
    private var reporterConditions: [SQL] {
        let conditions: [SQL?] = [
            owner.map { "organisation = \($0)" }, .isOne("organisation", of: organisations),
            externalID.map {
                "id in (select id from participant_counts where external_id = \($0) and revision = 1)"
            },
        ]
        return conditions.compactMap(\.self)
    }

    /// Conditions on the other columns of `count_totals`.
    private var totalledConditions: [SQL] {
        let conditions: [SQL?] = [
            .isOne("measure", of: measures), from.map { "to_date >= \($0)" }, to.map { "to_date <= \($0)" },
        ]
        return conditions.compactMap(\.self)
    }

    private var otherConditions: [SQL] {
        [.isWithin("area", areas), .isOne("status", of: statuses)].compactMap(\.self)
    }
}

/// The list of a count's revisions, which takes no filters.
struct RevisionFilter: ListFilter {
    typealias Item = PastRevision
    private let count: String

    init(_ query: inout QueryInput, _ call: Call) {
        count = call.parameter("id")
    }

    /// A revision has what a count has, the reason and the key; it is sorted by its number alone.
    let columns = ListColumns(
        [.init("revision", "revision", "integer"), .init("id", "id", "uuid")]
            + ParticipantCountFilter.columns.columns.compactMap {
                ["id", "revision"].contains($0.member) ? nil : .unsorted($0.member, at: $0.path)
            } + [.unsorted("reason"), .unsorted("actor")], by: "revision")
    let source: SQL = "participant_counts"
    var conditions: [SQL?] { ["id = \(count)::uuid"] }
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
}
