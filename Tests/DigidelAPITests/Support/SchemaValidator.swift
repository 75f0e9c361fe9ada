@testable import DigidelAPI

/// One place in a value that does not fit its schema.
struct SchemaFault: Equatable, CustomStringConvertible, Sendable {
    /// JSON Pointer to the place; the name of the field when it is one of a response.
    let pointer: String
    let reason: String

    var description: String { "\(pointer.isEmpty ? "/" : pointer): \(reason)" }
}

/// Compares values with the part of JSON Schema 2020-12 that openapi.yaml uses. A keyword that it does not
/// know is an error, so that nothing goes unchecked.
struct SchemaValidator {
    /// Where references lead.
    let document: OpenAPIDocument

    /// All faults of the value; throws when the schema itself cannot be judged.
    func faults(in value: Node, against schema: Node) throws -> [SchemaFault] {
        try faults(in: value, against: schema, at: "")
    }

    /// The faults of the value at a place.
    private func faults(in value: Node, against schema: Node, at pointer: String) throws -> [SchemaFault] {
        if schema == .boolean(true) { return [] }
        if schema == .boolean(false) { return [SchemaFault(pointer: pointer, reason: "is not allowed")] }
        guard let keywords = schema.object else { throw ContractError("\(schema) is no schema") }
        return try keywords.entries.flatMap { name, rule in
            guard let keyword = SchemaKeyword(name) else { throw ContractError("unknown keyword \(name)") }
            return switch keyword {
            case .annotation: [SchemaFault]()
            case .assertion(let assertion):
                try assertion.complaint(value, rule).map { [SchemaFault(pointer: pointer, reason: $0)] } ?? []
            case .applicator(let applicator):
                try apply(applicator, rule, of: schema, to: value, at: pointer)
            }
        }
    }

    /// Faults that the schemas inside a keyword find.
    private func apply(
        _ applicator: SchemaApplicator, _ rule: Node, of schema: Node, to value: Node, at pointer: String
    ) throws -> [SchemaFault] {
        switch applicator {
        case .reference:
            try faults(in: value, against: document.target(of: rule.string ?? ""), at: pointer)
        case .properties:
            try (rule.object?.entries ?? []).flatMap { name, inner in
                try value[name].map { try faults(in: $0, against: inner, at: pointer / name) } ?? []
            }
        case .additionalProperties:
            try additional(value, schema).flatMap { name, member in
                rule == .boolean(false)
                    ? [SchemaFault(pointer: pointer / name, reason: "is not in the schema")]
                    : try faults(in: member, against: rule, at: pointer / name)
            }
        case .propertyNames:
            try (value.object?.names ?? []).flatMap { name in
                try faults(in: .string(name), against: rule, at: pointer / name)
            }
        case .items:
            try (value.list ?? []).enumerated().flatMap { index, element in
                try faults(in: element, against: rule, at: pointer / String(index))
            }
        case .allOf: try alternatives(rule, value, pointer).flatMap(\.self)
        case .anyOf: try choice(rule, value, pointer) { $0 >= 1 }
        case .oneOf: try choice(rule, value, pointer) { $0 == 1 }
        }
    }

    /// Members that `properties` beside the keyword does not name.
    private func additional(_ value: Node, _ schema: Node) -> [(name: String, value: Node)] {
        (value.object?.entries ?? []).filter { schema["properties"]?[$0.name] == nil }
    }

    /// The faults that each alternative finds.
    private func alternatives(_ rule: Node, _ value: Node, _ pointer: String) throws -> [[SchemaFault]] {
        try (rule.list ?? []).map { try faults(in: value, against: $0, at: pointer) }
    }

    /// A fault, with those of the nearest alternative, when the number of alternatives that fit is not
    /// accepted.
    private func choice(
        _ rule: Node, _ value: Node, _ pointer: String, isAccepted: (Int) -> Bool
    ) throws -> [SchemaFault] {
        let found = try alternatives(rule, value, pointer)
        let count = found.count(where: \.isEmpty)
        if isAccepted(count) { return [] }
        let fault = SchemaFault(pointer: pointer, reason: "fits \(count) of \(found.count) alternatives")
        return [fault] + (count == 0 ? found.min { $0.count < $1.count } ?? [] : [])
    }
}

extension SchemaValidator {
    /// Throws when a schema, or one inside it, has a keyword that is not known or that is misused; what
    /// references lead to is not entered.
    static func check(_ schema: Node) throws {
        guard let keywords = schema.object else {
            guard schema.boolean != nil else { throw ContractError("\(schema) is no schema") }
            return
        }
        for (name, rule) in keywords.entries {
            guard let keyword = SchemaKeyword(name) else { throw ContractError("unknown keyword \(name)") }
            switch keyword {
            case .annotation, .applicator(.reference): break
            case .assertion(let assertion): _ = try assertion.complaint(.null, rule)
            case .applicator(.properties):
                guard let properties = rule.object else { throw ContractError("properties is no object") }
                for property in properties.entries { try check(property.value) }
            case .applicator(.allOf), .applicator(.anyOf), .applicator(.oneOf):
                guard let alternatives = rule.list else { throw ContractError("\(name) is no list") }
                for alternative in alternatives { try check(alternative) }
            case .applicator: try check(rule)
            }
        }
    }
}

extension String {
    /// A JSON Pointer one step further (RFC 6901).
    fileprivate static func / (pointer: String, step: String) -> String {
        pointer + "/" + step.replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
