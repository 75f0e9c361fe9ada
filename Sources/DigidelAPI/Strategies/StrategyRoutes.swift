import HTTP

extension App {
    func listStrategies(_ call: Call) async throws -> Response {
        try await list(StrategyFilter.self, call)
    }

    func showStrategy(_ call: Call) async throws -> Response {
        try call.show(try await database.strategy(id: call.parameter("id")), called: "strategy")
    }

    func createStrategy(_ call: Call) async throws -> Response {
        var body = try call.body()
        let id = body.slug("id")
        let input = try StrategyInput(&body)
        try await check(input)
        return try call.created(
            try await database.createStrategy(id: try newID(id, from: input.name), input))
    }

    /// PUT and PATCH.
    func changeStrategy(_ call: Call) async throws -> Response {
        let current = try await database.strategy(id: call.parameter("id"))
        let strategy = try call.changeable(current, called: "strategy")
        var body = try call.replacement(for: strategy)
        let input = try StrategyInput(&body)
        try await check(input)
        return try call.changed(try await database.updateStrategy(strategy, input))
    }
}
