import HTTP

/// A query's parameters, encoded and decoded, are the same; so is any text (RFC 3986, 2.1).
func checkQuery(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    precondition(isSame(try? PercentEncoding.decode(encode(text)), text), "a text changes on its way")
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

/// Percent-encodes all bytes but letters, digits and the other `unreserved` characters (RFC 3986, 2.3).
private func encode(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            bytes.append(byte)
        default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// The same bytes; `==` would take é for e and an accent.
private func isSame(_ one: String?, _ other: String) -> Bool {
    one.map { $0.utf8.elementsEqual(other.utf8) } == true
}
