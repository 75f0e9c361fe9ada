import Foundation
import Postgres

/// Which items of a strategy are wanted.
struct StrategyItemFilter: ListFilter {
    typealias Item = StrategyItem
    let strategy: String
    let kinds: [StrategyItem.Kind]
    let from: CalendarDate?
    let to: CalendarDate?
    let group: String?
    let focusArea: Int?
    let text: String?

    init(_ query: inout QueryInput, _ call: Call) {
        strategy = call.parameter("id")
        kinds = query.choices("kind")
        from = query.date("from")
        to = query.date("to")
        group = query.text("group", limit: 80)
        focusArea = query.integer("focusArea", in: 1...999)
        text = query.text("q", limit: 200)
    }

    let columns = ListColumns(
        [
            .init("id", "id", "uuid"), .init("strategy", "strategy"),
            .unsorted("focusArea.number", at: ["focusArea", "number"]),
            .unsorted("focusArea.name", at: ["focusArea", "name"], isLocalised: true),
            .init("date", "coalesce(date, make_date(year, 1, 1))", "date"),
            .init("year", "coalesce(year, extract(year from date)::integer)", "integer"),
            .init("kind", "kind"), .localised("title", "title"), .unsorted("affectedGroups"),
        ] + .record, by: "date")
    let source: SQL = "strategy_items"

    var conditions: [SQL?] { ["strategy = \(strategy)"] + wanted }

    private var wanted: [SQL?] {
        [
            .isOne("kind", of: kinds),
            .overlaps(
                from: "coalesce(date, make_date(year, 1, 1))", to: "coalesce(date, make_date(year, 12, 31))",
                from, to),
            .has("affected_groups", group), focusArea.map { "focus_area_number = \($0)" },
            // No `search`: those of one strategy are few, and there is no index of all.
            .matches("title", text),
        ]
    }

    var total: SQL? {
        wanted.allSatisfy { $0 == nil } ? .total(of: "strategy_items", within: [strategy]) : nil
    }
}

extension Queryable {
    func strategyItem(id: UUID, of strategy: String) async throws(PostgresError) -> StrategyItem? {
        try await first("select * from strategy_items where id = \(id) and strategy = \(strategy)")
    }

    func createStrategyItem(
        of strategy: String, _ input: StrategyItemInput
    ) async throws(PostgresError) -> StrategyItem? {
        try await first(
            """
            insert into strategy_items (id, strategy, \(input.stored.columns))
            values (\(UUID.version7()), \(strategy), \(input.stored.values))
            returning *
            """)
    }

    /// Nil when the item has not that revision any more.
    func updateStrategyItem(
        _ item: StrategyItem, _ input: StrategyItemInput
    ) async throws(PostgresError) -> StrategyItem? {
        try await first(
            """
            update strategy_items
            set \(input.stored.assignments), updated_at = now(), revision = revision + 1
            where id = \(item.uuid) and revision = \(item.revision)
            returning *
            """)
    }
}
