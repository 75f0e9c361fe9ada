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

    /// The same for people.
    var html: [UInt8] {
        Self.html(
            type.title,
            """
            <p>Status \(type.status.rawValue), problem type <code>\(id)</code>.</p>
            <p>\(type.explanation.replacing("&", with: "&amp;").replacing("<", with: "&lt;"))</p>
            """)
    }

    /// The list for people.
    static func list(baseURL: String) -> [UInt8] {
        let items = ProblemType.allCases.map { type in
            "<li><a href=\"\(baseURL)/problems/\(type.rawValue)\">\(type.title)</a> (\(type.status.rawValue))</li>"
        }
        return html("Kinds of problem", "<ul>\n\(items.joined(separator: "\n"))\n</ul>")
    }

    private static func html(_ title: String, _ content: String) -> [UInt8] {
        Array(
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>\(title) · Digidel API</title>
            <style>body { max-width: 40em; margin: 3em auto; padding: 0 1em; font: 1.1em/1.6 system-ui, sans-serif }</style>
            <h1>\(title)</h1>
            \(content)
            </html>

            """.utf8)
    }
}

extension App {
    func listProblems(_ call: Call) async throws -> Response {
        var query = try call.query()
        try query.finish()
        var json = JSONWriter(capacity: 8192)
        json.object { json in
            json.name("items")
            json.array(ProblemType.allCases) { json, type in
                ProblemPage(type: type).writeObject(to: &json, as: call.representation)
            }
            json.links(["self": baseURL + "/problems"])
        }
        return try call.answer(json.bytes, forPeople: ProblemPage.list(baseURL: baseURL))
    }

    func showProblem(_ call: Call) async throws -> Response {
        var query = try call.query()
        try query.finish()
        guard let type = ProblemType(rawValue: call.parameter("id")) else {
            throw APIError.notFound("kind of problem")
        }
        let page = ProblemPage(type: type)
        var json = JSONWriter()
        page.writeObject(to: &json, as: call.representation)
        return try call.answer(json.bytes, forPeople: page.html)
    }
}

extension Call {
    /// JSON, or the page for people when the client asks for HTML.
    fileprivate func answer(_ json: [UInt8], forPeople html: [UInt8]) throws(APIError) -> Response {
        let isForPeople = request.fields["Accept"]?.contains("text/html") == true
        var response = try answer(.ok, isForPeople ? html : json)
        response.fields["Vary"] = "Accept, Accept-Language, Authorization"
        if isForPeople, response.status == .ok {
            response.fields["Content-Type"] = "text/html; charset=utf-8"
            response.fields["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
        }
        return response
    }
}
