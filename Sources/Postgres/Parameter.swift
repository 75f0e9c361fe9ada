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
    package var parameter: Parameter { text }

    /// Its 36 characters, the letters small (RFC 9562, 4). `uuidString` costs ten times as much.
    package var text: String {
        withUnsafeBytes(of: uuid) { bytes in
            String(unsafeUninitializedCapacity: 36) { text in
                var end = 0
                for (index, byte) in bytes.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        text[end] = UInt8(ascii: "-")
                        end += 1
                    }
                    for digit in [byte >> 4, byte & 15] {
                        text[end] = digit + (digit < 10 ? 48 : 87)
                        end += 1
                    }
                }
                return end
            }
        }
    }
}

extension Optional: ParameterConvertible where Wrapped: ParameterConvertible {
    package var parameter: Parameter { self?.parameter }
}

/// An array literal, `{"a","b",NULL}`.
extension Array: ParameterConvertible where Element: ParameterConvertible {
    package var parameter: Parameter {
        var literal: [UInt8] = []
        literal.reserveCapacity(16 * count + 32)
        literal.append(UInt8(ascii: "{"))
        for element in self {
            if literal.count > 1 { literal.append(UInt8(ascii: ",")) }
            appendElement(element.parameter, to: &literal)
        }
        literal.append(UInt8(ascii: "}"))
        return String(decoding: literal, as: UTF8.self)
    }
}

/// Appends an element of an array literal. By bytes, since a quote and an accent after it are one `Character`.
private func appendElement(_ element: Parameter, to literal: inout [UInt8]) {
    guard var element else { return literal.append(contentsOf: "NULL".utf8) }
    literal.append(UInt8(ascii: "\""))
    element.withUTF8 { element in
        var start = 0
        for index in element.indices
        where element[index] == UInt8(ascii: "\"") || element[index] == UInt8(ascii: "\\") {
            literal.append(contentsOf: element.extracting(start..<index))
            literal.append(UInt8(ascii: "\\"))
            start = index
        }
        literal.append(contentsOf: element.extracting(start...))
    }
    literal.append(UInt8(ascii: "\""))
}
