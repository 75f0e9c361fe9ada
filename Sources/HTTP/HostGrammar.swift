/// `uri-host [ ":" port ]` (RFC 9110, 4.2.1 and 7.2; RFC 3986, 3.2.2), with a host that is not empty.
enum HostGrammar {
    /// Whether the text is a host with perhaps a port up to 65535.
    static func matches(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0 else { return false }
        let hostEnd: Int
        if text[0] == UInt8(ascii: "[") {
            guard let bracket = text.firstIndex(of: UInt8(ascii: "]"), in: 0..<text.count),
                isAddressLiteral(text.extracting(1..<bracket))
            else { return false }
            hostEnd = bracket + 1
        } else {
            hostEnd = text.firstIndex(of: UInt8(ascii: ":"), in: 0..<text.count) ?? text.count
            guard isRegisteredName(text.extracting(0..<hostEnd)) else { return false }
        }
        if hostEnd == text.count { return true }
        return text[hostEnd] == UInt8(ascii: ":") && isPort(text.extracting((hostEnd + 1)..<text.count))
    }

    /// `port = *DIGIT`, 65535 at most.
    private static func isPort(_ text: Span<UInt8>) -> Bool {
        var number = 0
        for index in 0..<text.count {
            guard text[index].isDigit else { return false }
            number = number * 10 + Int(text[index] - UInt8(ascii: "0"))
            if number > 65535 { return false }
        }
        return true
    }

    /// `reg-name`, which every IPv4 address is too; not empty.
    private static func isRegisteredName(_ text: Span<UInt8>) -> Bool {
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "%") {
                guard index + 2 < text.count, text[index + 1].hexValue != nil, text[index + 2].hexValue != nil
                else { return false }
                index += 2
            } else if !text[index].isUnreserved && !text[index].isSubDelimiter {
                return false
            }
            index += 1
        }
        return text.count > 0
    }

    /// What stands between the brackets of `IP-literal`: `IPv6address` or `IPvFuture`.
    private static func isAddressLiteral(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0 else { return false }
        return text[0].lowercased == UInt8(ascii: "v") ? isFutureAddress(text) : IPv6Grammar.matches(text)
    }

    /// `"v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )`.
    private static func isFutureAddress(_ text: Span<UInt8>) -> Bool {
        guard let dot = text.firstIndex(of: UInt8(ascii: "."), in: 0..<text.count), dot > 1,
            dot + 1 < text.count
        else { return false }
        for index in 1..<dot where text[index].hexValue == nil { return false }
        for index in (dot + 1)..<text.count {
            let byte = text[index]
            if !byte.isUnreserved && !byte.isSubDelimiter && byte != UInt8(ascii: ":") { return false }
        }
        return true
    }
}
