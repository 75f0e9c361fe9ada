/// Who a proxy says its client is.
package enum ForwardedFor {
    /// The nodes of the `for` parameters of a Forwarded field (RFC 7239, 4 and 6), nearest last, without quotes, brackets
    /// and ports. Nil where an element has none or names none ("unknown", "_hidden").
    package static func nodes(standard field: String) -> [String?] {
        elements(field, separator: ",").map { element in
            for pair in elements(element, separator: ";") {
                let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if sides.count == 2, String(trimmed(sides[0])).isSame(as: "for") {
                    return node(trimmed(sides[1]))
                }
            }
            return nil
        }
    }

    /// The addresses of an X-Forwarded-For field, nearest last.
    package static func nodes(customary field: String) -> [String?] {
        field.split(separator: ",", omittingEmptySubsequences: false).map { node(trimmed($0)) }
    }

    /// The parts between separators that do not stand in quotes.
    private static func elements(_ text: some StringProtocol, separator: Character) -> [Substring] {
        var isQuoted = false
        return String(text).split(omittingEmptySubsequences: false) { character in
            if character == "\"" { isQuoted.toggle() }
            return character == separator && !isQuoted
        }
    }

    /// `node = nodename [ ":" node-port ]` (RFC 7239, 6), in quotes perhaps; the name if it may be an address.
    private static func node(_ text: Substring) -> String? {
        var text = text
        if text.count >= 2, text.first == "\"", text.last == "\"" { text = text.dropFirst().dropLast() }
        if text.first == "[" { return text.firstIndex(of: "]").map { String(text[..<$0].dropFirst()) } }
        // A bare IPv6 address, as X-Forwarded-For has it, has more than one colon.
        if text.count(where: { $0 == ":" }) == 1 {
            text = text[..<(text.firstIndex(of: ":") ?? text.endIndex)]
        }
        let name = String(text)
        return name.isEmpty || name.first == "_" || name.isSame(as: "unknown") ? nil : name
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let bytes = Array(text.utf8)
        return Substring(bytes.span.string(bytes.span.trimmingBlanks(0..<bytes.count)))
    }
}
