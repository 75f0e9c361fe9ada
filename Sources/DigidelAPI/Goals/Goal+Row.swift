import Foundation
package import Postgres

extension Goal: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        content = try GoalInput(row: row)
        denominator = try row.get("denominator")
        startsOn = try row.get("starts_on")
        endsOn = try row.get("ends_on")
        record = try Record(row: row)
        indicatorChanges = try row.get("indicator_changes")
    }
}

extension GoalInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        name = try row.get("name")
        description = try row.get("description")
        campaign = try row.get("campaign")
        kind = try row.get("kind")
        measure = try row.get("measure")
        indicator = try row.get("indicator")
        predicate = try row.get("predicate")
        scope = GoalScope(
            areas: try row.get("scope_areas"), organisations: try row.get("scope_organisations"),
            kinds: try row.get("scope_kinds"), channels: try row.get("scope_channels"))
        direction = try row.get("direction")
        baseline = Baseline(
            value: try row.get("baseline_value"), date: try row.get("baseline_date"),
            source: try row.get("baseline_source"))
        target = try row.get("target")
        targetPercent = try row.get("target_percent")
        startsOn = try row.get("starts_on")
        endsOn = try row.get("ends_on")
        let milestones: Milestones = try row.get("milestones")
        self.milestones = milestones.list
        tolerance = try row.get("tolerance")
        cancelled = try row.get("cancelled")
        kindFaults = []
    }
}

/// The column `milestones`: `[{"date", "value"}]`.
struct Milestones: ParameterConvertible, ColumnDecodable {
    let list: [Milestone]

    init(_ list: [Milestone]) {
        self.list = list
    }

    init?(column text: String) {
        guard let value = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
        var input = ObjectInput(.object(["milestones": value]))
        list = input.objects("milestones", Milestone.init)
        guard input.faults.isEmpty else { return nil }
    }

    var parameter: Parameter {
        var json = JSONWriter()
        json.array(list) { json, milestone in milestone.write(to: &json) }
        return json.text
    }
}
