/// Columns of a table and the values they get, for `insert` and `update` alike.
package struct ColumnValues: ExpressibleByDictionaryLiteral, Sendable {
    private let names: [SQL]
    private let parameters: [SQL]

    package init(dictionaryLiteral columns: (StaticString, any ParameterConvertible)...) {
        names = columns.map { SQL(stringLiteral: $0.0) }
        parameters = columns.map { SQL(parameter: $0.1.parameter) }
    }

    /// `kind, area`
    package var columns: SQL { .joined(names, by: ", ") }

    /// `$1, $2`
    package var values: SQL { .joined(parameters, by: ", ") }

    /// `kind = $1, area = $2`
    package var assignments: SQL {
        .joined(zip(names, parameters).map { "\($0) = \($1)" }, by: ", ")
    }
}
