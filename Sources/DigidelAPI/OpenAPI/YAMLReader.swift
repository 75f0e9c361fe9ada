/// Where and why a text is outside the part of YAML that `YAMLReader` knows.
struct YAMLError: Error, Equatable, CustomStringConvertible {
    /// The line, counted from 1.
    let line: Int
    let reason: String

    var description: String { "line \(line): \(reason)" }
}

extension Node {
    /// A value from YAML.
    init(yaml: String) throws(YAMLError) {
        var reader = try YAMLReader(yaml)
        self = try reader.document()
    }
}

/// Reads the part of YAML 1.2 that openapi.yaml is written in: block and flow mappings and sequences, plain
/// and quoted scalars on one line, `|` and `>` blocks, comments. Everything else is refused with its line,
/// and so is a plain scalar that YAML 1.1 would take for something else (`no`, `2016-10-03`), because
/// clients read the file with readers of both.
struct YAMLReader {
    /// A line without its indentation.
    struct Line {
        let number: Int
        var indent: Int
        var text: [Character]

        /// Whether it begins an element of a block sequence.
        var isElement: Bool { text.first == "-" && (text.count == 1 || text[1] == " ") }

        /// Whether it says nothing outside a block scalar.
        var isSilent: Bool { text.isEmpty || text.first == "#" }
    }

    /// The lines; one that has been read in part holds what remains of it.
    var lines: [Line] = []
    /// The line that is read next.
    var index = 0
    /// The next character of that line, while a scalar or flow collection is read.
    var column = 0

    /// Splits the text into lines.
    init(_ text: String) throws(YAMLError) {
        for (offset, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let characters = Array(line)
            let indent = characters.prefix { $0 == " " }.count
            if characters.last == " " || characters.contains("\t") || characters.contains("\r") {
                throw YAMLError(line: offset + 1, reason: "a tab, a carriage return or a blank at the end")
            }
            lines.append(Line(number: offset + 1, indent: indent, text: Array(characters.dropFirst(indent))))
        }
    }

    /// The one document that the text holds.
    mutating func document() throws(YAMLError) -> Node {
        let node = try block(outer: -1)
        guard peek() == nil else { throw failure("more than one value") }
        return node
    }

    /// The next line that says something.
    mutating func peek() -> Line? {
        while index < lines.count, lines[index].isSilent { index += 1 }
        return index < lines.count ? lines[index] : nil
    }

    /// An error at the present line.
    func failure(_ reason: String) -> YAMLError {
        YAMLError(line: lines.isEmpty ? 1 : lines[min(index, lines.count - 1)].number, reason: reason)
    }

    /// The value that begins on the next line and is indented by more than `outer`.
    mutating func block(outer: Int) throws(YAMLError) -> Node {
        guard let line = peek(), line.indent > outer else { throw failure("a value is missing") }
        if line.isElement { return try sequence(indent: line.indent) }
        if try key() != nil { return try mapping(indent: line.indent) }
        return try inline()
    }

    /// A block mapping whose keys stand at `indent`.
    private mutating func mapping(indent: Int) throws(YAMLError) -> Node {
        var members = Node.Members()
        while let line = peek(), line.indent >= indent {
            guard line.indent == indent else { throw failure("unexpected indentation") }
            guard !line.isElement, let (key, rest) = try key() else {
                throw failure("a key and a colon are expected")
            }
            guard members[key] == nil else { throw failure("\(key) is there already") }
            lines[index].text.removeFirst(rest)
            members[key] = try value(indent: indent)
        }
        return .object(members)
    }

    /// A block sequence whose hyphens stand at `indent`.
    private mutating func sequence(indent: Int) throws(YAMLError) -> Node {
        var elements: [Node] = []
        while let line = peek(), line.indent >= indent {
            guard line.indent == indent, line.isElement else { throw failure("unexpected indentation") }
            let blanks = line.text.dropFirst().prefix { $0 == " " }.count
            lines[index].indent += 1 + blanks
            lines[index].text.removeFirst(1 + blanks)
            elements.append(try block(outer: indent))
        }
        return .list(elements)
    }

    /// What follows a key at `indent`, on its line or below it.
    private mutating func value(indent: Int) throws(YAMLError) -> Node {
        let rest = lines[index].text
        switch rest.first {
        case nil, "#":
            index += 1
            return try block(outer: indent)
        case "|", ">":
            index += 1
            return .string(try blockScalar(header: rest, outer: indent))
        default:
            return try inline()
        }
    }

    /// The key that the present line begins with, and where what follows it begins; nil when it has none.
    private mutating func key() throws(YAMLError) -> (String, Int)? {
        let text = lines[index].text
        if text.first == "{" || text.first == "[" { return nil }
        column = 0
        let key: Node
        if text.first == "'" || text.first == "\"" {
            key = .string(try quoted())
        } else {
            guard let colon = text.indices.first(where: { isColon(text, $0) }) else { return nil }
            key = try plain(String(text[..<colon]))
            column = colon
        }
        guard column < text.count, isColon(text, column) else { return nil }
        guard let name = key.string else { throw failure("a key that is no text needs quotes") }
        let rest = text[(column + 1)...].firstIndex { $0 != " " } ?? text.count
        return (name, rest)
    }

    /// A `|` or `>` scalar whose key stands at `outer`.
    private mutating func blockScalar(header: [Character], outer: Int) throws(YAMLError) -> String {
        let isStripped = header.count == 2 && header[1] == "-"
        guard header.count == 1 || isStripped else { throw failure("only |, >, |- and >- are known") }
        let rest = lines[index...]
        guard let indent = rest.first(where: { !$0.text.isEmpty })?.indent, indent > outer else {
            throw failure("a block scalar without text")
        }
        var texts: [String] = []
        while index < lines.count, lines[index].text.isEmpty || lines[index].indent >= indent {
            let line = lines[index]
            if header[0] == ">", line.indent > indent { throw failure("an indented line in a folded scalar") }
            let margin = String(repeating: " ", count: max(0, line.indent - indent))
            texts.append(margin + String(line.text))
            index += 1
        }
        while texts.last == "" { texts.removeLast() }
        let text = header[0] == "|" ? texts.joined(separator: "\n") : Self.folded(texts)
        return isStripped ? text : text + "\n"
    }

    /// Lines joined by blanks; an empty one is a line break.
    private static func folded(_ texts: [String]) -> String {
        var result = ""
        for text in texts {
            if text.isEmpty {
                result += "\n"
            } else {
                result += result.isEmpty || result.last == "\n" ? text : " " + text
            }
        }
        return result
    }
}
