import Postgres

extension App {
    /// Sees to it that what is answered as of the instant stays true. Throws `.malformed` when it is in the future.
    func settle(_ asOf: Instant) async throws {
        guard try await database.settle(asOf) else {
            throw APIError.malformed([Fault("asOf", "malformed", "Must not be in the future.")])
        }
    }
}

extension Queryable {
    /// Whether the instant has come, by the clock that counts are recorded by. If so, nothing will be recorded at or
    /// before it any more (decisions.md, 17).
    fileprivate func settle(_ instant: Instant) async throws(PostgresError) -> Bool {
        try await query(
            "select ledger_settle(\(instant)) where \(instant)::timestamptz <= clock_timestamp()"
        ).count > 0
    }
}
