/// A JSON value, whether it was written as JSON or as YAML, whose members keep their order: what openapi.yaml, its schemas
/// and the bodies compared with them are made of.
enum Node: Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case list([Node])
    case object(Members)

    /// The members of an object, in the order they were written in where the source has one.
    struct Members: Equatable, Sendable {
        /// The names, each once.
        private(set) var names: [String] = []
        private var values: [String: Node] = [:]

        /// The value of a member; a new name goes last.
        subscript(name: String) -> Node? {
            get { values[name] }
            set {
                if values.updateValue(newValue ?? .null, forKey: name) == nil { names.append(name) }
            }
        }

        /// Names and values, in order.
        var entries: [(name: String, value: Node)] {
            names.map { ($0, values[$0] ?? .null) }
        }

        /// Equal when the members are, in any order, as in JSON.
        static func == (left: Members, right: Members) -> Bool { left.values == right.values }
    }
}

extension Node {
    /// A value as JSON.
    func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .boolean(let truth): json.value(truth)
        case .integer(let number): json.value(number)
        case .number(let number): json.raw("\(number)")
        case .string(let text): json.value(text)
        case .list(let elements): json.array(elements) { json, element in element.write(to: &json) }
        case .object(let members):
            json.object { json in
                for (name, value) in members.entries {
                    json.name(name)
                    value.write(to: &json)
                }
            }
        }
    }

    /// A member's value; nil when there is none or this is no object.
    subscript(name: String) -> Node? { object?[name] }

    /// The members, when this is an object.
    var object: Members? { if case .object(let members) = self { members } else { nil } }

    /// The elements, when this is a list.
    var list: [Node]? { if case .list(let elements) = self { elements } else { nil } }

    /// The text, when this is a string.
    var string: String? { if case .string(let text) = self { text } else { nil } }

    /// The whole number, when this is one, written with a fraction of zero or not.
    var integer: Int? {
        switch self {
        case .integer(let number): number
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }

    /// The number, when this is one.
    var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }
}
