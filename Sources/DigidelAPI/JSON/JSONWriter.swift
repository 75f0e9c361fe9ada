package import Foundation
import Postgres

/// Writes JSON straight into an answer's bytes. A generic encoder costs more than the query that it answers; see
/// "Departures" in docs/architecture.md.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init(capacity: Int = 1000) {
        bytes.reserveCapacity(capacity)
    }

    /// What has been written, as text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    // MARK: Structure

    /// `{…}`, with the members that `body` writes.
    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        open("{")
        body(&self)
        close("}")
    }

    /// `[…]`, an element for each value.
    package mutating func array<Values: Sequence>(
        _ values: Values, _ body: (inout JSONWriter, Values.Element) -> Void
    ) {
        open("[")
        for value in values { body(&self, value) }
        close("]")
    }

    /// The name of the member whose value is written next.
    package mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    package mutating func null() { raw("null") }
    package mutating func value(_ value: String) {
        separate()
        quote(value)
        needsComma = true
    }
    package mutating func value(_ value: Int) { raw(String(value)) }
    package mutating func value(_ value: Bool) { raw(value ? "true" : "false") }
    package mutating func value(_ value: Decimal) { raw(value.description) }

    /// JSON that is already written, such as a column that holds it.
    package mutating func raw(_ json: String) {
        separate()
        bytes.append(contentsOf: json.utf8)
        needsComma = true
    }

    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let bool): self.value(bool)
        case .number(let number): self.value(number)
        case .string(let text): self.value(text)
        case .array(let values): array(values) { json, value in json.value(value) }
        case .object(let members):
            object { json in
                // By bytes: the order of strings that differ in accents alone is not the same each time.
                for (name, value) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                ) {
                    json.name(name)
                    json.value(value)
                }
            }
        }
    }

    /// A text in one language, or all its texts as a map when `language` is nil.
    package mutating func write(_ text: LocalisedText, in language: Language?) {
        if let language { return value(text.text(in: language)) }
        object { json in
            for (language, text) in text.ordered { json.member(language.rawValue, text) }
        }
    }

    // MARK: Members; one that is nil is left out

    package mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        self.name(name)
        self.value(value)
    }

    package mutating func member(_ name: String, _ value: Int?) {
        guard let value else { return }
        self.name(name)
        self.value(value)
    }

    package mutating func member(_ name: String, _ value: Bool?) {
        guard let value else { return }
        self.name(name)
        self.value(value)
    }

    package mutating func member(_ name: String, _ value: Decimal?) {
        guard let value else { return }
        self.name(name)
        self.value(value)
    }

    package mutating func member(_ name: String, _ value: CalendarDate?) { member(name, value?.description) }
    package mutating func member(_ name: String, _ value: Instant?) { member(name, value?.description) }
    package mutating func member(_ name: String, _ value: UUID?) {
        member(name, value?.text)
    }

    /// A text in one language, or all its texts when `language` is nil.
    package mutating func member(_ name: String, _ text: LocalisedText?, in language: Language?) {
        guard let text else { return }
        self.name(name)
        write(text, in: language)
    }

    package mutating func member(_ name: String, _ values: [String]) {
        self.name(name)
        array(values) { json, value in json.value(value) }
    }

    package mutating func member(_ name: String, object body: (inout JSONWriter) -> Void) {
        self.name(name)
        object(body)
    }

    // MARK: Members that are always there, null when nil

    package mutating func nullable(_ name: String, _ value: Decimal?) {
        self.name(name)
        if let value { self.value(value) } else { null() }
    }

    package mutating func nullable(_ name: String, _ value: Int?) {
        self.name(name)
        if let value { self.value(value) } else { null() }
    }

    package mutating func nullable(_ name: String, _ value: String?) {
        self.name(name)
        if let value { self.value(value) } else { null() }
    }

    package mutating func nullable(_ name: String, _ text: LocalisedText?, in language: Language?) {
        self.name(name)
        if let text { write(text, in: language) } else { null() }
    }

    // MARK: Bytes

    private mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    /// A string with what must be escaped (RFC 8259, 7).
    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { text in
            // Most texts have nothing to escape and are copied in one piece.
            var start = 0
            for index in text.indices where Self.mustBeEscaped(text[index]) {
                bytes.append(contentsOf: text.extracting(start..<index))
                escape(text[index])
                start = index + 1
            }
            bytes.append(contentsOf: text.extracting(start...))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        guard byte < 0x20 else { return bytes.append(byte) }
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: "u00".utf8)
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
}
