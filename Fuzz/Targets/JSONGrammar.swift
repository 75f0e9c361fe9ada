/// The grammar of RFC 8259, as it stands there: what JSON is, said a second time. UTF-8 is checked elsewhere.
struct JSONGrammar {
    private var rest: ArraySlice<UInt8>

    /// Whether the text is one value, perhaps behind a byte order mark (RFC 8259, 8.1 lets a reader ignore it).
    static func matches(_ text: [UInt8]) -> Bool {
        var grammar = JSONGrammar(rest: text.starts(with: [0xef, 0xbb, 0xbf]) ? text[3...] : text[...])
        return grammar.skipValue() && grammar.rest.isEmpty
    }

    /// A value with the white space around it (RFC 8259, 2 and 3).
    private mutating func skipValue() -> Bool {
        skipBlanks()
        defer { skipBlanks() }
        switch rest.first {
        case UInt8(ascii: "{"): return skipList(to: "}") { $0.skipMember() }
        case UInt8(ascii: "["): return skipList(to: "]") { $0.skipValue() }
        case UInt8(ascii: "\""): return skipString()
        default: return skip("null") || skip("true") || skip("false") || skipNumber()
        }
    }

    /// Elements between brackets, with commas between them (RFC 8259, 4 and 5).
    private mutating func skipList(to end: String, _ skipElement: (inout JSONGrammar) -> Bool) -> Bool {
        rest.removeFirst()
        skipBlanks()
        if skip(end) { return true }
        repeat {
            if !skipElement(&self) { return false }
        } while skip(",")
        return skip(end)
    }

    /// `string name-separator value`.
    private mutating func skipMember() -> Bool {
        skipBlanks()
        guard skipString() else { return false }
        skipBlanks()
        return skip(":") && skipValue()
    }

    /// A string (RFC 8259, 7); a surrogate without its other half is none.
    private mutating func skipString() -> Bool {
        guard skip("\"") else { return false }
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"): if !skipEscape() { return false }
            case 0..<0x20: return false
            default: break
            }
        }
        return false
    }

    /// What follows a backslash.
    private mutating func skipEscape() -> Bool {
        guard let letter = rest.popFirst() else { return false }
        guard letter == UInt8(ascii: "u") else { return "\"\\/bfnrt".utf8.contains(letter) }
        guard let unit = skipCodeUnit() else { return false }
        guard UTF16.isSurrogate(unit) else { return true }
        guard UTF16.isLeadSurrogate(unit), skip("\\u"), let second = skipCodeUnit() else { return false }
        return UTF16.isTrailSurrogate(second)
    }

    /// Four hexadecimal digits.
    private mutating func skipCodeUnit() -> UInt16? {
        let digits = rest.prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
            return nil
        }
        rest = rest.dropFirst(4)
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    /// `[ minus ] int [ frac ] [ exp ]` (RFC 8259, 6).
    private mutating func skipNumber() -> Bool {
        _ = skip("-")
        guard skip("0") || skipDigits() else { return false }
        if skip("."), !skipDigits() { return false }
        if skip("e") || skip("E") {
            _ = skip("+") || skip("-")
            return skipDigits()
        }
        return true
    }

    /// One digit or more.
    private mutating func skipDigits() -> Bool {
        let before = rest.count
        rest = rest.drop { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        return rest.count < before
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }
    }

    /// Skips these characters; false when others stand here.
    private mutating func skip(_ text: String) -> Bool {
        let bytes = text.utf8
        guard rest.starts(with: bytes) else { return false }
        rest = rest.dropFirst(bytes.count)
        return true
    }
}
