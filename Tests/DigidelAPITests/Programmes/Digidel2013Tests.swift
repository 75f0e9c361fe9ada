import Foundation
import HTTP
import Testing

@testable import DigidelAPI

/// Digidel2013: 500 000 more digitally included by the end of 2013, reported by more than 450 actors and judged by a survey.
/// The figures of 30 June 2012 are those of domain.md's example.
@Suite struct Digidel2013Tests {
    private static let shared = Task { try await programme() }

    private struct County {
        let id: String
        let name: String
        /// Reported for 2011, and for April and May of 2012.
        let first: Int
        let second: Int
        let population: Int
        let perThousand: String
    }

    /// Stockholm, Skåne and Norrbotten lag.
    private static let counties = [
        County(
            id: "se-01", name: "Stockholm", first: 13_160, second: 9870, population: 2_473_307,
            perThousand: "9.31"),
        County(
            id: "se-03", name: "Uppsala", first: 6200, second: 4650, population: 407_912, perThousand: "26.6"),
        County(
            id: "se-04", name: "Södermanland", first: 4580, second: 3430, population: 301_542,
            perThousand: "26.56"),
        County(
            id: "se-05", name: "Östergötland", first: 7180, second: 5380, population: 472_446,
            perThousand: "26.59"),
        County(
            id: "se-06", name: "Jönköping", first: 5620, second: 4220, population: 370_009,
            perThousand: "26.59"),
        County(
            id: "se-07", name: "Kronoberg", first: 3090, second: 2310, population: 203_351,
            perThousand: "26.56"),
        County(
            id: "se-08", name: "Kalmar", first: 3740, second: 2810, population: 246_352, perThousand: "26.59"),
        County(
            id: "se-09", name: "Gotland", first: 920, second: 690, population: 60_971, perThousand: "26.41"),
        County(
            id: "se-10", name: "Blekinge", first: 2390, second: 1790, population: 157_223,
            perThousand: "26.59"),
        County(
            id: "se-12", name: "Skåne", first: 7600, second: 5700, population: 1_428_626, perThousand: "9.31"),
        County(
            id: "se-13", name: "Halland", first: 5240, second: 3930, population: 345_074, perThousand: "26.57"
        ),
        County(
            id: "se-14", name: "Västra Götaland", first: 27_060, second: 20_330, population: 1_772_821,
            perThousand: "26.73"),
        County(
            id: "se-17", name: "Värmland", first: 4310, second: 3230, population: 283_384,
            perThousand: "26.61"),
        County(
            id: "se-18", name: "Örebro", first: 4690, second: 3510, population: 308_375, perThousand: "26.59"),
        County(
            id: "se-19", name: "Västmanland", first: 4270, second: 3200, population: 281_158,
            perThousand: "26.57"),
        County(
            id: "se-20", name: "Dalarna", first: 4350, second: 3260, population: 286_546, perThousand: "26.56"
        ),
        County(
            id: "se-21", name: "Gävleborg", first: 4320, second: 3240, population: 284_558,
            perThousand: "26.57"),
        County(
            id: "se-22", name: "Västernorrland", first: 3670, second: 2750, population: 241_458,
            perThousand: "26.59"),
        County(
            id: "se-23", name: "Jämtland", first: 2020, second: 1510, population: 132_839,
            perThousand: "26.57"),
        County(
            id: "se-24", name: "Västerbotten", first: 4270, second: 3200, population: 281_138,
            perThousand: "26.57"),
        County(
            id: "se-25", name: "Norrbotten", first: 1320, second: 990, population: 248_620,
            perThousand: "9.29"),
    ]
    private static let actorsPerCounty = 22

    private static func programme() async throws -> TestApp {
        let service = try await TestApp.make(at: "2014-06-30T10:00:00Z")
        try await service.makeOrganisations(
            counties.flatMap { county in
                (0..<actorsPerCounty).map {
                    (
                        id: actor($0, county), kind: $0 == 0 ? "library" : "studyAssociation",
                        area: county.id,
                        name: "Aktör \($0), \(county.name)"
                    )
                }
            })
        try await service.makeDigidel2013(organiser: actor(0, counties[0]))
        for county in counties {
            for number in 0..<actorsPerCounty {
                try await service.place("campaigns/digidel2013/enrolments/\(actor(number, county))", [:])
            }
        }
        try await service.report(
            counties.flatMap { county in
                reports(of: county.first, county, from: "2011-04-01", to: "2011-12-31")
                    + reports(of: county.second, county, from: "2012-04-01", to: "2012-05-31")
            })
        try await survey(service)
        return service
    }

    /// From 1.7 million non-users down, as a population survey has it.
    private static func survey(_ service: TestApp) async throws {
        try await service.create(
            "indicators",
            [
                [
                    "id": "utan-internetvana", "name": "Vuxna som sällan eller aldrig använder internet",
                    "source": "Befolkningsundersökning", "unit": "personer",
                ]
            ])
        for (date, value) in [
            ("2011-12-31", 1_550_000), ("2012-12-31", 1_350_000), ("2013-12-31", 1_180_000),
        ] {
            try await service.place(
                "indicators/utan-internetvana/observations/\(date)", ["value": .whole(value)])
        }
        try await service.create(
            "goals",
            [
                [
                    "id": "digidel2013-befolkning", "name": "Från 1,7 till 1,2 miljoner",
                    "campaign": "digidel2013", "kind": "stock", "indicator": "utan-internetvana",
                    "direction": "down", "baseline": ["value": 1_700_000], "target": 1_200_000,
                ]
            ])
    }

    private static func actor(_ number: Int, _ county: County) -> String { "aktor-\(number)-\(county.id)" }

    /// The last actor of the first four counties keeps silent.
    private static func reporters(_ county: County) -> Int {
        counties.prefix(4).contains { $0.id == county.id } ? actorsPerCounty - 1 : actorsPerCounty
    }

    /// A county's total, by its reporters: as much each, and the first one what remains.
    private static func reports(
        of total: Int, _ county: County, from: String, to: String
    ) -> [JSONValue] {
        let reporters = reporters(county)
        return (0..<reporters).map { number in
            let share = total / reporters
            return [
                "organisation": .string(actor(number, county)), "campaign": "digidel2013",
                "measure": "newlyIncluded", "evidence": "guideAssessed", "channel": "onSite",
                "value": .whole(number == 0 ? total - share * (reporters - 1) : share),
                "from": .string(from),
                "to": .string(to), "area": .string(county.id), "externalId": .string(to),
            ]
        }
    }

    // MARK: How far, on pace, when, how much a day

    @Test func howFarWhetherOnPaceAndWhenWeArrive() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("goals/digidel2013/progress?on=2012-06-30")
        let expected: JSONValue = [
            "goal": "digidel2013", "name": "500 000 fler", "unit": "people", "campaign": "digidel2013",
            "measure": "newlyIncluded", "target": 500_000, "baseline": 0, "value": 210_000,
            "achieved": 210_000,
            "required": 500_000, "progress": .share(210_000, of: 500_000, percent: "42"),
            "remaining": 290_000,
            "expected": .exactly("249543.8"), "variance": .exactly("-39543.8"), "pace": .exactly("0.842"),
            "requiredPerDay": .exactly("528.2"), "status": "atRisk", "achievedOn": .null,
            "projection": [
                "overall": 420_768, "recent": 759_000, "completionDate": "2013-04-16",
            ],
            "finality": "preliminary", "reportingRate": .share(458, of: 462, percent: "99.1"),
            "on": "2012-06-30",
        ]
        let changing = answer.json?.without("explanation", "lastReportAt", "asOf", "version", "_links")
        #expect(changing == expected)
        let explanation: JSONValue = [
            "formula": "digidel-goal-1", "tolerance": .exactly("0.15"), "on": "2012-06-30",
            "startsOn": "2011-01-01", "endsOn": "2013-12-31", "daysTotal": 1096, "daysElapsed": 547,
            "achieved": 210_000, "expected": .exactly("249543.8"), "required": 500_000,
        ]
        #expect(answer["explanation"]?.without("text") == explanation)
    }

    /// Nothing more came, and reports may still come until the campaign is locked.
    @Test func howItStoodAtTheEnd() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("goals/digidel2013/progress")
        #expect(answer["value"] == 210_000)
        #expect(answer["remaining"] == 290_000)
        #expect(answer["status"] == "awaitingReports")
        #expect(answer["requiredPerDay"] == .null)
        #expect(answer["projection", "completionDate"] == .null)
    }

    // MARK: Which counties lag

    @Test func whichCountiesLag() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("goals/digidel2013/breakdown?by=county&on=2012-06-30")
        #expect(answer["total"] == 210_000)
        let rows = answer["rows"]?.list ?? []
        let expected = Self.counties.map { county -> JSONValue in
            [
                .string(county.id), .string(county.name), .whole(county.first + county.second), .bool(false),
                .whole(county.population), .exactly(county.perThousand),
            ]
        }
        let columns = answer["rows"]?.table(
            "key", "name", "value", "suppressed", "population", "perThousand")
        #expect(columns == .array(expected))
        let lagging = rows.filter { row in
            guard case .number(let perThousand)? = row["perThousand"] else { return true }
            return perThousand < 20
        }
        #expect(lagging.compactMap { $0["name"]?.string } == ["Stockholm", "Skåne", "Norrbotten"])
    }

    @Test func whoKeepsSilentAndWhere() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("campaigns/digidel2013/completeness?by=county")
        #expect(answer["expected"] == 462)
        #expect(answer["reportingRate"] == .share(458, of: 462, percent: "99.1"))
        let silent = Self.counties.prefix(4).map { county -> JSONValue in
            [.string(Self.actor(21, county)), .string("Aktör 21, \(county.name)"), .string(county.id)]
        }
        #expect(answer["missing"]?.table("organisation", "name", "area") == .array(silent))
        let counties = Self.counties.map { county -> JSONValue in
            [.string(county.id), 22, .whole(Self.reporters(county))]
        }
        #expect(answer["counties"]?.table("county", "expected", "reported") == .array(counties))
    }

    // MARK: The survey beside it

    @Test(arguments: [
        (on: "2011-12-30", value: 1_700_000, percent: "0", status: "insufficientData"),
        ("2012-06-30", 1_550_000, "30", "offTrack"), ("2012-12-31", 1_350_000, "70", "onTrack"),
        ("2013-12-31", 1_180_000, "104", "achieved"),
    ])
    func theSurveyJudgesBesideIt(on: String, value: Int, percent: String, status: String) async throws {
        let service = try await Self.shared.value
        let answer = await service.get("goals/digidel2013-befolkning/progress?on=\(on)")
        #expect(answer["unit"] == "personer")
        #expect(answer["indicator"] == "utan-internetvana")
        #expect(answer["measure"] == nil)
        #expect(answer["value"] == .whole(value))
        #expect(answer["progress"] == .share(1_700_000 - value, of: 500_000, percent: percent))
        #expect(answer["status"] == .string(status))
    }

    @Test func bothViewsStandSideBySide() async throws {
        let service = try await Self.shared.value
        let answer = await service.get("goals?campaign=digidel2013&sort=id")
        let expected: JSONValue = [
            ["digidel2013", "contribution", "newlyIncluded", .null, 500_000],
            ["digidel2013-befolkning", "stock", .null, "utan-internetvana", 1_200_000],
        ]
        #expect(answer.table("id", "kind", "measure", "indicator", "target") == expected)
    }
}
