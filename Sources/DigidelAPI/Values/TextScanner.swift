/// Reads a short text of fixed form from left to right. (A regular expression costs a hundred times more, and dates
/// and ids are read in every request.)
struct TextScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The next character, if it is one of these; nil, and nothing is read, when it is not.
    mutating func one(of characters: String) -> Unicode.Scalar? {
        guard !isAtEnd, characters.utf8.contains(bytes[position]) else { return nil }
        position += 1
        return Unicode.Scalar(bytes[position - 1])
    }

    /// The number that exactly so many digits write; nil when they are not there.
    mutating func number(digits count: Int) -> Int? {
        guard count <= bytes.count - position,
            let number = Int(digits: bytes[position..<position + count])
        else { return nil }
        position += count
        return number
    }

    /// The digits up to the next other character.
    mutating func digits() -> String {
        let digits = bytes[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        position += digits.count
        return String(decoding: digits, as: UTF8.self)
    }
}
