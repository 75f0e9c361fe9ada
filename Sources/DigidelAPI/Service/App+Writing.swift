import HTTP
import Postgres

/// What every writing request has in common, so that no handler has to remember it.
extension App {
    /// Has a request answered in one transaction with its line in the audit trail and, if it has an Idempotency-Key, with
    /// the answer that is given when it comes again.
    func write(_ call: Call, _ route: Route) async throws -> Response {
        let key = call.request.method == .post ? try IdempotencyKey(call) : nil
        let answer = try await transaction { app in
            guard let key else { return try await app.carryOut(call, route) }
            if let answer = try await app.database.answer(for: key) { return answer }
            let answer = try await app.attempt(call, route)
            try await app.database.keep(answer, for: key)
            return answer
        }
        // Counts are no facts that rules ask about.
        if route.effect == .audited { caches.facts.clear() }
        return answer
    }

    /// Runs the handler; writes down what it did.
    private func carryOut(_ call: Call, _ route: Route) async throws -> Response {
        let response = try await route.handler(self)(call)
        if route.effect == .audited { try await database.audit(call, response) }
        return response
    }

    /// The same, but that a refusal too becomes an answer, all that was done before it being undone. Throws what is not
    /// the request's fault: the next attempt may fare better.
    private func attempt(_ call: Call, _ route: Route) async throws -> Response {
        try await database.execute("savepoint attempt")
        do {
            return try await carryOut(call, route)
        } catch {
            let answer = response(to: error, call.trace)
            guard answer.status.rawValue < 500 else { throw error }
            try await database.execute("rollback to savepoint attempt")
            return answer
        }
    }
}
