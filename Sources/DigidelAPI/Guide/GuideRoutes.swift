import HTTP

extension App {
    /// The document as JSON.
    func showOpenAPIAsJSON(_ call: Call) async throws -> Response {
        var query = try call.query()
        try query.finish()
        let baseURL = baseURL
        let json = try await KeptDocuments.document("json \(baseURL)") { $0.json(baseURL: baseURL) }
        return try call.answer(.ok, json.bytes, tag: json.tag(for: call))
    }

    /// The guide to the API, for people.
    func showGuide(_ call: Call) async throws -> Response {
        let language = call.pageLanguage
        let baseURL = baseURL
        let html = try await KeptDocuments.document("\(language.rawValue) \(baseURL)") { document in
            try Guide(document: document, language: language, baseURL: baseURL).html()
        }
        var response = try call.page(html.bytes, tag: html.tag(for: call), in: language)
        response.fields["Link"] = catalogueLink
        return response
    }

    func showGuideStyle(_ call: Call) async throws -> Response {
        try call.file(EmbeddedFiles.guide["guide.css"], "text/css; charset=utf-8")
    }

    func showGuideScript(_ call: Call) async throws -> Response {
        try call.file(EmbeddedFiles.guide["guide.js"], "text/javascript; charset=utf-8")
    }
}
