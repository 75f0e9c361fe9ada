/// A media type's name without its parameters (RFC 9110, 8.3.1).
package struct MediaType: Sendable {
    /// `type "/" subtype` in lower case.
    package let name: String

    /// Reads a Content-Type; nil when there is none, or when it does not begin with a media type.
    package init?(_ field: String?) {
        guard let field else { return nil }
        let bytes = Array(field.utf8)
        let end = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.count
        let range = bytes.span.trimmingBlanks(0..<end)
        guard let slash = bytes[range].firstIndex(of: UInt8(ascii: "/")),
            bytes.span.extracting(range.lowerBound..<slash).isToken,
            bytes.span.extracting((slash + 1)..<range.upperBound).isToken
        else { return nil }
        name = String(decoding: bytes[range].map(\.lowercased), as: UTF8.self)
    }
}

extension StringProtocol {
    /// Whether these are the same characters, ASCII letters compared without case and all others exactly: how names are
    /// compared in HTTP. (`lowercased()` makes the KELVIN SIGN a k.)
    package func isSame(as other: some StringProtocol) -> Bool {
        utf8.elementsEqual(other.utf8) { $0.lowercased == $1.lowercased }
    }
}
