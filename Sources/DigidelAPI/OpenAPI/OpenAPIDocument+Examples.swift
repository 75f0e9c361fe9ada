extension OpenAPIDocument {
    /// The example of a body of that media type, else a value that its schema allows.
    func example(of content: Node) throws -> Node {
        if let example = content["examples"]?.object?.entries.first?.value {
            return try resolve(example)["value"] ?? .null
        }
        return try sample(of: content["schema"] ?? .null)
    }

    /// A value that a schema allows: the members that are required, the first of several choices.
    func sample(of schema: Node, depth: Int = 0) throws -> Node {
        let schema = try resolve(schema)
        if let example = schema["example"] ?? schema["default"] ?? schema["const"] { return example }
        if let choice = schema["enum"]?.list?.first { return choice }
        guard depth < 8 else { return .null }
        for choices in ["oneOf", "anyOf"] {
            if let choice = schema[choices]?.list?.first { return try sample(of: choice, depth: depth + 1) }
        }
        if let parts = schema["allOf"]?.list {
            var members = Node.Members()
            for part in parts {
                for (name, value) in try sample(of: part, depth: depth + 1).object?.entries ?? [] {
                    members[name] = value
                }
            }
            return .object(members)
        }
        switch schema["type"]?.string ?? schema["type"]?.list?.first?.string {
        case "object":
            var members = Node.Members()
            for name in schema["required"]?.list?.compactMap(\.string) ?? [] {
                members[name] = try sample(of: schema["properties"]?[name] ?? .null, depth: depth + 1)
            }
            return .object(members)
        case "array": return .list([try sample(of: schema["items"] ?? .null, depth: depth + 1)])
        case "integer": return .integer(schema["minimum"]?.integer ?? 0)
        case "number": return .number(schema["minimum"]?.number ?? 0)
        case "boolean": return .boolean(false)
        case "string": return .string(Self.text(ofFormat: schema["format"]?.string))
        default: return .null
        }
    }

    private static func text(ofFormat format: String?) -> String {
        switch format {
        case "date": "2016-10-03"
        case "date-time": "2016-10-03T08:00:00Z"
        case "uuid": "0192f0c5-7a1e-7cc3-8f7e-1f2a3b4c5d6e"
        case "uri": "https://www.example.se/"
        default: "text"
        }
    }

    /// What may stand for each name in a path, taken from the links in the document's examples.
    func samplePath(_ template: String) -> [String: String] {
        var values: [String: String] = [:]
        let steps = template.split(separator: "/")
        for (position, step) in steps.enumerated() where step.hasPrefix("{") {
            let found = examplePaths.first { path in
                path.count > position
                    && zip(path, steps.prefix(position + 1)).allSatisfy { $1.hasPrefix("{") || $0 == $1 }
                    && !path[position].hasPrefix("{")
            }
            values[String(step.dropFirst().dropLast())] = found.map { String($0[position]) }
        }
        return values
    }

    /// The paths below the API's address that a text of the document's examples is, in steps.
    static func paths(inExamplesOf root: Node) -> [[Substring]] {
        var paths: [[Substring]] = []
        func collect(_ node: Node) {
            if let text = node.string, text.hasPrefix(exampleURL) {
                let path = text.dropFirst(exampleURL.count).prefix { $0 != "?" }
                paths.append(path.split(separator: "/"))
            }
            for (_, value) in node.object?.entries ?? [] { collect(value) }
            for element in node.list ?? [] { collect(element) }
        }
        collect(root["components"]?["examples"] ?? .null)
        // The shortest first, so that an object's own link comes before those below it.
        return paths.enumerated().sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }
            .map(\.element)
    }
}

extension Node {
    /// The value as JSON that people read: short lists and objects on a line, others with a line for each member.
    func pretty(indent: Int = 0) -> String {
        var json = JSONWriter()
        write(to: &json)
        let compact = json.text
        guard compact.count + indent > 76 else { return compact.spaced(self) }
        let margin = String(repeating: " ", count: indent + 2)
        let end = "\n" + String(repeating: " ", count: indent)
        switch self {
        case .list(let elements):
            return "[\n"
                + elements.map { margin + $0.pretty(indent: indent + 2) }.joined(separator: ",\n") + end + "]"
        case .object(let members):
            let lines = members.entries.map { name, value in
                margin + Node.string(name).pretty() + ": " + value.pretty(indent: indent + 2)
            }
            return "{\n" + lines.joined(separator: ",\n") + end + "}"
        default: return compact
        }
    }
}

extension String {
    /// Compact JSON with a blank after commas and colons that are not inside texts.
    fileprivate func spaced(_ node: Node) -> String {
        guard node.object != nil || node.list != nil else { return self }
        var text = ""
        var isInText = false
        var isEscaped = false
        for character in self {
            text.append(character)
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isInText.toggle()
            } else if !isInText, character == "," || character == ":" {
                text.append(" ")
            }
        }
        return text
    }
}
