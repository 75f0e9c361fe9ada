import CLibPQ

/// The answer to a statement: its rows, or how many rows it changed.
package final class Rows: Sendable, RandomAccessCollection {
    // A PGresult is never changed after it has been received, so it may be read from anywhere.
    private nonisolated(unsafe) let result: OpaquePointer
    private let columns: [String: Int32]
    package let count: Int

    /// Takes over a `PGresult`, which is cleared with this object.
    init(_ result: OpaquePointer) {
        self.result = result
        count = Int(PQntuples(result))
        var columns: [String: Int32] = [:]
        for column in 0..<PQnfields(result) {
            columns[String(cString: PQfname(result, column))] = column
        }
        self.columns = columns
    }

    deinit { PQclear(result) }

    package var startIndex: Int { 0 }
    package var endIndex: Int { count }
    package subscript(position: Int) -> Row { Row(rows: self, number: Int32(position)) }

    /// How many rows an insert, update or delete touched.
    package var affected: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    private func index(of column: String) throws(PostgresError) -> Int32 {
        guard let index = columns[column] else { throw .decoding(column: column, "is not in the answer") }
        return index
    }

    fileprivate func isNull(_ column: String, row: Int32) throws(PostgresError) -> Bool {
        PQgetisnull(result, row, try index(of: column)) == 1
    }

    /// The text of a column, nil for null; throws `.decoding` when there is no such column.
    fileprivate func text(_ column: String, row: Int32) throws(PostgresError) -> String? {
        let index = try index(of: column)
        if PQgetisnull(result, row, index) == 1 { return nil }
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, index), count: Int(PQgetlength(result, row, index)))
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// One row of an answer.
package struct Row: Sendable {
    fileprivate let rows: Rows
    fileprivate let number: Int32

    /// Whether a column is null; throws `.decoding` when there is no such column.
    package func isNull(_ column: String) throws(PostgresError) -> Bool {
        try rows.isNull(column, row: number)
    }

    /// The value of a column that is never null; throws `.decoding` when it is, or is no such value.
    package func get<Value: ColumnDecodable>(_ column: String) throws(PostgresError) -> Value {
        guard let text = try rows.text(column, row: number) else {
            throw .decoding(column: column, "is null")
        }
        return try value(of: text, column)
    }

    /// The value of a column, nil for null; throws `.decoding` when it is no such value.
    package func get<Value: ColumnDecodable>(_ column: String) throws(PostgresError) -> Value? {
        guard let text = try rows.text(column, row: number) else { return nil }
        return try value(of: text, column)
    }

    private func value<Value: ColumnDecodable>(
        of text: String, _ column: String
    ) throws(PostgresError) -> Value {
        guard let value = Value(column: text) else {
            throw .decoding(column: column, "is not a \(Value.self)")
        }
        return value
    }
}

/// What a row can become.
package protocol RowDecodable {
    /// Reads the columns that the type's own queries select; throws `.decoding` when one is missing.
    init(row: Row) throws(PostgresError)
}
