import Foundation
package import Postgres

extension Campaign: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        content = try CampaignInput(row: row)
        state = try row.get("state")
        announcedAt = try row.get("announced_at")
        lockedAt = try row.get("locked_at")
        createdAt = try row.get("created_at")
        updatedAt = try row.get("updated_at")
        currentRevision = try row.get("revision")
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
        let fundings: Fundings = try row.get("funding")
        funding = fundings.list
        timeZone = try row.get("time_zone")
        predecessor = try row.get("predecessor")
        measures = try row.get("measures")
        opensAt = try row.get("opens_at")
        dueAt = try row.get("due_at")
        closesAt = try row.get("closes_at")
    }
}

/// The column `funding`: `[{"funder", "amount"?, "currency"?}]`.
struct Fundings: ParameterConvertible, ColumnDecodable {
    let list: [Funding]

    init(_ list: [Funding]) {
        self.list = list
    }

    init?(column text: String) {
        guard let value = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
        var input = ObjectInput(.object(["funding": value]))
        list = input.objects("funding", Funding.init)
        guard input.faults.isEmpty else { return nil }
    }

    var parameter: Parameter {
        var json = JSONWriter()
        json.array(list) { json, funding in funding.write(to: &json) }
        return json.text
    }
}
