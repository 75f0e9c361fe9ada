import CLibPQ

/// What went wrong between us and the database. It is for the log; none of it is ever sent to a client.
package struct PostgresError: Error, CustomStringConvertible {
    /// What a caller can do about it.
    package enum Kind: Sendable, Equatable {
        /// The database cannot be reached, is starting or stopping, or has no room: trying again later may succeed.
        case unavailable
        /// The statement was refused; `sqlState` and `constraint` say why.
        case refused
        /// The answer does not have the columns or values that the code expects.
        case decoding
        /// Migrations and code do not fit together.
        case migration
    }

    /// The SQLSTATE of what the role may not do.
    package static let insufficientPrivilege = "42501"

    package let kind: Kind
    package let message: String
    /// The five characters of PostgreSQL's appendix A.
    package let sqlState: String?
    /// The name of the constraint that the statement would break.
    package let constraint: String?
    /// The statement's text, without its values.
    package let statement: String?

    init(
        _ kind: Kind, _ message: String, sqlState: String? = nil, constraint: String? = nil,
        statement: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.sqlState = sqlState
        self.constraint = constraint
        self.statement = statement
    }

    /// The database cannot be reached.
    package static func unavailable(_ message: String) -> PostgresError {
        PostgresError(.unavailable, message)
    }

    package static func decoding(column: String, _ fault: String) -> PostgresError {
        PostgresError(.decoding, "column \(column) \(fault)")
    }

    /// The error that a failed `PGresult` describes. Its detail is left out, because it quotes the row's values.
    init(result: OpaquePointer, statement: String) {
        func field(_ code: Character) -> String? {
            code.asciiValue.flatMap { PQresultErrorField(result, Int32($0)) }.map { String(cString: $0) }
        }
        let sqlState = field("C")
        let message = field("M") ?? String(cString: PQresultErrorMessage(result)).onOneLine
        self.init(
            sqlState.map(Self.isUnavailable) ?? true ? .unavailable : .refused,
            sqlState.map { Self.withoutValues(message, $0) } ?? message, sqlState: sqlState,
            constraint: field("n"), statement: statement)
    }

    /// The message up to where it quotes a value, which those of class 22, data exceptions, do: `invalid input syntax for
    /// type date: "…"`. Messages of other classes name tables, columns and constraints only.
    static func withoutValues(_ message: String, _ sqlState: String) -> String {
        guard sqlState.hasPrefix("22") else { return message }
        let words = message.prefix { $0 != ":" && $0 != "\"" }
        return words.count == message.count ? message : "\(words.onOneLine) …"
    }

    /// The error of a connection that could not be made. What libpq says of one that it has tried names host, port,
    /// database and user; what it says of a conninfo that it does not understand quotes it, and with it the password.
    static func connecting(_ message: String) -> PostgresError {
        let message = message.onOneLine
        let isOfAttempt =
            message.hasPrefix("connection to server ")
            || (message.hasPrefix("could not translate host name ") && !message.contains("@"))
        return .unavailable(
            isOfAttempt
                ? message
                : "the connection string cannot be used; characters such as @ : / # in a password are written %40 %3A %2F %23"
        )
    }

    /// Connection exceptions, no resources, shutting down or starting, and a hot standby that takes no writes.
    private static func isUnavailable(_ sqlState: String) -> Bool {
        sqlState.hasPrefix("08") || sqlState.hasPrefix("53") || sqlState.hasPrefix("57P")
            || sqlState == readOnly
    }

    private static let readOnly = "25006"

    /// Whether the server takes no writes: a hot standby, or a primary that hands over.
    var isReadOnly: Bool { sqlState == Self.readOnly }

    package var description: String {
        [
            "\(kind)", sqlState, constraint, message,
            statement?.onOneLine,
        ]
        .compactMap(\.self).joined(separator: ": ")
    }
}

extension StringProtocol {
    /// The text with each run of white space as one blank, for a line of the log.
    var onOneLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
