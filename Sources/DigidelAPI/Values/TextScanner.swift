/// Reads a short text of fixed form from left to right. (A regular expression costs a hundred times more, and dates
/// and ids are read in every request.)
struct TextScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = Substring(text).utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// The next character, if it is one of these; nil, and nothing is read, when it is not.
    mutating func one(of characters: String) -> Character? {
        guard let byte = rest.first, characters.utf8.contains(byte) else { return nil }
        rest.removeFirst()
        return Character(Unicode.Scalar(byte))
    }

    /// The number that exactly so many digits write; nil when they are not there.
    mutating func number(digits count: Int) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, let number = Int(digits: digits) else { return nil }
        rest.removeFirst(count)
        return number
    }

    /// The digits up to the next other character.
    mutating func digits() -> String {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest.removeFirst(digits.count)
        return String(decoding: digits, as: UTF8.self)
    }
}
