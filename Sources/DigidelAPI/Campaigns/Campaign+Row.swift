package import Postgres

extension Campaign: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        content = try CampaignInput(row: row)
        state = try row.get("state")
        successors = try row.get("successors")
        announcedAt = try row.get("announced_at")
        lockedAt = try row.get("locked_at")
        record = try Record(row: row)
    }
}

extension CampaignInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        series = try row.get("series")
        name = try row.get("name")
        description = try row.get("description")
        startsOn = try row.get("starts_on")
        endsOn = try row.get("ends_on")
        countries = try row.get("countries")
        organiser = try row.get("organiser")
        partners = try row.get("partners")
        funding = try row.list("funding")
        timeZone = try row.get("time_zone")
        predecessor = try row.get("predecessor")
        measures = try row.get("measures")
        opensAt = try row.get("opens_at")
        dueAt = try row.get("due_at")
        closesAt = try row.get("closes_at")
    }
}
