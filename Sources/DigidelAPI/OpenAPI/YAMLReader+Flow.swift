/// What stands on a line: scalars, and flow collections, which may go on over lines.
extension YAMLReader {
    /// The scalar or flow collection that the present line begins with; nothing but a comment may follow it.
    mutating func inline() throws(YAMLError) -> Node {
        column = 0
        let node = try flow(inCollection: false)
        let rest = lines[index].text[column...]
        let isComment = rest.first == " " && rest.first { $0 != " " } == "#"
        guard rest.isEmpty || isComment else { throw failure("\(String(rest)) was not expected") }
        index += 1
        return node
    }

    /// Whether the character is a colon that ends a key.
    func isColon(_ text: [Character], _ position: Int) -> Bool {
        text[position] == ":" && (position + 1 == text.count || text[position + 1] == " ")
    }

    /// The next character of the line.
    private var next: Character? {
        column < lines[index].text.count ? lines[index].text[column] : nil
    }

    /// The value at the present column.
    private mutating func flow(inCollection: Bool) throws(YAMLError) -> Node {
        switch next {
        case "{": return try flowMapping()
        case "[": return try flowSequence()
        case "'", "\"": return .string(try quoted())
        default: return try plain(takePlain(inCollection: inCollection))
        }
    }

    /// Goes to the next character inside a flow collection, over blanks, comments and line ends.
    private mutating func skip() throws(YAMLError) -> Character {
        while true {
            while next == " " { column += 1 }
            if let character = next, character != "#" { return character }
            guard index + 1 < lines.count else { throw failure("a bracket is not closed") }
            index += 1
            column = 0
        }
    }

    /// Takes a separator inside a flow collection; false when it was the closing bracket.
    private mutating func takeComma(or closing: Character) throws(YAMLError) -> Bool {
        let character = try skip()
        guard character == "," || character == closing else {
            throw failure("a comma or \(closing) is missing")
        }
        column += 1
        return character == ","
    }

    /// A sequence in brackets.
    private mutating func flowSequence() throws(YAMLError) -> Node {
        var elements: [Node] = []
        column += 1
        if try skip() == "]" {
            column += 1
            return .list([])
        }
        repeat {
            _ = try skip()
            elements.append(try flow(inCollection: true))
        } while try takeComma(or: "]")
        return .list(elements)
    }

    /// A mapping in braces.
    private mutating func flowMapping() throws(YAMLError) -> Node {
        var members = Node.Members()
        column += 1
        if try skip() == "}" {
            column += 1
            return .object(members)
        }
        repeat {
            _ = try skip()
            guard let key = try flow(inCollection: true).string else {
                throw failure("a key that is no text needs quotes")
            }
            guard members[key] == nil else { throw failure("\(key) is there already") }
            guard next != nil, isColon(lines[index].text, column) else {
                throw failure("\(key) has no value")
            }
            column += 1
            _ = try skip()
            members[key] = try flow(inCollection: true)
        } while try takeComma(or: "}")
        return .object(members)
    }

    /// A quoted scalar, which ends on its line.
    mutating func quoted() throws(YAMLError) -> String {
        let quote = next
        var text = ""
        column += 1
        while let character = next {
            column += 1
            if character == quote {
                guard quote == "'", next == "'" else { return text }
                column += 1
                text.append("'")
            } else if character == "\\", quote == "\"" {
                text.append(try escaped())
            } else {
                text.append(character)
            }
        }
        throw failure("a quote is not closed on its line")
    }

    /// The character that an escape in double quotes stands for.
    private mutating func escaped() throws(YAMLError) -> Character {
        let known: [Character: Character] = ["\\": "\\", "\"": "\"", "/": "/", "n": "\n", "t": "\t"]
        guard let escape = next, let character = known[escape] else { throw failure("an unknown escape") }
        column += 1
        return character
    }

    /// Takes the text of a plain scalar.
    private mutating func takePlain(inCollection: Bool) throws(YAMLError) -> String {
        let text = lines[index].text
        let start = column
        while column < text.count, !isColon(text, column) {
            if inCollection, ",[]{}".contains(text[column]) { break }
            if text[column] == "#", column > start, text[column - 1] == " " { break }
            column += 1
        }
        while column > start, text[column - 1] == " " { column -= 1 }
        return String(text[start..<column])
    }

    /// What a plain scalar means in YAML 1.2; refused when it would mean something else in YAML 1.1.
    func plain(_ text: String) throws(YAMLError) -> Node {
        switch text {
        case "null": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default: break
        }
        guard let first = text.first else { throw failure("a value is missing") }
        let isSign = "?:,[]{}#&*!|>'\"%@`".contains(first)
        if isSign || text == "-" || text.hasPrefix("- ") || text.hasPrefix("---") {
            throw failure("\(text) begins with a sign that means something else")
        }
        let words: Set = ["~", "y", "n", "yes", "no", "on", "off", "true", "false", "null", "<<", "=", "..."]
        if words.contains(text.lowercased()) { throw failure("\(text) needs quotes") }
        return "0123456789+-.".contains(first) ? try number(text) : .string(text)
    }

    /// A number, or the text that only begins as one.
    private func number(_ text: String) throws(YAMLError) -> Node {
        if text.wholeMatch(of: /-?(?:0|[1-9][0-9]*)/) != nil, let number = Int(text) {
            return .integer(number)
        }
        if text.wholeMatch(of: /-?(?:0|[1-9][0-9]*)\.[0-9]+/) != nil, let number = Double(text) {
            return .number(number)
        }
        let isOther =
            text.wholeMatch(of: /[-+]?[0-9][0-9_:]*\.?[0-9_]*(?:[eE][-+]?[0-9]*)?/) != nil
            || text.wholeMatch(of: /[-+]?\.[0-9_]*(?:[eE][-+]?[0-9]*)?/) != nil
            || text.wholeMatch(of: /0[xob][0-9a-fA-F_]+/) != nil
            || text.lowercased().wholeMatch(of: /[-+]?\.(?:inf|nan)/) != nil
            || text.prefixMatch(of: /[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ]|$)/) != nil
        if isOther { throw failure("\(text) needs quotes, or another form if it is a number") }
        return .string(text)
    }
}
