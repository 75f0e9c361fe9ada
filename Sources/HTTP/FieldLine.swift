/// One field line, of a head or of a trailer section (RFC 9112, 5).
enum FieldLine {
    /// Where name and value stand. The range is a line without its CRLF, all of it field text.
    static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(Refusal) -> Fields.Entry {
        if bytes[range.lowerBound].isBlank {
            throw .malformed(
                "A header field begins with a blank; folded lines are not taken.", "RFC 9112, 5.2")
        }
        var colon = range.lowerBound
        while colon < range.upperBound, bytes[colon].isTokenCharacter { colon += 1 }
        guard colon < range.upperBound, bytes[colon] == UInt8(ascii: ":"), colon > range.lowerBound else {
            throw badName(bytes, range, end: colon)
        }
        return Fields.Entry(
            name: range.lowerBound..<colon, value: bytes.trimmingBlanks((colon + 1)..<range.upperBound))
    }

    /// Says what is wrong with a name whose first characters, up to `end`, are those of a token.
    private static func badName(_ bytes: Span<UInt8>, _ range: Range<Int>, end: Int) -> Refusal {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":"), in: range) else {
            return .malformed("A header field has no colon.", "RFC 9112, 5")
        }
        if colon == range.lowerBound { return .malformed("A header field has no name.", "RFC 9112, 5") }
        if bytes.trimmingBlanks(end..<colon).isEmpty {
            return .malformed("A blank stands between a field's name and its colon.", "RFC 9112, 5.1")
        }
        return .malformed("A field name has a character that no token has.", "RFC 9110, 5.1")
    }
}
