extension JSONParser {
    /// Passes over the next element of the array that the whole text is (RFC 8259, 5) and tells where it stands, with
    /// the white space around it. Nil behind the last one, once; throws `Fault` when the text is not JSON as far as
    /// that, or is no array.
    mutating func passElement() throws(JSONValue.Fault) -> Range<Int>? {
        guard try findElement() else { return nil }
        let start = position
        _ = try value()
        return start..<position
    }

    /// Goes to where the next element stands; false, and at the text's end, when there is none.
    private mutating func findElement() throws(JSONValue.Fault) -> Bool {
        skipBlanks()
        if depth == 0 {
            if isAtEnd { throw unexpected }
            guard skip("[") else { throw JSONValue.Fault(detail: "The text is no JSON array.") }
            depth = 1
            skipBlanks()
            if !skip("]") { return true }
        } else {
            if skip(",") { return true }
            guard skip("]") else { throw unexpected }
        }
        skipBlanks()
        guard isAtEnd else { throw unexpected }
        return false
    }
}
