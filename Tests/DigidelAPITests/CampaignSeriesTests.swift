import HTTP
import Testing

@testable import DigidelAPI

@Suite struct CampaignSeriesTests {
    private func service() async throws -> TestApp {
        let service = try await TestApp.make()
        let series: [JSONValue] = [
            [
                "id": "emedborgarveckan",
                "name": ["sv": "eMedborgarveckan", "en": "eCitizen Week", "nb": "eBorgeruken"],
            ],
            ["name": "Get Online Week", "description": ["en": "Every March", "sv": "Varje mars"]],
        ]
        for one in series {
            let answer = await service.post("campaign-series", one)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        return service
    }

    @Test(arguments: [
        ("week", ["emedborgarveckan", "get-online-week"]), ("eborger", ["emedborgarveckan"]),
        ("online%20get", ["get-online-week"]), ("mars", ["get-online-week"]), ("march", ["get-online-week"]),
        ("april", []), ("online%20ecitizen", []),
    ])
    func seriesAreFoundByTheirNamesAndDescriptions(text: String, ids: [String]) async throws {
        let service = try await service()
        #expect(try await service.ids("campaign-series?sort=id&q=\(text)", key: nil) == ids)
    }

    @Test func theDescriptionFollowsTheLanguage() async throws {
        let service = try await service()
        #expect(await service.get("campaign-series/get-online-week")["description"] == "Varje mars")
        let english = await service.get("campaign-series/get-online-week", fields: ["Accept-Language": "en"])
        #expect(english["description"] == "Every March")
        #expect(await service.get("campaign-series/emedborgarveckan")["description"] == nil)
    }

    @Test func everyFaultIsToldAtOnce() async throws {
        let service = try await TestApp.make()
        let answer = await service.post(
            "campaign-series", ["description": ["sv": 5], "startsOn": "2012-01-01"])
        #expect(answer.status == .badRequest)
        #expect(
            answer.faults == ["/name": "malformed", "/description": "malformed", "/startsOn": "malformed"])
    }
}
