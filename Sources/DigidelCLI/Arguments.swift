/// A command that was not called as it can be.
struct UsageError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The words after the program's name.
struct Arguments {
    private var words: ArraySlice<String>

    init(_ words: ArraySlice<String>) {
        self.words = words
    }

    /// The next word, nil when there is none.
    mutating func next() -> String? {
        words.popFirst()
    }

    /// Whether a flag such as `--status` is there; takes it out.
    mutating func flag(_ name: String) -> Bool {
        guard let position = words.firstIndex(of: name) else { return false }
        words.remove(at: position)
        return true
    }

    /// The value of an option such as `--label Motala`; takes both out. Throws `UsageError` when the value is missing.
    mutating func option(_ name: String) throws -> String? {
        guard let position = words.firstIndex(of: name) else { return nil }
        guard position + 1 < words.endIndex else { throw UsageError("\(name) needs a value") }
        let value = words[position + 1]
        words.removeSubrange(position...position + 1)
        return value
    }

    /// Throws `UsageError` when words are left that nobody asked for.
    func finish() throws {
        if let word = words.first { throw UsageError("\(word) is not expected here; see digidel help") }
    }
}
