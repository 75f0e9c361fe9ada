import HTTP

/// The page that explains a kind of problem; what a problem document's `type` leads to.
struct ProblemPage: Resource {
    static let collection = "problems"
    let type: ProblemType
    var id: String { type.rawValue }
    var revision: Int? { nil }

    func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("type", representation.baseURL + path)
        json.member("title", type.title)
        json.member("status", type.status.rawValue)
        json.member("description", type.explanation)
    }

    /// The same for people, with what to do about it.
    func html(in language: Language, baseURL: String) -> [UInt8] {
        let advice = ProblemAdvice(type)
        let isEnglish = language == .en
        let title = isEnglish ? type.title : advice.swedish.title
        let steps = isEnglish ? advice.steps : advice.swedish.steps
        let example = """
            {
              "type": "\(baseURL)\(path)",
              "title": "\(type.title)",
              "status": \(type.status.rawValue),
              "detail": "…",
              "instance": "4bf92f3577b34da6a3ce929d0e0e4736"
            }
            """
        return GuidePage(language: language, root: "../../", title: title).html(
            """
            <main id="main" tabindex="-1">
            <p class="address"><span class="status">\(type.status.rawValue)</span> <code>\(id)</code></p>
            <h1>\(title.escapedForMarkup)</h1>
            \(Prose.paragraphs(isEnglish ? type.explanation : advice.swedish.meaning))
            <h2>\(isEnglish ? "What to do" : "Vad du kan göra")</h2>
            <ol>\(steps.map { "<li>\(Prose.inline($0))</li>" }.joined())</ol>
            <h2>\(isEnglish ? "How it looks" : "Så ser det ut")</h2>
            <pre><code>\(example.escapedForMarkup)</code></pre>
            <p><a href="../problems">\(isEnglish ? "All kinds of problem" : "Alla slags fel")</a></p>
            </main>
            """)
    }

    /// The list for people.
    static func list(in language: Language) -> [UInt8] {
        let title = language == .en ? "Problems and what to do about them" : "Fel och vad du kan göra åt dem"
        let items = ProblemType.allCases.sorted { $0.status.rawValue < $1.status.rawValue }.map { type in
            let title = language == .en ? type.title : ProblemAdvice(type).swedish.title
            return """
                <li><a href="problems/\(type.rawValue)"><span class="status">\(type.status.rawValue)</span> \
                <span>\(title.escapedForMarkup)</span></a></li>
                """
        }
        return GuidePage(language: language, root: "../", title: title).html(
            """
            <main id="main" tabindex="-1">
            <h1>\(title)</h1>
            <ul class="problems">\(items.joined(separator: "\n"))</ul>
            </main>
            """)
    }
}

extension App {
    func listProblems(_ call: Call) async throws -> Response {
        try answer(call, forPeople: ProblemPage.list) { json in
            json.object { json in
                json.name("items")
                json.array(ProblemType.allCases) { json, type in
                    ProblemPage(type: type).writeObject(to: &json, as: call.representation)
                }
                json.links(["self": baseURL + "/problems"])
            }
        }
    }

    func showProblem(_ call: Call) async throws -> Response {
        guard let type = ProblemType(rawValue: call.parameter("id")) else {
            throw APIError.notFound("kind of problem")
        }
        let page = ProblemPage(type: type)
        return try answer(call, forPeople: { page.html(in: $0, baseURL: baseURL) }) { json in
            page.writeObject(to: &json, as: call.representation)
        }
    }

    /// JSON, or the page for people when the client asks for HTML; that takes `lang=sv|en`, as all pages do.
    private func answer(
        _ call: Call, forPeople html: (Language) -> [UInt8], _ write: (inout JSONWriter) -> Void
    ) throws(APIError) -> Response {
        let isForPeople = call.request.fields["Accept"]?.contains("text/html") == true
        if !(isForPeople && ["lang=sv", "lang=en"].contains(call.request.query)) {
            var query = try call.query()
            try query.finish()
        }
        var response: Response
        if isForPeople {
            let language = call.pageLanguage
            let page = html(language)
            response = try call.page(page, tag: call.contentTag(page), in: language)
        } else {
            var json = JSONWriter(capacity: 8192)
            write(&json)
            response = try call.answer(.ok, json.bytes)
        }
        response.fields["Vary"] = "Accept, Accept-Language, Authorization"
        return response
    }
}
