/// What runs statements: a pool (each on any connection) or one connection (inside a transaction). Queries of the
/// product are extensions of this protocol, so that one text serves both.
package protocol Queryable: Sendable {
    /// Runs one statement. Throws `.unavailable` when the database cannot be reached, `.refused` when it refuses.
    func query(_ sql: SQL) async throws(PostgresError) -> Rows
}

extension Queryable {
    /// All rows.
    package func all<Value: RowDecodable>(_ sql: SQL) async throws(PostgresError) -> [Value] {
        var values: [Value] = []
        for row in try await query(sql) { values.append(try Value(row: row)) }
        return values
    }

    /// The first row, nil when there is none.
    package func first<Value: RowDecodable>(_ sql: SQL) async throws(PostgresError) -> Value? {
        guard let row = try await query(sql).first else { return nil }
        return try Value(row: row)
    }

    /// Runs a statement for its effect; tells how many rows it touched.
    @discardableResult
    package func execute(_ sql: SQL) async throws(PostgresError) -> Int {
        try await query(sql).affected
    }
}
