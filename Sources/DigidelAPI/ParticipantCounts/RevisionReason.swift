import Postgres

/// Why a count is revised (domain.md, section 3).
enum RevisionReason: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
    case typo, lateData, doubleCount, scope, definition, withdrawal, other
}
