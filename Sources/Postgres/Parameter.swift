package import Foundation

/// A value as PostgreSQL reads it, in text format; nil is null.
package typealias Parameter = String?

/// What can be a value of a statement.
package protocol ParameterConvertible {
    /// The value in PostgreSQL's text format, nil for null.
    var parameter: Parameter { get }
}

extension String: ParameterConvertible {
    package var parameter: Parameter { self }
}

extension Int: ParameterConvertible {
    package var parameter: Parameter { String(self) }
}

extension Bool: ParameterConvertible {
    package var parameter: Parameter { self ? "true" : "false" }
}

extension Decimal: ParameterConvertible {
    package var parameter: Parameter { description }
}

extension UUID: ParameterConvertible {
    package var parameter: Parameter { uuidString.lowercased() }
}

extension Optional: ParameterConvertible where Wrapped: ParameterConvertible {
    package var parameter: Parameter { self?.parameter }
}

/// An array literal, `{"a","b",NULL}`.
extension Array: ParameterConvertible where Element: ParameterConvertible {
    package var parameter: Parameter {
        let elements = map { element in element.parameter.map(quotedElement) ?? "NULL" }
        return "{\(elements.joined(separator: ","))}"
    }
}

/// An element of an array literal. By bytes, since a quote and an accent after it are one `Character`.
private func quotedElement(_ text: String) -> String {
    var bytes = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
        bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
}
