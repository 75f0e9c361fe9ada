/// A media type's name without its parameters (RFC 9110, 8.3.1).
package struct MediaType: Sendable {
    /// `type "/" subtype` in lower case.
    package let name: String

    /// Reads a Content-Type; nil when there is none, or when it does not begin with a media type.
    package init?(_ field: String?) {
        guard let field else { return nil }
        let bytes = field.utf8.span
        let end = bytes.firstIndex(of: UInt8(ascii: ";"), in: 0..<bytes.count) ?? bytes.count
        let range = bytes.trimmingBlanks(0..<end)
        guard let slash = bytes.firstIndex(of: UInt8(ascii: "/"), in: range),
            bytes.extracting(range.lowerBound..<slash).isToken,
            bytes.extracting((slash + 1)..<range.upperBound).isToken
        else { return nil }
        name = bytes.string(range).lowercased()
    }
}

extension String {
    /// Whether these are the same characters, ASCII letters compared without case and all others exactly: how names are
    /// compared in HTTP. (`lowercased()` makes the KELVIN SIGN a k.)
    package func isSame(as other: String) -> Bool { utf8.span.spellsIgnoringCase(other) }
}
