extension Span<UInt8> {
    /// These bytes, byte for byte.
    func spells(_ text: String) -> Bool {
        let utf8 = text.utf8
        guard utf8.count == count else { return false }
        var index = 0
        for byte in utf8 {
            if byte != self[index] { return false }
            index += 1
        }
        return true
    }

    /// These bytes, ASCII letters compared without case.
    func spellsIgnoringCase(_ text: String) -> Bool {
        let utf8 = text.utf8
        guard utf8.count == count else { return false }
        var index = 0
        for byte in utf8 {
            if byte.lowercased != self[index].lowercased { return false }
            index += 1
        }
        return true
    }

    /// The text of a part; bytes that are not UTF-8 become U+FFFD.
    func string(_ range: Range<Int>) -> String {
        extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// The first place of a byte within a range.
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// A range without the SP and HTAB at its ends (`OWS`, RFC 9110, 5.6.3).
    func trimmingBlanks(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, self[start].isBlank { start += 1 }
        while start < end, self[end - 1].isBlank { end -= 1 }
        return start..<end
    }

    /// A non-empty `token` (RFC 9110, 5.6.2).
    var isToken: Bool {
        var index = 0
        while index < count {
            if !self[index].isTokenCharacter { return false }
            index += 1
        }
        return count > 0
    }
}
