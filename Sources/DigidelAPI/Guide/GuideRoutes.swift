import HTTP

extension App {
    /// The document as JSON.
    func showOpenAPIAsJSON(_ call: Call) async throws -> Response {
        var query = try call.query()
        try query.finish()
        let baseURL = baseURL
        let json = try await KeptDocuments.document("json \(baseURL)") { $0.json(baseURL: baseURL) }
        return try call.answer(.ok, json)
    }

    /// The guide to the API, for people.
    func showGuide(_ call: Call) async throws -> Response {
        let language = DashboardPage.language(for: call)
        let baseURL = baseURL
        let html = try await KeptDocuments.document("\(language.rawValue) \(baseURL)") { document in
            try Guide(document: document, language: language, baseURL: baseURL).html()
        }
        var response = try call.page(html, in: language)
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

extension Call {
    /// A page of the guide, which runs nothing but its own script and is shown in nobody's frame.
    func page(_ html: [UInt8], in language: Language) throws(APIError) -> Response {
        var response = try answer(.ok, html)
        guard response.status == .ok else { return response }
        response.fields["Content-Type"] = "text/html; charset=utf-8"
        response.fields["Content-Language"] = language.rawValue
        response.fields["Content-Security-Policy"] = """
            default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
            base-uri 'none'; form-action 'none'; frame-ancestors 'none'
            """
        return response
    }
}
