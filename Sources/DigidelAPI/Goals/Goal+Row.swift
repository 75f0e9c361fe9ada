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
        otherChanges = try row.get("indicator_changes")
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
        milestones = try row.list("milestones")
        tolerance = try row.get("tolerance")
        cancelled = try row.get("cancelled")
        kindFaults = []
    }
}
