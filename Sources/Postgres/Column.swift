package import Foundation

/// What a column can become, from PostgreSQL's text format.
package protocol ColumnDecodable {
    /// Nil when the text is no such value.
    init?(column text: String)
}

extension String: ColumnDecodable {
    package init?(column text: String) { self = text }
}

extension Int: ColumnDecodable {
    package init?(column text: String) { self.init(text) }
}

extension Bool: ColumnDecodable {
    package init?(column text: String) {
        guard text == "t" || text == "f" else { return nil }
        self = text == "t"
    }
}

extension Decimal: ColumnDecodable {
    package init?(column text: String) {
        // The initialiser reads as far as it understands, and takes the rest for nothing.
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2d || $0 == 0x2e }) else {
            return nil
        }
        self.init(string: text, locale: Locale(identifier: "en_US_POSIX"))
    }
}

extension UUID: ColumnDecodable {
    package init?(column text: String) { self.init(uuidString: text) }
}

/// A one-dimensional array such as `{se,"a b"}`; an element that is null makes it no such value.
extension Array: ColumnDecodable where Element: ColumnDecodable {
    package init?(column text: String) {
        guard let texts = arrayElements(of: text) else { return nil }
        var elements: [Element] = []
        for text in texts {
            guard let element = Element(column: text) else { return nil }
            elements.append(element)
        }
        self = elements
    }
}

/// The elements of a one-dimensional array literal (PostgreSQL manual, 8.15.6); nil when it is none, or an element is
/// null. By bytes, since a delimiter and an accent after it are one `Character`.
private func arrayElements(of text: String) -> [String]? {
    guard text.utf8.first == UInt8(ascii: "{"), text.utf8.last == UInt8(ascii: "}") else { return nil }
    var elements: [String] = []
    var rest = text.utf8.dropFirst().dropLast()
    while !rest.isEmpty {
        let isQuoted = rest.first == UInt8(ascii: "\"")
        guard let element = isQuoted ? takeQuoted(from: &rest) : takePlain(from: &rest) else { return nil }
        elements.append(element)
        if rest.isEmpty { return elements }
        guard rest.popFirst() == UInt8(ascii: ","), !rest.isEmpty else { return nil }
    }
    return elements
}

/// Takes an element in quotes, in which a backslash escapes the next byte.
private func takeQuoted(from rest: inout Substring.UTF8View) -> String? {
    rest.removeFirst()
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "\"") { return String(decoding: bytes, as: UTF8.self) }
        guard byte == UInt8(ascii: "\\") else {
            bytes.append(byte)
            continue
        }
        guard let escaped = rest.popFirst() else { return nil }
        bytes.append(escaped)
    }
    return nil
}

/// Takes an element without quotes; nil when it is null or itself an array.
private func takePlain(from rest: inout Substring.UTF8View) -> String? {
    let bytes = rest.prefix { $0 != UInt8(ascii: ",") }
    rest = rest[bytes.endIndex...]
    let element = String(decoding: bytes, as: UTF8.self)
    return element == "NULL" || element.utf8.first == UInt8(ascii: "{") ? nil : element
}
