import Foundation
import Postgres

/// What was counted, by groups, as one snapshot of the database has it.
struct CountSums: Sendable {
    /// A group in which something was counted, be it 0.
    struct Row: Sendable {
        /// A key per grouping; nil where reports do not say, such as the county of a report for a whole country.
        let keys: [String?]
        var value: Int
        /// Of the area, by the first grouping whose groups are areas.
        let areaName: LocalisedText?
        let population: Int?
        let organisationName: LocalisedText?
    }

    let groupings: [Grouping]
    /// In the order of their keys; those that reports do not say come last.
    var rows: [Row]
    /// Grows with every change that can alter the answer.
    let version: Int
    /// When the change that made this version happened, or the instant that was asked for (decisions.md, 77); nil when
    /// there is no campaign.
    let asOf: Instant?
    /// Whether the campaigns are locked, so that no report is missing any more.
    let isFinal: Bool

    /// The names of a column's groups, as far as rows have them.
    func names(_ column: Int) -> [String: LocalisedText] {
        var names: [String: LocalisedText] = [:]
        for row in rows {
            guard let key = row.keys[column] else { continue }
            if groupings[column] == .organisation { names[key] = row.organisationName }
            if column == groupings.firstIndex(where: \.isArea) { names[key] = row.areaName }
        }
        return names
    }
}

extension Queryable {
    /// The sums of a selection by groups; at most one of these is people of a kind. Nil when there are more than `limit`
    /// groups.
    func countSums(
        _ selection: CountSelection, by groupings: [Grouping], limit: Int = 100_000
    ) async throws(PostgresError) -> CountSums? {
        for source in [selection.source(for: groupings), .changes] {
            let rows = try await query(selection.sums(from: source, by: groupings, limit: limit))
            guard let first = rows.first else { break }
            // The months were not whole: one by one, then.
            guard try first.get("months_are_whole") else { continue }
            return try CountSums(rows, groupings, selection, limit: limit)
        }
        return nil
    }
}

extension CountSelection {
    /// One row per group, or one without a group when there is none, each with what is true of all.
    fileprivate func sums(from source: Source, by groupings: [Grouping], limit: Int) -> SQL {
        let keys: SQL = .joined(groupings.map { "coalesce(\($0.expression), '')" }, by: ", ")
        let area = groupings.firstIndex(where: \.isArea).map { $0 + 1 }
        let organisation = groupings.firstIndex(of: .organisation).map { $0 + 1 }
        let placed: SQL =
            groupings.contains(where: \.isArea) ? "left join areas on areas.id = cells.area" : ""
        return """
            with selected as materialized (
                \(selected)
            ), summary as (
                select coalesce(sum(version), 0)::bigint as version, max(changed_at) as changed_at,
                    coalesce(bool_and(coalesce(locked_at <= \(knownAt), false)), false) as is_final,
                    \(areMonthsWhole(for: source)) as months_are_whole
                from selected
                left join campaign_versions on campaign_versions.campaign = selected.id
            ), cells as (
                \(cells(from: source, for: groupings))
            ), sums as (
                select array[\(keys)]::text[] as keys, sum(amount)::bigint as value
                from \(wanted(from: source, for: groupings)) as cells
                \(placed)
                group by keys
                having sum(reports) <> 0
                limit \(limit + 1)
            )
            select summary.*, sums.keys, sums.value, places.name as area_name, places.population,
                organisations.name as organisation_name
            from summary
            left join sums on months_are_whole
            left join areas as places on places.id = sums.keys[\(area)::integer]
            left join organisations on organisations.id = sums.keys[\(organisation)::integer]
            """
    }

    /// The rows of `cells` that are summed: those of a few hundred areas in some years are added up before anybody looks
    /// where the areas are.
    private func wanted(from source: Source, for groupings: [Grouping]) -> SQL {
        if case .months(.area) = source, !groupings.contains(where: \.isTime) {
            return """
                (
                    select campaign, measure, area, sum(amount) as amount, sum(reports) as reports
                    from cells
                    where \(condition(for: source))
                    group by campaign, measure, area
                )
                """
        }
        return "(select * from cells where \(condition(for: source)))"
    }
}

extension CountSums {
    /// Nil when there are more groups than `limit`.
    fileprivate init?(
        _ rows: Rows, _ groupings: [Grouping], _ selection: CountSelection, limit: Int
    ) throws(PostgresError) {
        guard let summary = rows.first, rows.count <= limit else { return nil }
        self.groupings = groupings
        version = try summary.get("version")
        let changedAt: Instant? = try summary.get("changed_at")
        asOf = selection.asOf ?? changedAt
        isFinal = try summary.get("is_final")
        var sums: [Row] = []
        for row in rows {
            guard let keys: [String] = try row.get("keys") else { continue }
            sums.append(
                Row(
                    keys: keys.map { $0.isEmpty ? nil : $0 }, value: try row.get("value"),
                    areaName: try row.get("area_name"), population: try row.get("population"),
                    organisationName: try row.get("organisation_name")))
        }
        self.rows = sums.sorted { left, right in
            for (left, right) in zip(left.keys, right.keys) where left != right {
                guard let left else { return false }
                guard let right else { return true }
                return left.utf8.lexicographicallyPrecedes(right.utf8)
            }
            return false
        }
    }
}
