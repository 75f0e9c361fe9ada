/// An operation as the guide shows it.
struct GuideOperation {
    let operation: OpenAPIDocument.Operation
    let document: OpenAPIDocument
    let words: GuideWords
    let baseURL: String

    func html() throws -> String {
        let parameters = try (operation.node["parameters"]?.list ?? []).map(document.resolve)
        let samples = document.samplePath(operation.path)
        let summary = operation.node["summary"]?.string ?? operation.id
        let path = operation.route.escapedForMarkup.replacing("{", with: "<var>{").replacing(
            "}", with: "}</var>")
        return """
            <article class="operation" id="\(operation.id)" data-method="\(operation.method)" \
            data-path="\(operation.route.dropFirst())"\(operation.needsKey ? " data-key" : "")>
            <div class="about">
            <h3><a href="#\(operation.id)"\(foreign)>\(summary.escapedForMarkup)</a></h3>
            <p class="address"><span class="method \(operation.method.lowercased())">\(operation.method)</span> \
            <code>\(path)</code>\(operation.needsKey ? " <span class=\"key\">\(words.needsKey)</span>" : "")</p>
            <div\(foreign)>\(Prose.paragraphs(operation.node["description"]?.string ?? ""))</div>
            \(try self.parameters(parameters, samples))
            \(try body())
            \(try answers())
            </div>
            <div class="examples">
            \(try examples(parameters, samples))
            </div>
            </article>
            """
    }

    private var foreign: String { words.foreign }

    // MARK: What is sent

    private func parameters(_ all: [Node], _ samples: [String: String]) throws -> String {
        let fields = all.filter { $0["in"] == .string("header") && $0["required"] != .boolean(true) }
        let others = all.filter { !fields.contains($0) }
        var html = ""
        if !others.isEmpty {
            html += """
                <h4>\(words.parameters)</h4>
                <dl class="parameters">\(try others.map { try parameter($0, samples) }.joined(separator: "\n"))</dl>
                """
        }
        if !fields.isEmpty {
            html += """
                <details><summary>\(words.requestFields) <span class="count">\(fields.count)</span></summary>
                <dl class="parameters">\(try fields.map { try parameter($0, samples) }.joined(separator: "\n"))</dl></details>
                """
        }
        return html
    }

    private func parameter(_ parameter: Node, _ samples: [String: String]) throws -> String {
        let name = parameter["name"]?.string ?? ""
        let place = parameter["in"]?.string ?? ""
        let schema = try document.resolve(parameter["schema"] ?? .null)
        var data = "data-in=\"\(place)\" data-name=\"\(name.escapedForMarkup)\""
        if let sample = samples[name], place == "path" {
            data += " data-value=\"\(sample.escapedForMarkup)\""
        }
        if let choices = schema["enum"]?.list?.compactMap(\.string) {
            data += " data-choices=\"\(choices.joined(separator: " ").escapedForMarkup)\""
        }
        return entry(
            name, place: words.place(place), type: try words.type(of: schema, in: document),
            isRequired: parameter["required"] == .boolean(true), parameter["description"]?.string, data: data)
    }

    /// The members of the body.
    private func body() throws -> String {
        guard let node = operation.node["requestBody"] else { return "" }
        let body = try document.resolve(node)
        let contents = body["content"]?.object?.entries ?? []
        let schema = try document.resolve(contents.first?.value["schema"] ?? .null)
        let types = contents.map { "<code>\($0.name.escapedForMarkup)</code>" }.joined(separator: ", ")
        let required = Set(schema["required"]?.list?.compactMap(\.string) ?? [])
        let members = try (schema["properties"]?.object?.entries ?? []).map { name, member in
            let resolved = try document.resolve(member)
            return entry(
                name, place: nil, type: try words.type(of: resolved, in: document),
                isRequired: required.contains(name),
                member["description"]?.string ?? resolved["description"]?.string)
        }
        let list =
            members.isEmpty
            ? ""
            : """
            <details><summary>\(words.members) <span class="count">\(members.count)</span></summary>
            <dl class="parameters">\(members.joined(separator: "\n"))</dl></details>
            """
        return """
            <h4>\(words.body)</h4>
            <p><span\(foreign)>\(Prose.inline(body["description"]?.string ?? "")).</span> \(types)</p>
            \(list)
            """
    }

    private func entry(
        _ name: String, place: String?, type: String, isRequired: Bool, _ description: String?,
        data: String = ""
    ) -> String {
        let place = place.map { " <span>\($0)</span>" } ?? ""
        let required = isRequired ? " <strong>\(words.required)</strong>" : ""
        let meaning = description.map { "<dd\(foreign)>\(Prose.inline($0))</dd>" } ?? ""
        return """
            <div \(data)><dt><code>\(name.escapedForMarkup)</code>\(place) <span>\(type)</span>\(required)</dt>\(meaning)</div>
            """
    }

    // MARK: What is answered

    private func answers() throws -> String {
        let answers = try (operation.node["responses"]?.object?.entries ?? []).map { status, response in
            (status, try document.resolve(response)["description"]?.string ?? "")
        }
        let list = answers.map { status, description in
            "<div><dt><code>\(status)</code></dt><dd\(foreign)>\(Prose.inline(description))</dd></div>"
        }
        let statuses = answers.map { "<code>\($0.0)</code>" }.filter { $0 != "<code>default</code>" }
        return """
            <details class="answers"><summary>\(words.answers) <span>\(statuses.joined(separator: " "))</span></summary>
            <dl>\(list.joined())</dl></details>
            """
    }

    // MARK: Examples

    private func examples(_ parameters: [Node], _ samples: [String: String]) throws -> String {
        let bodies = try contents(of: operation.node["requestBody"])
        var html = figure("curl", curl(parameters, samples, body: bodies.first), isOpen: true)
        for body in bodies {
            html += figure("\(words.exampleBody), \(body.mediaType)", body.text, isOpen: false)
        }
        let success = operation.node["responses"]?.object?.entries.first { $0.name.hasPrefix("2") }
        let answers = try contents(of: success?.value)
        let status = success?.name ?? ""
        for answer in answers {
            html += figure(
                "\(words.exampleAnswer), \(status) \(answer.mediaType)", answer.text,
                isOpen: answer.isFirst && answer.text.count < 1600)
        }
        if answers.isEmpty { html += "<p>\(words.noContent)</p>" }
        if operation.method == "GET" { html += "<div class=\"try\"></div>" }
        return html
    }

    private typealias Content = (mediaType: String, text: String, isFirst: Bool)

    /// The examples of each media type that a body may have, one for media types that have the same.
    private func contents(of node: Node?) throws -> [Content] {
        var found: [Content] = []
        for (mediaType, content) in try document.resolve(node ?? .null)["content"]?.object?.entries ?? [] {
            let example = try document.example(of: content)
            let text = example.string ?? example.pretty()
            guard !found.contains(where: { $0.text == text }) else { continue }
            found.append((mediaType, text, found.isEmpty))
        }
        return found
    }

    private func figure(_ title: String, _ text: String, isOpen: Bool) -> String {
        """
        <details class="code"\(isOpen ? " open" : "")><summary>\(title.escapedForMarkup)</summary>
        <pre><code>\(text.escapedForMarkup)</code></pre></details>
        """
    }

    /// A command that does it; `$KEY` is the reader's.
    private func curl(_ parameters: [Node], _ samples: [String: String], body: Content?) -> String {
        var path = operation.path
        for (name, value) in samples { path = path.replacing("{\(name)}", with: value) }
        let root = operation.route == operation.path ? baseURL.withoutVersion : baseURL
        var lines = ["curl '\(root)\(path)'"]
        if !["GET", body == nil ? "" : "POST"].contains(operation.method) {
            lines.append("-X \(operation.method)")
        }
        if operation.needsKey { lines.append("-H \"Authorization: Bearer $KEY\"") }
        for parameter in parameters
        where parameter["name"] == .string("If-Match") && parameter["required"] == .boolean(true) {
            lines.append("-H 'If-Match: \"1-sv\"'")
        }
        if let body {
            lines.append("-H 'Content-Type: \(body.mediaType)'")
            lines.append("--data-binary '\(body.text.replacing("'", with: "'\\''"))'")
        }
        return lines.joined(separator: " \\\n  ")
    }
}
