extension BodyFraming {
    /// How the body that these fields announce is delimited (RFC 9112, 6.3). Anything on which two readers could
    /// differ is refused: that is how requests are smuggled (RFC 9112, 11.2).
    init(_ fields: Fields, isVersion10: Bool) throws(Refusal) {
        let lengths = fields.count(of: "Content-Length")
        let codings = fields.count(of: "Transfer-Encoding")
        if codings > 0 {
            try Self.checkCoding(fields, lines: codings, hasLength: lengths > 0, isVersion10: isVersion10)
            self = .chunked
        } else if lengths > 0 {
            guard lengths == 1 else {
                throw .malformed("There is more than one Content-Length field.", "RFC 9112, 6.3")
            }
            let length = try Self.readLength(fields)
            self = length == 0 ? .none : .length(length)
        } else {
            self = .none
        }
    }

    /// One Transfer-Encoding that is `chunked`, in HTTP/1.1, without Content-Length (RFC 9112, 6.1).
    private static func checkCoding(
        _ fields: Fields, lines: Int, hasLength: Bool, isVersion10: Bool
    ) throws(Refusal) {
        if hasLength {
            throw .malformed("Transfer-Encoding and Content-Length stand together.", "RFC 9112, 6.1")
        }
        if isVersion10 { throw .malformed("HTTP/1.0 has no Transfer-Encoding.", "RFC 9112, 6.1") }
        guard lines == 1, let value = fields["Transfer-Encoding"] else {
            throw .malformed("There is more than one Transfer-Encoding field.", "RFC 9112, 6.1")
        }
        if value.isSame(as: "chunked") { return }
        // Without the blanks around each.
        let codings = value.split(separator: ",", omittingEmptySubsequences: false).map {
            $0.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
        }
        let firstChunked = codings.firstIndex { $0.isSame(as: "chunked") }
        if codings.count > 1, firstChunked == codings.count - 1, !codings.contains("") {
            throw Refusal(
                .notImplemented, "No transfer coding but chunked is known here.", "RFC 9112, 6.1")
        }
        throw .malformed("The only Transfer-Encoding that is taken is chunked, once.", "RFC 9112, 6.3")
    }

    /// `Content-Length = 1*DIGIT` (RFC 9110, 8.6). A number beyond 64 bits is a body that is too large.
    private static func readLength(_ fields: Fields) throws(Refusal) -> Int {
        guard let entry = fields.entries.first(where: { fields.hasName($0, "Content-Length") }) else {
            return 0
        }
        var length = 0
        for index in entry.value {
            let byte = fields.lines[index]
            guard byte.isDigit else { throw .badLength }
            let (product, overflow) = length.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            if overflow || carry {
                throw Refusal(
                    .contentTooLarge, "No body of that length is taken anywhere here.", "RFC 9110, 15.5.14")
            }
            length = sum
        }
        if entry.value.isEmpty { throw .badLength }
        return length
    }
}

extension Refusal {
    fileprivate static let badLength = Refusal.malformed(
        "The Content-Length is not one number of decimal digits.", "RFC 9112, 6.3")
}
