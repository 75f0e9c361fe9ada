/// `IPv6address` (RFC 3986, 3.2.2): eight groups of hexadecimal digits, one run of zero groups perhaps left out as
/// "::", the last two perhaps written as an IPv4 address.
enum IPv6Grammar {
    /// Whether the text is an IPv6 address.
    static func matches(_ text: Span<UInt8>) -> Bool {
        let pieces = text.string(0..<text.count).split(separator: ":", omittingEmptySubsequences: false)
        guard pieces.count >= 3 else { return false }
        var groups = 0
        for (index, piece) in pieces.enumerated() where !piece.isEmpty {
            if isGroup(piece) {
                groups += 1
            } else if index == pieces.count - 1, isIPv4(piece) {
                groups += 2
            } else {
                return false
            }
        }
        return hasGoodGaps(pieces) ? groups <= 7 : groups == 8 && !pieces.contains("")
    }

    /// One "::" and no other empty piece; at an end it leaves two empty pieces.
    private static func hasGoodGaps(_ pieces: [Substring]) -> Bool {
        var empty = pieces.filter(\.isEmpty).count
        if pieces[0].isEmpty && pieces[1].isEmpty { empty -= 1 }
        if pieces[pieces.count - 1].isEmpty && pieces[pieces.count - 2].isEmpty { empty -= 1 }
        return empty == 1 && !pieces.dropFirst().dropLast().allSatisfy { !$0.isEmpty }
    }

    /// `h16`; may be empty.
    private static func isGroup(_ piece: Substring) -> Bool {
        piece.utf8.count <= 4 && piece.utf8.allSatisfy { $0.hexValue != nil }
    }

    /// `IPv4address`: four numbers up to 255 without leading zeros.
    private static func isIPv4(_ piece: Substring) -> Bool {
        let numbers = piece.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4
            && numbers.allSatisfy { number in
                number.utf8.allSatisfy(\.isDigit) && UInt8(number) != nil
                    && (number == "0" || number.first != "0")
            }
    }
}
