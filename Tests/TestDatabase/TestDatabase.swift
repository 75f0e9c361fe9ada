package import EventLoop
import Foundation
package import Postgres
import Synchronization

/// A database of its own for one test, made from a template that is prepared once.
package struct TestDatabase: Sendable {
    /// As the owner.
    package let url: String
    /// As the service.
    package let serviceURL: String

    /// All tests begin at once, so that connecting may take a while.
    package var settings: ConnectionSettings { ConnectionSettings(url: url, connectTimeout: .seconds(60)) }
    /// The same as the service.
    package var serviceSettings: ConnectionSettings {
        ConnectionSettings(url: serviceURL, connectTimeout: .seconds(60))
    }

    /// An empty database, or a copy of `template`.
    package static func make(template: String = "template0") async throws -> TestDatabase {
        let name = "t\(UUID().uuidString.lowercased().replacing("-", with: ""))"
        try await administer { (connection) async throws(PostgresError) in
            try await connection.script(
                "create database \(name) template \(template) encoding 'UTF8' strategy file_copy")
        }
        return TestDatabase(
            url: TestCluster.shared.url(database: name),
            serviceURL: TestCluster.shared.serviceURL(database: name))
    }

    /// Makes the database `name`, filled by `prepare`, for use as a template.
    package static func makeTemplate(
        _ name: String, _ prepare: (Connection) async throws(PostgresError) -> Void
    ) async throws {
        try await administer { (connection) async throws(PostgresError) in
            try await connection.script("create database \(name) template template0 encoding 'UTF8'")
        }
        let connection = try await Connection.connect(
            ConnectionSettings(url: TestCluster.shared.url(database: name), connectTimeout: .seconds(60)),
            on: lane)
        try await prepare(connection)
        await connection.close()
    }

    /// The lane that tests may share when they have no reason for their own.
    package static let lane: Lane = {
        do { return try Lane(number: 100) } catch { fatalError("no lane: \(error)") }
    }()

    private static func administer(
        _ work: (Connection) async throws(PostgresError) -> Void
    ) async throws {
        await turns.take()
        defer { turns.giveBack() }
        let connection = try await Connection.connect(
            ConnectionSettings(url: TestCluster.shared.url, connectTimeout: .seconds(60)), on: lane)
        try await work(connection)
        await connection.close()
    }

    private static let turns = Turns(2)
}

/// Lets so many through at once, first come, first served. Tests all begin at the same time: without it they would
/// wait for their databases together, and then use them together, with more connections than there may be.
private final class Turns: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ count: Int) {
        state = Mutex(State(free: count))
    }

    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
