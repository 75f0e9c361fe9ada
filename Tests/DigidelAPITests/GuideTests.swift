import Foundation
import HTTP
import Testing

@testable import DigidelAPI

/// The guide to the API as it is served; what it does in a browser is tested by scripts/browser.
@Suite struct GuideTests {
    private static let service = Result { try TestApp.withoutDatabase() }

    private func get(_ target: String, fields: KeyValuePairs<String, String> = [:]) async throws -> Answer {
        var request = Request(.get, target)
        for (name, value) in fields { request.fields.add(name, value) }
        return Answer(response: await (try Self.service.get()).app.answer(to: request))
    }

    @Test(arguments: [
        ("/docs", "text/html; charset=utf-8"), ("/guide.css", "text/css; charset=utf-8"),
        ("/guide.js", "text/javascript; charset=utf-8"), ("/v1/openapi.json", "application/json"),
    ])
    func theGuideIsServedWithoutADatabaseAndCached(path: String, mediaType: String) async throws {
        let answer = try await get(path)
        #expect(answer.status == .ok)
        #expect(answer.response.fields["Content-Type"] == mediaType)
        #expect(answer.response.fields["Cache-Control"] == "public, no-cache")
        let etag = try #require(answer.etag)
        let again = try await get(path, fields: ["If-None-Match": etag])
        #expect(again.status == .notModified && again.response.body.isEmpty)
    }

    @Test(
        arguments: [
            ("/docs", nil, "sv"), ("/docs", "en-GB,en;q=0.9", "en"), ("/docs", "nb", "sv"),
            ("/docs?lang=en", "sv", "en"), ("/docs?lang=sv", "en", "sv"),
            ("/v1/problems/conflict?lang=en", "sv", "en"), ("/v1/problems", "en", "en"),
            ("/v1/problems?lang=sv", "en", "sv"),
        ] as [(String, String?, String)])
    func pagesAreInTheReadersLanguage(target: String, accepted: String?, language: String) async throws {
        let answer = try await get(
            target, fields: ["Accept": "text/html", "Accept-Language": accepted ?? "*"])
        #expect(answer.status == .ok)
        #expect(answer.text.contains("<html lang=\"\(language)\""))
        #expect(answer.response.fields["Content-Language"] == language)
        #expect(answer.text.contains("?lang=\(language == "en" ? "sv" : "en")\""))
    }

    @Test(arguments: ["sv", "en"]) func everyOperationIsThereWithItsParametersAndExamples(
        language: String
    ) async throws {
        let html = try await get("/docs?lang=\(language)").text
        let document = try OpenAPIDocument.load()
        let articles = html.split(separator: "<article ").dropFirst()
        #expect(articles.count == document.operations.count)
        for (article, operation) in zip(articles, byTag(document)) {
            #expect(article.contains("id=\"\(operation.id)\""))
            let needed = ["data-path=\"\(operation.route.dropFirst())\"", "curl '", "<pre><code>"]
            for text in needed { #expect(article.contains(text), "\(operation.id): \(text)") }
            for reference in operation.node["parameters"]?.list ?? [] {
                let parameter = try document.resolve(reference)
                let name = try #require(parameter["name"]?.string)
                let place = try #require(parameter["in"]?.string)
                #expect(
                    article.contains("data-in=\"\(place)\" data-name=\"\(name)\""), "\(operation.id) \(name)")
            }
            for status in operation.node["responses"]?.object?.names ?? [] {
                #expect(article.contains("<code>\(status)</code>"), "\(operation.id) \(status)")
            }
            // No command has a name left where a value belongs.
            let curl = article.split(separator: "curl '")[1].prefix { $0 != "\n" }
            #expect(!curl.contains("{"), "\(curl)")
            #expect(article.contains("class=\"try\"") == (operation.method == "GET"))
            #expect(article.contains("Bearer $KEY") == operation.needsKey, "\(operation.id)")
        }
    }

    /// The operations in the order of the tags.
    private func byTag(_ document: OpenAPIDocument) -> [OpenAPIDocument.Operation] {
        let tags = document.root["tags"]?.list?.compactMap { $0["name"]?.string } ?? []
        return tags.flatMap { tag in
            document.operations.filter { $0.node["tags"]?.list?.first?.string == tag }
        }
    }

    @Test func bothIntroductionsSayTheSameThings() async throws {
        func chapters(_ language: String) async throws -> [String] {
            try await get("/docs?lang=\(language)").text.matches(of: /<h2 id="([a-z-]+)"/).map {
                String($0.1)
            }
        }
        let swedish = try await chapters("sv")
        #expect(swedish == (try await chapters("en")))
        for chapter in [
            "key", "first-count", "errors", "caching", "idempotency", "paging", "rate-limits", "security",
        ] {
            #expect(swedish.contains(chapter))
        }
    }

    /// Every address within the page leads somewhere in it, and no id is there twice.
    @Test(arguments: ["sv", "en"]) func everyAnchorIsThereOnce(language: String) async throws {
        let html = try await get("/docs?lang=\(language)").text
        let ids = html.matches(of: #/ id="([^"]+)"/#).map { String($0.1) }
        #expect(Set(ids).count == ids.count)
        for anchor in html.matches(of: /href="\#([^"]+)"/) {
            #expect(ids.contains(String(anchor.1)), "\(anchor.1)")
        }
        #expect(!html.contains("{root}") && !html.contains("{api}") && !html.contains("{up}"))
    }

    @Test(arguments: ["/docs", "/v1/problems", "/v1/problems/conflict"])
    func nothingForeignRunsInThePages(path: String) async throws {
        let answer = try await get(path, fields: ["Accept": "text/html"])
        let policy = try #require(answer.response.fields["Content-Security-Policy"])
        #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'; "))
        #expect(policy.hasSuffix("frame-ancestors 'none'") && !policy.contains("unsafe"))
        // What a page loads is relative: the service may live below any path.
        for tag in answer.text.matches(of: /<(?:script|link|img)[^>]*>/) {
            #expect(!tag.0.contains("=\"/") && !tag.0.contains("http"), "\(tag.0)")
        }
        #expect(!answer.text.contains(" style=\"") && !answer.text.contains(" onclick"))
    }

    @Test(arguments: ProblemType.allCases) func aProblemsPageSaysWhatToDoInBothLanguages(type: ProblemType)
        async throws
    {
        let advice = ProblemAdvice(type)
        #expect(!advice.steps.isEmpty && advice.steps.count == advice.swedish.steps.count)
        let path = "/v1/problems/\(type.rawValue)"
        let english = try await get("\(path)?lang=en", fields: ["Accept": "text/html"]).text
        let swedish = try await get("\(path)?lang=sv", fields: ["Accept": "text/html"]).text
        #expect(
            english.contains("<h1>\(type.title)</h1>") && swedish.contains("<h1>\(advice.swedish.title)</h1>")
        )
        for step in advice.steps { #expect(english.contains("<li>\(Prose.inline(step))</li>")) }
        for step in advice.swedish.steps { #expect(swedish.contains("<li>\(Prose.inline(step))</li>")) }
    }

    @Test func theJSONIsTheDocumentWithTheServicesAddress() async throws {
        let served = try Node(json: Data(try await get("/v1/openapi.json").response.body))
        #expect(served["servers"]?.list?.first?["url"]?.string == TestApp.baseURL)
        // In JSON 1.0 is 1. What PyYAML reads in the file is compared by scripts/contract.
        var written = JSONWriter()
        try OpenAPIDocument.load().root.write(to: &written)
        #expect(try served == Node(json: Data(written.bytes)))
        let other = try OpenAPIDocument.load().json(baseURL: "https://other.example/v1")
        let json = try Node(json: Data(other))
        #expect(json["servers"]?.list?.first?["url"]?.string == "https://other.example/v1")
        let health = json["paths"]?["/health/live"]?["get"]?["servers"]?.list?.first?["url"]
        #expect(health?.string == "https://other.example")
        #expect(try await get("/v1/openapi.json?x=1").status == .badRequest)
    }

    // MARK: Parts

    @Test(arguments: [
        ("{type: integer, minimum: 3}", "3"), ("{type: string, format: date}", "\"2016-10-03\""),
        ("{enum: [b, a]}", "\"b\""), ("{type: array, items: {type: boolean}}", "[false]"),
        ("{type: object, required: [a], properties: {a: {const: 1}, b: {type: string}}}", "{\"a\": 1}"),
        ("{oneOf: [{type: 'null'}, {type: string}]}", "null"), ("{example: x, type: string}", "\"x\""),
    ])
    func aValueIsMadeOfASchema(schema: String, value: String) throws {
        let document = try OpenAPIDocument.load()
        #expect(try document.sample(of: Node(yaml: schema)).pretty() == value)
    }

    @Test func jsonIsWrittenForPeople() throws {
        let node = try Node(yaml: "{a: [1, 'x, y: z'], b: {c: null}}")
        #expect(node.pretty() == #"{"a": [1, "x, y: z"], "b": {"c": null}}"#)
        let long = try Node(yaml: "{a: \(String(repeating: "x", count: 80)), b: [1]}")
        #expect(long.pretty() == "{\n  \"a\": \"\(String(repeating: "x", count: 80))\",\n  \"b\": [1]\n}")
    }

    @Test func proseIsEscaped() {
        #expect(Prose.inline("a `<b>` & c") == "a <code>&lt;b&gt;</code> &amp; c")
        #expect(Prose.paragraphs("a\n\nb") == "<p>a</p><p>b</p>")
    }
}
