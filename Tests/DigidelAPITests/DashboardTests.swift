import Foundation
import HTTP
import Testing

@testable import DigidelAPI

/// The pages for people as the service serves them; what they do in a browser is tested by scripts/browser.
@Suite struct DashboardTests {
    private func get(
        _ target: String, from service: TestApp, fields: KeyValuePairs<String, String> = [:]
    ) async -> Answer {
        var request = Request(.get, target)
        for (name, value) in fields { request.fields.add(name, value) }
        return Answer(response: await service.app.answer(to: request))
    }

    // MARK: Pages

    @Test func thePagesAreServedWithoutADatabase() async throws {
        let service = try TestApp.withoutDatabase()
        for (path, mediaType) in [
            ("/", "text/html; charset=utf-8"), ("/embed/goals/digidel2013", "text/html; charset=utf-8"),
            ("/dashboard.css", "text/css; charset=utf-8"),
            ("/dashboard.js", "text/javascript; charset=utf-8"),
            ("/icon.svg", "image/svg+xml"),
        ] {
            let answer = await get(path, from: service)
            #expect(answer.status == .ok, "\(path)")
            #expect(answer.response.fields["Content-Type"] == mediaType)
            #expect(answer.response.fields["X-Content-Type-Options"] == "nosniff")
            #expect(answer.response.fields["Cache-Control"] == "public, no-cache")
            let etag = try #require(answer.etag)
            let again = await get(path, from: service, fields: ["If-None-Match": etag])
            #expect(again.status == .notModified)
            #expect(again.etag == etag)
        }
    }

    @Test(
        arguments: [
            ("/", nil, "sv"), ("/", "en-GB,en;q=0.9,sv;q=0.5", "en"), ("/", "nb", "sv"), ("/", "de", "sv"),
            ("/?lang=en", "sv", "en"), ("/?lang=sv", "en", "sv"), ("/?lang=all&x=1&x=2", "en", "en"),
            ("/embed/goals/digidel2013?lang=en", nil, "en"),
        ] as [(String, String?, String)])
    func thePagesAreInTheReadersLanguage(target: String, accepted: String?, language: String) async throws {
        let service = try TestApp.withoutDatabase()
        let answer = await get(target, from: service, fields: ["Accept-Language": accepted ?? "*"])
        #expect(answer.status == .ok)
        #expect(answer.text.contains("<html lang=\"\(language)\""))
        #expect(answer.response.fields["Content-Language"] == language)
    }

    @Test func themeAndScreenAreOfClosedSets() async throws {
        let service = try TestApp.withoutDatabase()
        let wall = await get("/?theme=dark&screen=wall", from: service)
        #expect(wall.text.contains("data-theme=\"dark\" data-screen=\"wall\""))
        let other = await get("/?theme=%22%3E%3Cscript%3E&screen=x", from: service)
        #expect(other.text.contains("data-theme=\"auto\" data-screen=\"page\""))
    }

    @Test func nothingForeignRunsInThePagesAndOnlyTheCardMayBeFramed() async throws {
        let service = try TestApp.withoutDatabase()
        for (path, ancestors) in [("/", "'none'"), ("/embed/goals/digidel2013", "*")] {
            let answer = await get(path, from: service)
            let policy = try #require(answer.response.fields["Content-Security-Policy"])
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'; "))
            #expect(policy.hasSuffix("frame-ancestors \(ancestors)"))
            #expect(!policy.contains("unsafe"))
            #expect(answer.response.fields["Referrer-Policy"] == "no-referrer")
            // Addresses are relative: the service may live below any path.
            for attribute in ["src=\"", "href=\""] {
                #expect(!answer.text.contains(attribute + "/") && !answer.text.contains(attribute + "http"))
            }
            #expect(!answer.text.contains(" style=") && !answer.text.contains(" on"))
        }
    }

    @Test func theCardIsOfAGoal() async throws {
        let service = try TestApp.withoutDatabase()
        let card = await get("/embed/goals/digidel2013", from: service)
        #expect(card.text.contains("data-goal=\"digidel2013\""))
        #expect(!card.text.contains("{"))
        #expect(await get("/embed/goals/%22onload", from: service).status == .notFound)
        #expect(await get("/embed/goals", from: service).status == .notFound)
    }

    /// HTML, CSS and JavaScript, as they are.
    @Test func theDashboardIsLight() {
        let weight = EmbeddedFiles.dashboard.filter { $0.key != "embed.html" }.map(\.value.count).reduce(0, +)
        #expect(weight <= 100_000)
    }

    // MARK: Badge

    private static let badge = "/v1/goals/digidel2013/badge.svg"

    @Test func theBadgeHasTheGoalsFigures() async throws {
        let service = try await TestApp.withDigidel2013()
        let report = TestApp.count(["value": 240_000])
        #expect(await service.post("participant-counts", report).status == .created)
        let answer = await get(Self.badge, from: service)
        #expect(answer.status == .ok)
        #expect(answer.response.fields["Content-Type"] == "image/svg+xml")
        #expect(answer.response.fields["Cache-Control"] == "public, no-cache")
        #expect(answer.text.contains("<title>500 000 fler: 48,0\u{a0}% på väg</title>"))
        let english = await get(Self.badge + "?lang=en", from: service)
        #expect(english.text.contains("<title>500 000 fler: 48.0% on track</title>"))
        #expect(
            await get(Self.badge, from: service, fields: ["Accept-Language": "en"]).text == english.text)
    }

    @Test func theBadgesTagFollowsTheFigures() async throws {
        let service = try await TestApp.withDigidel2013()
        let first = try #require(await get(Self.badge, from: service).etag)
        #expect(
            await get(Self.badge, from: service, fields: ["If-None-Match": first]).status == .notModified)
        #expect(await get(Self.badge + "?lang=en", from: service).etag != first)
        let report = TestApp.count(["value": 240_000])
        #expect(await service.post("participant-counts", report).status == .created)
        #expect(await get(Self.badge, from: service, fields: ["If-None-Match": first]).status == .ok)
    }

    @Test func theBadgeEscapesTheName() async throws {
        let service = try await TestApp.withDigidel2013()
        let name: JSONValue = ["name": "<b>\"Å & ö\"</b>"]
        #expect(await service.patch("goals/digidel2013", name).status == .ok)
        let answer = await get(Self.badge, from: service)
        #expect(answer.text.contains("<title>&lt;b&gt;&quot;Å &amp; ö&quot;&lt;/b&gt;: 0,0\u{a0}%"))
        #expect(!answer.text.contains("<b>"))
        let long: JSONValue = ["name": .string(String(repeating: "ord ", count: 30) + "slut")]
        #expect(await service.patch("goals/digidel2013", long).status == .ok)
        #expect(await get(Self.badge, from: service).text.contains("…:"))
    }

    @Test func thereIsNoBadgeOfNoGoal() async throws {
        let service = try await TestApp.make()
        let answer = await get("/v1/goals/none/badge.svg", from: service)
        #expect(answer.status == .notFound)
        #expect(answer["status"] == 404)
    }

    /// A sign with an accent behind it is one `Character`, and still has to be escaped.
    @Test func theBadgeIsXMLWhateverTheNameIs() {
        #expect("A &\u{301} <b> \"c\"".escapedForMarkup == "A &amp;\u{301} &lt;b&gt; &quot;c&quot;")
        #expect("a\u{ffff}\u{1}b".escapedForMarkup == "a\u{fffd}\u{fffd}b")
    }
}
