package import Foundation

/// What a client sent, as JSON has it. Parsed by Foundation; what it lets pass and we do not (RFC 8259, RFC 7493)
/// is checked here.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Decimal)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Why a text is no JSON of ours, for the person who sent it.
    package struct Fault: Error, Equatable {
        package let detail: String
    }

    /// The deepest nesting that is read (http.md).
    package static let depthLimit = 128

    /// Throws `Fault` for anything but UTF-8 JSON nested at most `depthLimit` deep. Of members with the same name
    /// (RFC 7493, 2.3 forbids them) the first counts: Foundation does not show the others.
    package init(parsing bytes: [UInt8]) throws(Fault) {
        // No JSON has a zero byte; UTF-16, which Foundation would read, does.
        guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else {
            throw Fault(detail: "The text is not UTF-8.")
        }
        try Self.checkStructure(of: bytes)
        do {
            self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        } catch {
            throw Fault(detail: "The text is not JSON.")
        }
    }

    /// What Foundation does not refuse: nesting that is too deep, and a comma before a closing bracket.
    private static func checkStructure(of bytes: [UInt8]) throws(Fault) {
        var depth = 0
        var isAfterComma = false
        var inString = false
        var escaped = false
        for byte in bytes {
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): continue
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                if depth > depthLimit {
                    throw Fault(detail: "The text is nested deeper than \(depthLimit) levels.")
                }
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                if isAfterComma {
                    throw Fault(detail: "The text is not JSON. A comma stands before a closing bracket.")
                }
            default: break
            }
            isAfterComma = byte == UInt8(ascii: ",")
        }
    }
}

extension JSONValue: Decodable {
    package init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: Name.self) {
            var members: [String: JSONValue] = [:]
            for name in object.allKeys {
                members[name.stringValue] = try object.decode(JSONValue.self, forKey: name)
            }
            self = .object(members)
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let string = try? container.decode(String.self) {
            self = .string(string)
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? container.decode(Decimal.self) {
            self = .number(number)
        } else {
            self = .array(try container.decode([JSONValue].self))
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }
}

extension JSONValue {
    /// This value changed by a patch (RFC 7396).
    package func merged(with patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members: [String: JSONValue] = [:]
        if case .object(let own) = self { members = own }
        for (name, change) in changes {
            members[name] = change == .null ? nil : (members[name] ?? .null).merged(with: change)
        }
        return .object(members)
    }
}
