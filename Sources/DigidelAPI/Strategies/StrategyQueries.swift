import Postgres

/// Which strategies are wanted.
struct StrategyFilter: ListFilter {
    typealias Item = Strategy
    let text: String?

    init(_ query: inout QueryInput, _ call: Call) {
        text = query.text("q", limit: 200)
    }

    let columns = ListColumns([.init("id", "id"), .name, .description] + .record)
    let source: SQL = "strategies"
    var search: SQL? { .matches("name, description", text) }
    let conditions: [SQL?] = []
    var total: SQL? { isEverything ? .total(of: "strategies") : nil }
}

extension Queryable {
    func strategy(id: String) async throws(PostgresError) -> Strategy? {
        try await first("select * from strategies where id = \(id)")
    }

    func createStrategy(id: String, _ input: StrategyInput) async throws(PostgresError) -> Strategy? {
        try await first(
            """
            insert into strategies (id, \(input.stored.columns)) values (\(id), \(input.stored.values))
            returning *
            """)
    }

    /// Nil when the strategy has not that revision any more.
    func updateStrategy(_ strategy: Strategy, _ input: StrategyInput) async throws(PostgresError) -> Strategy?
    {
        try await first(
            """
            update strategies
            set \(input.stored.assignments), updated_at = now(), revision = revision + 1
            where id = \(strategy.id) and revision = \(strategy.revision)
            returning *
            """)
    }
}
