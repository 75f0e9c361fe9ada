package import Foundation

/// What a client sent, as JSON has it (RFC 8259).
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
    /// (RFC 7493, 2.3 forbids them) the first counts.
    package init(parsing bytes: [UInt8]) throws(Fault) {
        // No JSON has a zero byte; UTF-16 does.
        guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else {
            throw Fault(detail: "The text is not UTF-8.")
        }
        var parser = JSONParser(bytes)
        self = try parser.document()
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
