import Foundation

@testable import DigidelAPI

extension Node {
    /// The truth value, when this is one.
    var boolean: Bool? { if case .boolean(let truth) = self { truth } else { nil } }
}

/// A keyword of JSON Schema, by what it does.
enum SchemaKeyword: Equatable {
    /// Says something to people only.
    case annotation
    /// Judges the value itself.
    case assertion(SchemaAssertion)
    /// Holds schemas for the value or its parts.
    case applicator(SchemaApplicator)

    /// The keyword of a name; nil when it is not known.
    init?(_ name: String) {
        let annotations: Set = [
            "title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly",
        ]
        if let assertion = SchemaAssertion(rawValue: name) {
            self = .assertion(assertion)
        } else if let applicator = SchemaApplicator(rawValue: name) {
            self = .applicator(applicator)
        } else if annotations.contains(name) || name.hasPrefix("x-") {
            self = .annotation
        } else {
            return nil
        }
    }
}

/// The keywords that hold schemas.
enum SchemaApplicator: String {
    case reference = "$ref"
    case properties, additionalProperties, propertyNames, items, allOf, anyOf, oneOf
}

/// The keywords that judge a value by themselves.
enum SchemaAssertion: String {
    case type, `enum`, const, pattern, format, required
    case minLength, maxLength, minItems, maxItems, uniqueItems, minProperties, maxProperties
    case minimum, maximum, exclusiveMinimum, exclusiveMaximum

    /// What is wrong with the value; nil when the rule is kept or is not about values of its type. Throws
    /// when the rule itself makes no sense, whatever the value.
    func complaint(_ value: Node, _ rule: Node) throws -> String? {
        switch self {
        case .type: return try typeComplaint(value, rule)
        case .enum:
            let isListed = try list(rule).contains { $0.isSame(as: value) }
            return isListed ? nil : "is none of the values allowed"
        case .const: return value.isSame(as: rule) ? nil : "is not the value required"
        case .pattern: return try patternComplaint(value, rule)
        case .format: return try formatComplaint(value, rule)
        case .required: return try requiredComplaint(value, rule)
        case .minLength: return try low(value.string?.unicodeScalars.count, rule, "characters")
        case .maxLength: return try high(value.string?.unicodeScalars.count, rule, "characters")
        case .minItems: return try low(value.list?.count, rule, "elements")
        case .maxItems: return try high(value.list?.count, rule, "elements")
        case .uniqueItems: return try repetitionComplaint(value, rule)
        case .minProperties: return try low(value.object?.names.count, rule, "members")
        case .maxProperties: return try high(value.object?.names.count, rule, "members")
        case .minimum: return try bound(value, rule) { $0 >= $1 }
        case .maximum: return try bound(value, rule) { $0 <= $1 }
        case .exclusiveMinimum: return try bound(value, rule) { $0 > $1 }
        case .exclusiveMaximum: return try bound(value, rule) { $0 < $1 }
        }
    }

    /// A value of none of the types named.
    private func typeComplaint(_ value: Node, _ rule: Node) throws -> String? {
        let names = rule.list ?? [rule]
        let fits = try names.map { name in
            switch name.string {
            case "null": value == .null
            case "boolean": value.boolean != nil
            case "integer": value.integer != nil
            case "number": value.number != nil
            case "string": value.string != nil
            case "array": value.list != nil
            case "object": value.object != nil
            default: throw misuse(rule)
            }
        }
        return fits.contains(true) ? nil : "is not \(names.compactMap(\.string).joined(separator: " or "))"
    }

    /// A text in which the pattern is nowhere found.
    private func patternComplaint(_ value: Node, _ rule: Node) throws -> String? {
        guard let pattern = rule.string else { throw misuse(rule) }
        let expression = try NSRegularExpression(pattern: pattern)
        guard let text = value.string else { return nil }
        let range = NSRange(text.startIndex..., in: text)
        return expression.firstMatch(in: text, range: range) == nil ? "does not match \(pattern)" : nil
    }

    /// A text without the format.
    private func formatComplaint(_ value: Node, _ rule: Node) throws -> String? {
        guard let format = rule.string.flatMap(SchemaFormat.init) else { throw misuse(rule) }
        guard let text = value.string else { return nil }
        return format.accepts(text) ? nil : "is not a \(format.rawValue)"
    }

    /// An object without all the members.
    private func requiredComplaint(_ value: Node, _ rule: Node) throws -> String? {
        let names = try list(rule).map { name in
            guard let name = name.string else { throw misuse(rule) }
            return name
        }
        guard let members = value.object else { return nil }
        let missing = names.filter { members[$0] == nil }
        return missing.isEmpty ? nil : "lacks \(missing.joined(separator: ", "))"
    }

    /// A list that has an element twice.
    private func repetitionComplaint(_ value: Node, _ rule: Node) throws -> String? {
        guard let isUnique = rule.boolean else { throw misuse(rule) }
        guard isUnique, let list = value.list else { return nil }
        let isRepeated = list.indices.contains { index in
            list[..<index].contains { $0.isSame(as: list[index]) }
        }
        return isRepeated ? "has an element twice" : nil
    }

    /// A size below the limit; nil when the value has no such size.
    private func low(_ count: Int?, _ rule: Node, _ unit: String) throws -> String? {
        guard let limit = rule.integer else { throw misuse(rule) }
        return count.map { $0 < limit } == true ? "has less than \(limit) \(unit)" : nil
    }

    /// A size above the limit; nil when the value has no such size.
    private func high(_ count: Int?, _ rule: Node, _ unit: String) throws -> String? {
        guard let limit = rule.integer else { throw misuse(rule) }
        return count.map { $0 > limit } == true ? "has more than \(limit) \(unit)" : nil
    }

    /// A number for which a comparison with the limit does not hold.
    private func bound(_ value: Node, _ rule: Node, _ holds: (Double, Double) -> Bool) throws -> String? {
        guard let limit = rule.number else { throw misuse(rule) }
        return value.number.map { holds($0, limit) } == false ? "breaks \(rawValue) \(limit)" : nil
    }

    /// The elements of a rule that is a list.
    private func list(_ rule: Node) throws -> [Node] {
        guard let list = rule.list else { throw misuse(rule) }
        return list
    }

    /// An error for a rule that makes no sense.
    private func misuse(_ rule: Node) -> ContractError { ContractError("\(rawValue) cannot be \(rule)") }
}

/// The formats that are judged.
enum SchemaFormat: String {
    case date
    case dateTime = "date-time"
    case uuid, uri

    /// Whether the text has the format.
    func accepts(_ text: String) -> Bool {
        switch self {
        case .date: Self.isDate(text)
        case .dateTime: Self.isInstant(text)
        case .uuid: UUID(uuidString: text) != nil
        case .uri: URLComponents(string: text, encodingInvalidCharacters: false)?.scheme != nil
        }
    }

    /// A date that exists (RFC 3339, full-date).
    private static func isDate(_ text: String) -> Bool {
        guard let match = text.wholeMatch(of: /([0-9]{4})-([0-9]{2})-([0-9]{2})/),
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...12).contains(month) && (1...days[month - 1]).contains(day)
    }

    /// An instant with its offset (RFC 3339, date-time).
    private static func isInstant(_ text: String) -> Bool {
        let hours = /[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?/
        let offset = /[Zz]|[-+](?:[01][0-9]|2[0-3]):[0-5][0-9]/
        guard isDate(String(text.prefix(10))), let match = text.dropFirst(10).prefixMatch(of: hours) else {
            return false
        }
        return text[match.range.upperBound...].wholeMatch(of: offset) != nil
    }
}

extension Node {
    /// Equality as JSON Schema has it: 1 and 1.0 are the same.
    fileprivate func isSame(as other: Node) -> Bool {
        self == other || (number != nil && number == other.number)
    }
}
