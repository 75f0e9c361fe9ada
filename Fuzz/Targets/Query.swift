import HTTP

/// A query's parameters, encoded and decoded, are the same; so is any text (RFC 3986, 2.1).
func checkQuery(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    for encoded in [PercentEncoding.encode(pathSegment: text), PercentEncoding.encode(queryValue: text)] {
        precondition(isSame(try? PercentEncoding.decode(encoded), text), "a text changes on its way")
    }
    if let decoded = try? PercentEncoding.decode(text) {
        precondition(decoded.utf8.count <= text.utf8.count, "decoding makes a text longer")
    }
    guard let query = try? QueryString(text) else { return }
    let written = query.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
    guard let copy = try? QueryString(written) else { preconditionFailure("what was read is refused") }
    precondition(query.parameters.count == copy.parameters.count, "parameters are lost")
    for (one, other) in zip(query, copy) {
        precondition(isSame(one.name, other.name) && isSame(one.value, other.value), "a parameter changes")
        precondition(!one.name.utf8.contains(0) && !one.value.utf8.contains(0), "a parameter holds U+0000")
    }
    // Looking up all of them would take a time that is quadratic.
    for one in query.prefix(8) {
        precondition(query[one.name] != nil && query.values(of: one.name).contains(one.value))
    }
}

private func encode(_ text: String) -> String { PercentEncoding.encode(queryValue: text) }

/// The same bytes; `==` would take é for e and an accent.
private func isSame(_ one: String?, _ other: String) -> Bool {
    one.map { $0.utf8.elementsEqual(other.utf8) } == true
}
