import Foundation

/// Reads JSON (RFC 8259) in one pass over its bytes, and nothing that is not JSON.
struct JSONParser {
    private let bytes: [UInt8]
    private let range: Range<Int>
    /// False where a text is only passed over: the grammar is the same, but nothing is made of the values.
    private let makesValues: Bool
    private(set) var position: Int
    var depth = 0

    /// A parser at the beginning of UTF-8 text, behind its byte order mark if it has one (RFC 8259, 8.1). The text is
    /// all of `bytes`, or what stands at `range`.
    init(_ bytes: [UInt8], at range: Range<Int>? = nil, makesValues: Bool = true) {
        self.bytes = bytes
        self.range = range ?? 0..<bytes.count
        self.makesValues = makesValues
        let hasMark = bytes[self.range].starts(with: [0xef, 0xbb, 0xbf])
        position = self.range.lowerBound + (hasMark ? 3 : 0)
    }

    /// The text's one value.
    mutating func document() throws(JSONValue.Fault) -> JSONValue {
        let value = try value()
        guard isAtEnd else { throw unexpected }
        return value
    }

    /// The text cannot go on with what stands here, or cannot end here.
    var unexpected: JSONValue.Fault {
        let place = position - range.lowerBound + 1
        let what = isAtEnd ? "It ends too early." : "Byte \(place) cannot stand where it does."
        return JSONValue.Fault(detail: "The text is not JSON. \(what)")
    }

    // MARK: Values

    /// A value with the white space around it (RFC 8259, 2 and 3).
    mutating func value() throws(JSONValue.Fault) -> JSONValue {
        skipBlanks()
        let value = try bareValue()
        skipBlanks()
        return value
    }

    private mutating func bareValue() throws(JSONValue.Fault) -> JSONValue {
        switch next {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        default: break
        }
        if skip(word: "null") { return .null }
        if skip(word: "true") { return .bool(true) }
        if skip(word: "false") { return .bool(false) }
        return .number(try number())
    }

    /// An object (RFC 8259, 4). Of members with the same name the first counts.
    private mutating func object() throws(JSONValue.Fault) -> [String: JSONValue] {
        var members: [(String, JSONValue)] = []
        try list(from: "{", to: "}") { parser throws(JSONValue.Fault) in
            parser.skipBlanks()
            let name = try parser.string()
            parser.skipBlanks()
            guard parser.skip(":") else { throw parser.unexpected }
            let value = try parser.value()
            guard parser.makesValues else { return }
            if members.isEmpty { members.reserveCapacity(16) }
            members.append((name, value))
        }
        return Dictionary(members) { first, _ in first }
    }

    /// An array (RFC 8259, 5).
    private mutating func array() throws(JSONValue.Fault) -> [JSONValue] {
        var elements: [JSONValue] = []
        try list(from: "[", to: "]") { parser throws(JSONValue.Fault) in
            let value = try parser.value()
            if parser.makesValues { elements.append(value) }
        }
        return elements
    }

    /// Elements between brackets, with commas between them.
    private mutating func list(
        from start: Unicode.Scalar, to end: Unicode.Scalar,
        _ element: (inout JSONParser) throws(JSONValue.Fault) -> Void
    ) throws(JSONValue.Fault) {
        guard skip(start) else { throw unexpected }
        depth += 1
        guard depth <= JSONValue.depthLimit else {
            throw JSONValue.Fault(detail: "The text is nested deeper than \(JSONValue.depthLimit) levels.")
        }
        skipBlanks()
        if !skip(end) {
            repeat { try element(&self) } while skip(",")
            guard skip(end) else { throw unexpected }
        }
        depth -= 1
    }

    // MARK: Numbers

    /// `[ minus ] int [ frac ] [ exp ]` (RFC 8259, 6), exact to 38 digits.
    private mutating func number() throws(JSONValue.Fault) -> Decimal {
        let start = position
        _ = skip("-")
        if !skip("0") { try digits() }
        if skip(".") { try digits() }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            try digits()
        }
        guard makesValues else { return 0 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        // Most numbers are short integers, and this is many times faster.
        if let integer = Int(text) { return Decimal(integer) }
        if let number = Decimal(string: text), number.isFinite { return number }
        let isZero = text.prefix { $0 != "e" && $0 != "E" }.allSatisfy { $0 == "0" || $0 == "." || $0 == "-" }
        if isZero { return 0 }
        guard let approximation = Double(text), abs(approximation) < 1 else {
            throw JSONValue.Fault(detail: "The text has a number that is too large.")
        }
        // What is nearer to 0 than any Decimal becomes the nearest one. It must not become 0, which is an integer.
        return text.hasPrefix("-") ? -Decimal.leastNonzeroMagnitude : Decimal.leastNonzeroMagnitude
    }

    /// One digit or more.
    private mutating func digits() throws(JSONValue.Fault) {
        let start = position
        while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position += 1 }
        guard position > start else { throw unexpected }
    }

    // MARK: Strings

    /// A string (RFC 8259, 7).
    private mutating func string() throws(JSONValue.Fault) -> String {
        guard skip("\"") else { throw unexpected }
        var text = ""
        var start = position
        while true {
            skipPlain()
            guard let byte = next, byte >= 0x20 else { throw unexpected }
            position += 1
            if makesValues { text += String(decoding: bytes[start..<position - 1], as: UTF8.self) }
            if byte == UInt8(ascii: "\"") { return text }
            text.unicodeScalars.append(try escaped())
            start = position
        }
    }

    /// Goes on to the next quote, backslash or control character.
    private mutating func skipPlain() {
        let bytes = bytes
        var end = position
        while end < range.upperBound, bytes[end] >= 0x20, bytes[end] != UInt8(ascii: "\""),
            bytes[end] != UInt8(ascii: "\\")
        {
            end += 1
        }
        position = end
    }

    /// The character for what follows a backslash.
    private mutating func escaped() throws(JSONValue.Fault) -> Unicode.Scalar {
        guard let letter = next else { throw unexpected }
        let character: Unicode.Scalar
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): character = Unicode.Scalar(letter)
        case UInt8(ascii: "b"): character = "\u{8}"
        case UInt8(ascii: "f"): character = "\u{c}"
        case UInt8(ascii: "n"): character = "\n"
        case UInt8(ascii: "r"): character = "\r"
        case UInt8(ascii: "t"): character = "\t"
        case UInt8(ascii: "u"): return try escapedCode()
        default: throw unexpected
        }
        position += 1
        return character
    }

    /// `u` and a UTF-16 code unit, or two that are a surrogate pair; a half of a pair alone is no character.
    private mutating func escapedCode() throws(JSONValue.Fault) -> Unicode.Scalar {
        var code = try codeUnit()
        if 0xd800..<0xdc00 ~= code {
            guard skip("\\") else { throw unexpected }
            let low = try codeUnit()
            guard 0xdc00..<0xe000 ~= low else { throw unexpected }
            code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
        }
        guard let character = Unicode.Scalar(code) else { throw unexpected }
        return character
    }

    /// `u` and four hexadecimal digits.
    private mutating func codeUnit() throws(JSONValue.Fault) -> UInt32 {
        guard skip("u") else { throw unexpected }
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw unexpected
            }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }

    // MARK: Bytes

    var isAtEnd: Bool { position == range.upperBound }

    private var next: UInt8? { isAtEnd ? nil : bytes[position] }

    mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    /// Skips this character; false when another stands here.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Skips this word; false when another stands here.
    private mutating func skip(word: String) -> Bool {
        guard bytes[position..<range.upperBound].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }
}
