import HTTP
import Testing

@testable import DigidelAPI

/// Endpoints that go away say so (api.md, "Versions").
@Suite struct DeprecationTests {
    private static let deprecation = Deprecation(
        since: Instant(microseconds: 1_798_761_600_000_000),
        sunset: Instant(microseconds: 1_830_297_599_000_000),
        page: "https://api.example.se/digidel/docs#deprecated")

    @Test func theFieldsSaySinceWhenAndUntilWhen() {
        var fields = Fields()
        Self.deprecation.add(to: &fields)
        #expect(fields["Deprecation"] == "@1798761600")
        #expect(fields["Sunset"] == "Fri, 31 Dec 2027 23:59:59 GMT")
        #expect(
            fields.values(of: "Link") == [
                "<https://api.example.se/digidel/docs#deprecated>; rel=\"deprecation\"; type=\"text/html\"",
                "<https://api.example.se/digidel/docs#deprecated>; rel=\"sunset\"; type=\"text/html\"",
            ])
        fields = Fields()
        Deprecation(since: Self.deprecation.since, sunset: nil, page: Self.deprecation.page).add(to: &fields)
        #expect(fields["Sunset"] == nil && fields.values(of: "Link").count == 1)
    }

    @Test func everyAnswerOfADeprecatedRouteHasThem() async throws {
        let route = Route.get("/v1/old/{id}", App.showArea, deprecation: Self.deprecation)
        let service = try await TestApp.make().configured(routes: Routes.all + [route])
        for (id, status) in [("se-0583", Status.ok), ("nothing", .notFound)] {
            let answer = await service.get("old/\(id)")
            #expect(answer.status == status)
            #expect(answer.response.fields["Deprecation"] == "@1798761600")
        }
        #expect(await service.get("areas/se-0583").response.fields["Deprecation"] == nil)
        let refused = await service.get("old/se-0583", key: "wrong")
        #expect(refused.status == .unauthorized)
        #expect(refused.response.fields["Deprecation"] == "@1798761600")
    }

    @Test func whatIsKeptAndWhatIsRefusedAtItsHeadHasThemToo() async throws {
        let routes = [
            Route.get("/v1/old/{id}/progress", App.showGoalProgress, deprecation: Self.deprecation),
            Route(
                method: .post, template: "/v1/old", access: .key(.admin), effect: .audited,
                deprecation: Self.deprecation, handler: App.createGoal),
        ]
        let service = try await TestApp.withDigidel2013().configured(routes: Routes.all + routes)
        let poll = Request(.get, "/v1/old/digidel2013/progress")
        #expect(await service.app.respond(to: poll).fields["Deprecation"] == "@1798761600")
        let kept = try #require(service.app.respondAtOnce(to: poll))
        #expect(kept.fields["Deprecation"] == "@1798761600")
        guard case .refused(let refused) = service.app.admit(Request(.post, "/v1/old")) else {
            Issue.record("nobody without a key may post")
            return
        }
        #expect(refused.status == .unauthorized && refused.fields["Deprecation"] == "@1798761600")
    }

    @Test func openAPISaysOfTheSameRoutesThatTheyGoAway() throws {
        let document = try OpenAPIDocument.load()
        let documented = Set(
            document.operations.filter { $0.node["deprecated"] != nil }.map { "\($0.method) \($0.route)" })
        let deprecated = Set(
            Routes.all.filter { $0.deprecation != nil }.map { "\($0.method.rawValue) \($0.template)" })
        #expect(documented == deprecated)
    }
}
