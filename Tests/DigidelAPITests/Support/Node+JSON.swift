import Foundation

@testable import DigidelAPI

extension Node: Decodable {
    /// A value from JSON.
    init(json: Data) throws {
        self = try JSONDecoder().decode(Node.self, from: json)
    }

    /// A value from any decoder that tells what it holds.
    init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Name.self) {
            var members = Members()
            for name in container.allKeys {
                members[name.stringValue] = try container.decode(Node.self, forKey: name)
            }
            self = .object(members)
        } else if var container = try? decoder.unkeyedContainer() {
            var elements: [Node] = []
            while !container.isAtEnd { elements.append(try container.decode(Node.self)) }
            self = .list(elements)
        } else {
            self = try Node(scalar: decoder.singleValueContainer())
        }
    }

    /// A value that holds no others.
    private init(scalar: any SingleValueDecodingContainer) throws {
        if scalar.decodeNil() {
            self = .null
        } else if let truth = try? scalar.decode(Bool.self) {
            self = .boolean(truth)
        } else if let number = try? scalar.decode(Int.self) {
            self = .integer(number)
        } else if let number = try? scalar.decode(Double.self) {
            self = .number(number)
        } else {
            self = .string(try scalar.decode(String.self))
        }
    }

    /// Any member name.
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
