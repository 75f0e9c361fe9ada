/// A statement: its text with `$1`, `$2` … where values go, and the values.
///
/// Values enter only by interpolation, so a `String` is never a statement and a value never becomes text of one:
/// `"select name from areas where id = \(id)"`. Another `SQL` may be interpolated too and becomes part of the text.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
    /// The text around the parameters: one part more than there are of those.
    private var parts: [String]
    package private(set) var parameters: [Parameter] = []

    /// The text for PostgreSQL.
    package var text: String {
        var text = parts[0]
        for number in parts.indices.dropFirst() {
            text += "$\(number)"
            text += parts[number]
        }
        return text
    }

    package init(stringLiteral text: StaticString) {
        parts = [text.description]
    }

    /// A number as part of the text: plans are made for it.
    package init(number: Int) {
        parts = [String(number)]
    }

    package init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.sql
    }

    /// A value alone, `$1`.
    init(parameter: Parameter) {
        self.init()
        append(parameter: parameter)
    }

    fileprivate init() {
        parts = [""]
    }

    /// Appends a fragment; its parameters are numbered after those already here.
    package static func += (sql: inout SQL, fragment: SQL) {
        sql.append(text: fragment.parts[0])
        sql.parts += fragment.parts.dropFirst()
        sql.parameters += fragment.parameters
    }

    fileprivate mutating func append(text: String) {
        parts[parts.count - 1] += text
    }

    fileprivate mutating func append(parameter: Parameter) {
        parameters.append(parameter)
        parts.append("")
    }

    /// The fragments joined by `separator`, such as `" and "`.
    package static func joined(_ fragments: [SQL], by separator: SQL) -> SQL {
        var sql = SQL()
        for (position, fragment) in fragments.enumerated() {
            if position > 0 { sql += separator }
            sql += fragment
        }
        return sql
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        var sql = SQL()

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.parts.reserveCapacity(interpolationCount + 1)
            sql.parameters.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            sql.append(text: literal.description)
        }

        package mutating func appendInterpolation(_ value: some ParameterConvertible) {
            sql.append(parameter: value.parameter)
        }

        package mutating func appendInterpolation<Value: ParameterConvertible>(_ value: Value?) {
            sql.append(parameter: value?.parameter)
        }

        package mutating func appendInterpolation(_ fragment: SQL) {
            sql += fragment
        }
    }
}
