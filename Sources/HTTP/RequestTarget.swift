/// A request target (RFC 9112, 3.2): origin-form, absolute-form with the scheme http, or `*` for OPTIONS.
struct RequestTarget: Sendable {
    /// As in `Request.path`.
    var path: String
    var query: String?
    /// Host and port of the absolute-form, which stand above the Host field (RFC 9112, 3.2.2).
    var authority: String?

    /// Reads a target; it is not empty.
    init(_ text: Span<UInt8>, _ method: Method) throws(Refusal) {
        if text.count == 1, text[0] == UInt8(ascii: "*") {
            guard method == .options else {
                throw .malformed("The target * goes with OPTIONS only.", "RFC 9112, 3.2.4")
            }
            self.init(path: "*", query: nil, authority: nil)
        } else if text[0] == UInt8(ascii: "/") {
            try self.init(originForm: text)
        } else {
            try self.init(absoluteForm: text, method)
        }
    }

    private init(path: String, query: String?, authority: String?) {
        self.path = path
        self.query = query
        self.authority = authority
    }

    /// `absolute-path [ "?" query ]` (RFC 9112, 3.2.1).
    private init(originForm text: Span<UInt8>) throws(Refusal) {
        let mark = text.firstIndex(of: UInt8(ascii: "?"), in: 0..<text.count)
        let pathEnd = mark ?? text.count
        let hasEscapes = try Self.checkCharacters(text, 0..<pathEnd, isQuery: false)
        path = text.string(0..<pathEnd)
        if hasEscapes { try Self.checkDecoded(path) }
        if let mark {
            _ = try Self.checkCharacters(text, (mark + 1)..<text.count, isQuery: true)
            query = text.string((mark + 1)..<text.count)
        }
    }

    /// `http://` authority path-abempty [ "?" query ] (RFC 9112, 3.2.2; RFC 9110, 4.2.1).
    private init(absoluteForm text: Span<UInt8>, _ method: Method) throws(Refusal) {
        guard text.count > 7, text.extracting(0..<7).spellsIgnoringCase("http://") else {
            throw .malformed("The target neither begins with a slash nor is an http URI.", "RFC 9112, 3.2")
        }
        var end = 7
        while end < text.count, text[end] != UInt8(ascii: "/"), text[end] != UInt8(ascii: "?") { end += 1 }
        guard HostGrammar.matches(text.extracting(7..<end)) else {
            throw .malformed("The target's host or port cannot be one.", "RFC 9110, 4.2.1")
        }
        if end == text.count {
            // Without a path it is the root, or for OPTIONS the server as a whole (RFC 9112, 3.2.4).
            self.init(path: method == .options ? "*" : "/", query: nil, authority: nil)
        } else if text[end] == UInt8(ascii: "?") {
            _ = try Self.checkCharacters(text, (end + 1)..<text.count, isQuery: true)
            self.init(path: "/", query: text.string((end + 1)..<text.count), authority: nil)
        } else {
            try self.init(originForm: text.extracting(end..<text.count))
        }
        authority = text.string(7..<end)
    }

    /// Whether a part of a target has percent-encodings. Only the characters of RFC 3986, 3.3 and 3.4 may stand there.
    private static func checkCharacters(
        _ text: Span<UInt8>, _ range: Range<Int>, isQuery: Bool
    ) throws(Refusal) -> Bool {
        var hasEscapes = false
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = text[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < range.upperBound, text[index + 1].hexValue != nil,
                    text[index + 2].hexValue != nil
                else {
                    throw .malformed(
                        "A % in the target is not followed by two hexadecimal digits.", "RFC 3986, 2.1")
                }
                hasEscapes = true
            } else if !byte.isPathCharacter && !(isQuery && byte == UInt8(ascii: "?")) {
                throw .malformed(
                    "The target has a character that must be percent-encoded.", "RFC 9112, 3.2")
            }
            index += 1
        }
        return hasEscapes
    }

    /// The decoded path is UTF-8 without control characters, so that no path means different things to two readers.
    private static func checkDecoded(_ path: String) throws(Refusal) {
        guard let decoded = try? PercentEncoding.decode(path) else {
            throw .malformed("The target's path is not UTF-8 when decoded.", "RFC 3986, 2.5")
        }
        if decoded.utf8.contains(where: \.isControl) {
            throw .malformed("The target's path has an encoded control character.", "RFC 3986, 7.3")
        }
    }
}
