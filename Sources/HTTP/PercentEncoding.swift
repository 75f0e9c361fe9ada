/// Why a text could not be percent-decoded.
package enum PercentEncodingError: Error, Sendable, Equatable {
    /// A `%` that two hexadecimal digits do not follow (RFC 3986, 2.1).
    case malformed
    /// The decoded bytes are not UTF-8.
    case invalidUTF8
    /// U+0000, which no text of ours can hold.
    case nul
}

/// Reads percent-encoded (RFC 3986, 2.1) UTF-8 text.
package enum PercentEncoding {
    /// The text that was encoded. A `+` is a plus sign: see `QueryString` for forms.
    package static func decode(_ text: some StringProtocol) throws(PercentEncodingError) -> String {
        try decode(text, plusIsBlank: false)
    }

    /// Decodes; in forms a `+` is a blank.
    static func decode(
        _ text: some StringProtocol, plusIsBlank: Bool
    ) throws(PercentEncodingError) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next()?.hexValue, let low = rest.next()?.hexValue else {
                    throw .malformed
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsBlank: bytes.append(.space)
            default: bytes.append(byte)
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw .invalidUTF8 }
        return decoded
    }
}
