import Foundation
import Postgres

/// What the rules need to know of a count's campaign, organisation and area; nil where there is no such thing.
struct CountFacts: Sendable {
    /// What a campaign says of the counts that it takes.
    struct Campaign: Sendable {
        let id: String
        let revision: Int
        let state: DigidelAPI.Campaign.State
        let startsOn: CalendarDate
        let endsOn: CalendarDate
        let countries: [Country]
        let measures: [Measure]
        /// The day by the campaign's calendar.
        let today: CalendarDate
        let opensAt: Instant?
        let dueAt: Instant?
        let closesAt: Instant?
    }

    /// The reporter, as the network knows it.
    struct Organisation: Sendable {
        let id: String
        let revision: Int
        let membership: DigidelAPI.Organisation.Membership
        let kind: DigidelAPI.Organisation.Kind
    }

    /// One organisation in one campaign.
    struct Enrolment: Hashable {
        let campaign: String
        let organisation: String
    }

    let campaign: Campaign?
    let organisation: Organisation?
    let country: Country?
    let isEnrolled: Bool
    /// Whether the activity and the service point that it names, if it names any, are there.
    var hasActivity = true
    var hasServicePoint = true
}

extension Queryable {
    /// The facts for each of the counts, in their order. What was read a moment ago is not read again: a change of the
    /// campaign or the organisation, or an enrolment that is taken back, is found out when a count is recorded.
    func facts(
        for counts: [ParticipantCountInput], at now: Instant, _ cache: FactCache
    ) async throws(PostgresError) -> [CountFacts] {
        if let facts = cache.facts(for: counts) { return facts }
        let campaigns = try await cache.campaigns.values(for: counts.map(\.campaign)) {
            (ids) async throws(PostgresError) in
            let campaigns: [CountFacts.Campaign] = try await all(
                """
                select campaigns.*, campaign_state(campaigns, \(now)) as state,
                    (\(now) at time zone time_zone)::date as today
                from campaigns
                where id = any(\(ids))
                """)
            return campaigns.map { ($0.id, $0) }
        }
        let organisations = try await cache.organisations.values(for: counts.map(\.organisation)) {
            (ids) async throws(PostgresError) in
            let organisations: [CountFacts.Organisation] = try await all(
                "select id, revision, membership, kind from organisations where id = any(\(ids))")
            return organisations.map { ($0.id, $0) }
        }
        let countries = try await cache.countries.values(for: counts.map(\.area)) {
            (ids) async throws(PostgresError) in
            var countries: [(String, Country)] = []
            for row in try await query("select id, country from areas where id = any(\(ids))") {
                countries.append((try row.get("id"), try row.get("country")))
            }
            return countries
        }
        let enrolments = try await cache.enrolments.values(for: counts.map(\.enrolment)) {
            (wanted) async throws(PostgresError) in
            let enrolments: [CountFacts.Enrolment] = try await all(
                """
                select campaign, organisation
                from enrolments
                where (campaign, organisation) in (
                    select *
                    from unnest(\(wanted.map(\.campaign))::text[], \(wanted.map(\.organisation))::text[]))
                """)
            return enrolments.map { ($0, $0) }
        }
        let activities = try await cache.activities.values(for: counts.compactMap(\.activity)) {
            (ids) async throws(PostgresError) in
            try await found("select id from activities where id = any(\(ids))")
        }
        let servicePoints = try await cache.servicePoints.values(for: counts.compactMap(\.servicePoint)) {
            (ids) async throws(PostgresError) in
            try await found("select id from service_points where id = any(\(ids))")
        }
        return counts.map { count in
            CountFacts(
                campaign: campaigns[count.campaign], organisation: organisations[count.organisation],
                country: countries[count.area], isEnrolled: enrolments[count.enrolment] != nil,
                hasActivity: count.activity.map { activities[$0] != nil } ?? true,
                hasServicePoint: count.servicePoint.map { servicePoints[$0] != nil } ?? true)
        }
    }
}

extension Queryable {
    /// The ids that a query selects, as `TimedCache` keeps them.
    private func found<ID: ColumnDecodable>(
        _ sql: SQL
    ) async throws(PostgresError) -> [(ID, Bool)] {
        var ids: [(ID, Bool)] = []
        for row in try await query(sql) { ids.append((try row.get("id"), true)) }
        return ids
    }
}

extension ParticipantCountInput {
    var enrolment: CountFacts.Enrolment {
        CountFacts.Enrolment(campaign: campaign, organisation: organisation)
    }
}

extension CountFacts.Campaign: RowDecodable {
    init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        revision = try row.get("revision")
        state = try row.get("state")
        startsOn = try row.get("starts_on")
        endsOn = try row.get("ends_on")
        countries = try row.get("countries")
        measures = try row.get("measures")
        today = try row.get("today")
        opensAt = try row.get("opens_at")
        dueAt = try row.get("due_at")
        closesAt = try row.get("closes_at")
    }
}

extension CountFacts.Organisation: RowDecodable {
    init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        revision = try row.get("revision")
        membership = try row.get("membership")
        kind = try row.get("kind")
    }
}

extension CountFacts.Enrolment: RowDecodable {
    init(row: Row) throws(PostgresError) {
        campaign = try row.get("campaign")
        organisation = try row.get("organisation")
    }
}
