import HTTP
import Testing

@testable import DigidelAPI

/// eMedborgarveckan every October and Get Online Week every spring: editions told apart by measure and channel.
@Suite struct CampaignWeeksTests {
    private static let shared = Task { try await programme() }
    private static let editions = "campaign-series/emedborgarveckan/editions"

    private static func programme() async throws -> TestApp {
        let service = try await TestApp.make(at: "2017-06-01T10:00:00Z")
        let areas = try await service.ids(
            "areas?country=se&level=municipality&sort=-population&limit=200", key: nil)
        // More than there are municipalities: some have two.
        try await service.makeOrganisations(
            (0..<300).map { number in
                (
                    id: actor(number), kind: number % 3 == 0 ? "studyAssociation" : "library",
                    area: areas[number % areas.count], name: "Arrangör \(number)"
                )
            })
        try await service.create(
            "campaign-series",
            [
                ["id": "emedborgarveckan", "name": ["sv": "eMedborgarveckan", "en": "eCitizen Week"]],
                ["id": "get-online-week", "name": ["en": "Get Online Week"]],
            ])
        try await service.create(
            "campaigns",
            [
                edition("emedborgarveckan", 2015, "2015-10-05", "2015-10-11", ["attendances"]),
                edition("emedborgarveckan", 2016, "2016-10-03", "2016-10-09", ["attendances", "reached"]),
                edition("get-online-week", 2017, "2017-03-27", "2017-04-02", ["attendances", "reached"])
                    .merged(with: ["countries": ["se", "no", "dk"]]),
            ])
        try await service.report(reports(areas))
        for year in [2015, 2016] { try await service.act("campaigns/emedborgarveckan-\(year)/lock") }
        return service
    }

    private static func actor(_ number: Int) -> String { "arrangor-\(number)" }

    private static func edition(
        _ series: String, _ year: Int, _ from: JSONValue, _ to: JSONValue, _ measures: JSONValue
    ) -> JSONValue {
        [
            "id": .string("\(series)-\(year)"), "name": .string("\(series) \(year)"),
            "series": .string(series), "startsOn": from, "endsOn": to, "countries": ["se"],
            "organiser": .string(actor(0)), "measures": measures,
        ]
    }

    /// 2015: 300 actors, 15 900 visits. 2016: 172 actors, 5 160 visits, 40 by telephone and 15 050 digital interactions.
    private static func reports(_ areas: [String]) -> [JSONValue] {
        func report(
            _ number: Int, _ year: Int, _ measure: JSONValue, _ value: Int, _ channel: JSONValue
        ) -> JSONValue {
            [
                "organisation": .string(actor(number)), "campaign": .string("emedborgarveckan-\(year)"),
                "measure": measure, "value": .whole(value), "channel": channel,
                "from": year == 2015 ? "2015-10-05" : "2016-10-03",
                "to": year == 2015 ? "2015-10-11" : "2016-10-09",
                "area": .string(areas[number % areas.count]),
            ]
        }
        return (0..<300).map { report($0, 2015, "attendances", 53, "onSite") }
            + (0..<172).map { report($0, 2016, "attendances", 30, "onSite") }
            + (0..<4).map { report($0, 2016, "attendances", 10, "phone") }
            + (0..<43).map { report($0, 2016, "reached", 350, "remote") }
    }

    @Test func editionsSideBySideByMeasureAndChannel() async throws {
        let service = try await Self.shared.value
        let answer = await service.get(Self.editions, fields: ["Accept-Language": "en"])
        #expect(answer["name"] == "eCitizen Week")
        let editions: JSONValue = [
            ["emedborgarveckan-2015", "2015-10-05", "2015-10-11", 300, "final", ["se"]],
            ["emedborgarveckan-2016", "2016-10-03", "2016-10-09", 172, "final", ["se"]],
        ]
        let columns = answer["editions"]?.table(
            "campaign", "startsOn", "endsOn", "reporters", "finality", "countries")
        #expect(columns == editions)
        func values(_ first: JSONValue, _ second: JSONValue) -> JSONValue {
            [
                ["campaign": "emedborgarveckan-2015", "value": first],
                ["campaign": "emedborgarveckan-2016", "value": second],
            ]
        }
        let rows: JSONValue = [
            ["attendances", "visits", "onSite", values(15_900, 5_160), .bool(true)],
            ["attendances", "visits", "phone", values(.null, 40), .bool(false)],
            ["reached", "interactions", "remote", values(.null, 15_050), .bool(false)],
        ]
        #expect(answer["rows"]?.table("measure", "unit", "channel", "values", "comparable") == rows)
        #expect(answer["rows", 1, "reasons", 0, "code"] == "channelNotReported")
        #expect(answer["rows", 2, "reasons", 0, "code"] == "measureNotCounted")
        #expect(answer["comparable"] == .bool(true))
    }

    /// Interactions and visits are never one sum: more than 20 000 is what a reader may add, not the service.
    @Test func theSameAsStatistics() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("statistics?series=emedborgarveckan&groupBy=campaign,channel")
        let expected: JSONValue = [
            ["emedborgarveckan-2015", "attendances", "onSite", 15_900],
            ["emedborgarveckan-2016", "attendances", "onSite", 5_160],
            ["emedborgarveckan-2016", "attendances", "phone", 40],
            ["emedborgarveckan-2016", "reached", "remote", 15_050],
        ]
        let rows = answer.table("campaign", "measure", "channel", "value").list ?? []
        #expect(Set(rows.map { "\($0)" }) == Set((expected.list ?? []).map { "\($0)" }))
    }

    @Test(arguments: [
        ("series=emedborgarveckan&sort=startsOn", ["emedborgarveckan-2015", "emedborgarveckan-2016"]),
        ("series=get-online-week", ["get-online-week-2017"]), ("on=2017-03-27", ["get-online-week-2017"]),
        ("on=2017-04-02&country=dk", ["get-online-week-2017"]), ("on=2017-04-03", []),
        ("on=2016-10-09", ["emedborgarveckan-2016"]),
    ])
    func weeksAreFound(query: String, ids: [String]) async throws {
        let service = try await Self.shared.value
        #expect(try await service.ids("campaigns?\(query)", key: nil) == ids)
    }
}
