import Postgres

/// Which enrolments of a campaign are wanted.
struct EnrolmentFilter: ListFilter {
    typealias Item = Enrolment
    let campaign: String
    let organisations: [String]
    let isExpected: Bool?

    init(_ query: inout QueryInput, _ call: Call) {
        campaign = call.parameter("id")
        organisations = query.ids("organisation")
        isExpected = query.bool("expected")
    }

    let columns = ListColumns(
        [
            .init("organisation", "organisation"), .init("campaign", "campaign"), .name,
            .init("area", "area"), .init("expected", "expected", "boolean"),
            .init("exemptReason", "coalesce(exempt_reason, '')"), .init("enrolledOn", "enrolled_on", "date"),
        ], by: "organisation")
    let source: SQL = "enrolments join organisations on organisations.id = enrolments.organisation"
    let selection: SQL = "enrolments.*, organisations.name, organisations.area"

    var conditions: [SQL?] { ["campaign = \(campaign)"] + wanted }

    private var wanted: [SQL?] {
        [.isOne("organisation", of: organisations), isExpected.map { "expected = \($0)" }]
    }

    var total: SQL? {
        wanted.allSatisfy { $0 == nil } ? .total(of: "enrolments", within: [campaign]) : nil
    }
}

extension Queryable {
    func enrolment(of organisation: String, in campaign: String) async throws(PostgresError) -> Enrolment? {
        try await first(
            """
            select enrolments.*, organisations.name, organisations.area
            from enrolments join organisations on organisations.id = enrolments.organisation
            where campaign = \(campaign) and organisation = \(organisation)
            """)
    }

    /// Enrols the organisation, or changes how it is enrolled. The campaign's version grows, since completeness changes.
    func enrol(
        _ organisation: String, in campaign: String, _ input: EnrolmentInput, on today: CalendarDate
    ) async throws(PostgresError) -> Enrolment? {
        try await first(
            """
            with clock as materialized (
                select ledger_now() as recorded_at
            ), enrolled as (
                insert into enrolments (campaign, organisation, expected, exempt_reason, enrolled_on)
                select
                    \(campaign), \(organisation), \(input.isExpected)::boolean, \(input.exemptReason),
                    \(input.enrolledOn ?? today)::date
                from clock
                on conflict (campaign, organisation) do update
                set expected = excluded.expected, exempt_reason = excluded.exempt_reason,
                    enrolled_on = coalesce(\(input.enrolledOn)::date, enrolments.enrolled_on)
                returning *
            ), versioned as (
                update campaign_versions
                set version = version + 1, changed_at = recorded_at
                from enrolled, clock
                where campaign_versions.campaign = enrolled.campaign
            )
            select enrolled.*, organisations.name, organisations.area
            from enrolled join organisations on organisations.id = enrolled.organisation
            """)
    }

    /// Ends the enrolment and returns it; nil when there is none. Throws `.refused` by
    /// `enrolments_not_reported` when the organisation has reported.
    func unenrol(_ organisation: String, from campaign: String) async throws(PostgresError) -> Enrolment? {
        try await first(
            """
            with clock as materialized (
                select ledger_now() as recorded_at
            ), deleted as (
                delete from enrolments
                using clock
                where campaign = \(campaign) and organisation = \(organisation)
                returning enrolments.*
            ), versioned as (
                update campaign_versions
                set version = version + 1, changed_at = recorded_at
                from deleted, clock
                where campaign_versions.campaign = deleted.campaign
            )
            select deleted.*, organisations.name, organisations.area
            from deleted join organisations on organisations.id = deleted.organisation
            """)
    }
}
