import Foundation
import HTTP

extension App {
    func listStrategyItems(_ call: Call) async throws -> Response {
        try await checkStrategy(call)
        return try await list(StrategyItemFilter.self, call)
    }

    func showStrategyItem(_ call: Call) async throws -> Response {
        try call.show(try await strategyItem(call), called: "item of the strategy")
    }

    func createStrategyItem(_ call: Call) async throws -> Response {
        var body = try call.body()
        let input = try StrategyItemInput(&body)
        try await checkStrategy(call)
        try await check(input)
        return try call.created(
            try await database.createStrategyItem(of: call.parameter("id"), input))
    }

    /// PUT and PATCH.
    func changeStrategyItem(_ call: Call) async throws -> Response {
        let item = try call.changeable(try await strategyItem(call), called: "item of the strategy")
        var body = try call.replacement(for: item)
        body.ignore("strategy")
        let input = try StrategyItemInput(&body)
        try await check(input)
        return try call.changed(try await database.updateStrategyItem(item, input))
    }

    /// The item in the path; nil when there is none.
    private func strategyItem(_ call: Call) async throws -> StrategyItem? {
        guard let id = call.uuid("item") else { return nil }
        return try await database.strategyItem(id: id, of: call.parameter("id"))
    }

    /// Throws `.notFound` when there is no strategy as in the path.
    private func checkStrategy(_ call: Call) async throws {
        guard try await database.strategy(id: call.parameter("id")) != nil else {
            throw APIError.notFound("strategy")
        }
    }
}
