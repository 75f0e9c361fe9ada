/// Header fields in their order (RFC 9110, 5): names compared without case, values as text.
///
/// The lines are kept as they go over the wire, in one buffer with an index, so that reading a request copies its
/// fields once and writing an answer is one copy. A value is decoded when it is asked for: as UTF-8, with bytes that
/// are not UTF-8 (obs-text, RFC 9110, 5.5) replaced by U+FFFD.
package struct Fields: Sendable {
    /// Where a line's name and value stand in `lines`.
    struct Entry: Sendable {
        var name: Range<Int>
        var value: Range<Int>
    }

    /// The field lines, each with its CRLF; of a request that was received, its whole head.
    private(set) var lines: [UInt8]
    private(set) var entries: [Entry]

    /// No fields.
    package init() {
        self.init(lines: [], entries: [])
    }

    /// Lines, or a head, that a parser has checked, and its index of them.
    init(lines: [UInt8], entries: [Entry]) {
        self.lines = lines
        self.entries = entries
    }

    package var isEmpty: Bool { entries.isEmpty }
    package var count: Int { entries.count }

    /// The field's value, its lines combined with ", " (RFC 9110, 5.3); nil when there is none. Setting replaces every
    /// line of that name; setting nil removes them.
    package subscript(_ name: String) -> String? {
        get {
            var combined: String?
            for entry in entries where hasName(entry, name) {
                let value = lines.span.string(entry.value)
                combined = combined.map { "\($0), \(value)" } ?? value
            }
            return combined
        }
        set {
            remove(name)
            if let newValue { add(name, newValue) }
        }
    }

    /// Appends a line. `name` must be a token; control characters in `value`, which could end the line, become
    /// blanks (RFC 9110, 5.5).
    package mutating func add(_ name: String, _ value: String) {
        let start = lines.count
        makeRoom(for: name.utf8.count + value.utf8.count + 4)
        lines.append(contentsOf: name.utf8)
        precondition(lines.span.extracting(start..<lines.count).isToken, "not a field name: \(name)")
        lines.append(UInt8(ascii: ":"))
        lines.append(.space)
        let valueStart = lines.count
        lines.append(contentsOf: value.utf8)
        for index in valueStart..<lines.count where !lines[index].isFieldText { lines[index] = .space }
        entries.append(Entry(name: start..<(valueStart - 2), value: valueStart..<lines.count))
        lines.append(.carriageReturn)
        lines.append(.lineFeed)
    }

    /// Appends all lines of others.
    package mutating func add(_ others: Fields) {
        let start = lines.count
        makeRoom(for: others.lines.count)
        lines.append(contentsOf: others.lines)
        for entry in others.entries {
            entries.append(
                Entry(
                    name: (entry.name.lowerBound + start)..<(entry.name.upperBound + start),
                    value: (entry.value.lowerBound + start)..<(entry.value.upperBound + start)))
        }
    }

    /// One allocation for a line, however many parts it is put together from.
    private mutating func makeRoom(for count: Int) {
        guard lines.count + count > lines.capacity else { return }
        lines.reserveCapacity(Swift.max(lines.count + count, 2 * lines.capacity, 400))
        if entries.isEmpty { entries.reserveCapacity(10) }
    }

    /// Removes every line of that name.
    package mutating func remove(_ name: String) {
        guard entries.contains(where: { hasName($0, name) }) else { return }
        var rest = Fields()
        for entry in entries where !hasName(entry, name) {
            rest.add(lines.span.string(entry.name), lines.span.string(entry.value))
        }
        self = rest
    }

    /// Whether a line has that name (RFC 9110, 5.1).
    func hasName(_ entry: Entry, _ name: String) -> Bool {
        lines.span.extracting(entry.name).spellsIgnoringCase(name)
    }

    /// How many lines have that name.
    func count(of name: String) -> Int {
        entries.count { hasName($0, name) }
    }
}
