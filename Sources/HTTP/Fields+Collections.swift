extension Fields {
    /// The members of a list field (RFC 9110, 5.6.1): all lines of that name, split at commas outside of quotes,
    /// without the blanks around them and without empty members.
    package func values(of name: String) -> [String] {
        var members: [String] = []
        for entry in entries where hasName(entry, name) {
            for range in Self.listMembers(lines.span, entry.value) {
                members.append(lines.span.string(range))
            }
        }
        return members
    }

    /// The ranges of a list's members that are not empty.
    static func listMembers(_ bytes: Span<UInt8>, _ value: Range<Int>) -> [Range<Int>] {
        var members: [Range<Int>] = []
        var (start, index, quoted) = (value.lowerBound, value.lowerBound, false)
        while index <= value.upperBound {
            let byte = index < value.upperBound ? bytes[index] : UInt8(ascii: ",")
            if index == value.upperBound || (byte == UInt8(ascii: ",") && !quoted) {
                let member = bytes.trimmingBlanks(start..<index)
                if !member.isEmpty { members.append(member) }
                start = index + 1
            } else if byte == UInt8(ascii: "\"") {
                quoted.toggle()
            } else if byte == UInt8(ascii: "\\"), quoted, index + 1 < value.upperBound {
                index += 1
            }
            index += 1
        }
        return members
    }

    /// Whether a list of tokens has this one, compared without case (RFC 9110, 7.6.1). Tokens have no quotes, so that a
    /// quote hides no comma.
    func hasToken(_ token: String, in name: String) -> Bool {
        for entry in entries where hasName(entry, name) {
            var start = entry.value.lowerBound
            while start <= entry.value.upperBound {
                let rest = start..<entry.value.upperBound
                let end = lines.span.firstIndex(of: UInt8(ascii: ","), in: rest) ?? rest.upperBound
                let member = lines.span.trimmingBlanks(start..<end)
                if lines.span.extracting(member).spellsIgnoringCase(token) { return true }
                start = end + 1
            }
        }
        return false
    }
}

extension Fields: ExpressibleByDictionaryLiteral {
    /// Fields in the order of the literal; a name may stand there more than once.
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        for (name, value) in elements { add(name, value) }
    }
}

extension Fields: Sequence {
    /// The lines in their order.
    package struct Iterator: IteratorProtocol {
        let fields: Fields
        var index = 0

        package mutating func next() -> (name: String, value: String)? {
            guard index < fields.entries.count else { return nil }
            let entry = fields.entries[index]
            index += 1
            return (fields.lines.span.string(entry.name), fields.lines.span.string(entry.value))
        }
    }

    package func makeIterator() -> Iterator { Iterator(fields: self) }
}

extension Fields: Equatable {
    /// The same lines in the same order, names compared without case.
    package static func == (left: Fields, right: Fields) -> Bool {
        left.elementsEqual(right) {
            $0.name.isSame(as: $1.name) && $0.value == $1.value
        }
    }
}
