import DigidelAPI

/// What is taken as JSON keeps to the grammar (RFC 8259) and is not nested too deep; written and read again, it is the
/// same.
func checkJSON(_ input: [UInt8]) {
    guard let value = try? JSONValue(parsing: input) else { return }
    precondition(JSONGrammar.matches(input), "what is no JSON is taken")
    precondition(depth(of: value) <= JSONValue.depthLimit, "a value is nested too deep")
    let text = write(value)
    precondition(JSONGrammar.matches(text), "what is written is no JSON")
    guard let copy = try? JSONValue(parsing: text) else { preconditionFailure("what was read is refused") }
    precondition(copy == value, "a value changes")
    precondition(write(copy) == text, "a value is written differently")
}

private func write(_ value: JSONValue) -> [UInt8] {
    var writer = JSONWriter()
    writer.value(value)
    return writer.bytes
}

/// How many arrays and objects the innermost one is in, with itself.
private func depth(of value: JSONValue) -> Int {
    switch value {
    case .array(let values): 1 + (values.map(depth).max() ?? 0)
    case .object(let members): 1 + (members.values.map(depth).max() ?? 0)
    default: 0
    }
}
