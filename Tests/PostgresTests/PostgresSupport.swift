import EventLoop
import Foundation
import Postgres
import TestDatabase
import Testing

extension Connection {
    /// A connection to an empty database of its own.
    static func toNewDatabase(queryTimeout: Duration = .seconds(30)) async throws -> Connection {
        var settings = try await TestDatabase.make().settings
        settings.queryTimeout = queryTimeout
        return try await connect(settings, on: TestDatabase.lane)
    }
}

extension Queryable {
    /// The number of the server's process for this connection.
    func backend() async throws -> Int32 {
        Int32(try await value("select pg_backend_pid() as value") as Int)
    }

    /// The column `value` of the only row.
    func value<Value: ColumnDecodable>(_ sql: SQL) async throws -> Value {
        try #require(try await query(sql).first).get("value")
    }
}

extension Pool {
    /// Lends a connection for the length of `body`.
    func withConnection<Value: Sendable>(_ body: (Connection) async throws -> Value) async throws -> Value {
        let loan = try await lend()
        defer { takeBack(loan) }
        return try await body(loan.connection)
    }
}

/// Ends another connection's server process.
func terminate(_ backend: Int32) async throws {
    let connection = try await Connection.connect(
        ConnectionSettings(url: TestCluster.shared.url, connectTimeout: .seconds(60)), on: TestDatabase.lane)
    _ = try await connection.query("select pg_terminate_backend(\(Int(backend))) as ended")
    await connection.close()
}

/// The error that `work` throws, which the test needs.
func failure(of work: () async throws -> Void) async throws -> PostgresError {
    try #require(await #expect(throws: PostgresError.self) { try await work() })
}
