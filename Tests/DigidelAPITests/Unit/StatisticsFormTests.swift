import Foundation
import Testing

@testable import DigidelAPI

/// The forms that statistics come in, from sums that are at hand.
@Suite struct StatisticsFormTests {
    private static let representation = Representation(
        baseURL: TestApp.baseURL, language: .sv, hasKey: false)
    private static let coordinator = Caller(key: nil, role: .coordinator, organisation: nil)

    private func statistics(
        _ groupings: [Grouping], _ rows: [([String?], Int)], for caller: Caller? = nil,
        names: [String: String] = [:], population: Int? = nil
    ) throws -> Statistics {
        let area = groupings.firstIndex(where: \.isArea)
        let sums = CountSums(
            groupings: groupings,
            rows: rows.map { keys, value in
                let name = area.flatMap { keys[$0] }.flatMap { names[$0] }
                return CountSums.Row(
                    keys: keys, value: value, areaName: name.map { LocalisedText([.sv: $0]) },
                    population: name == nil ? nil : population, organisationName: nil)
            },
            version: 7, asOf: try instant("2012-07-02T09:30:00Z"), isFinal: false)
        return Statistics(groupBy: groupings.filter { $0 != .measure }, sums, for: caller)
    }

    private func cube(_ statistics: Statistics) throws -> JSONValue {
        let cube = try #require(JSONStat(statistics, address: "https://x/statistics"))
        var json = JSONWriter()
        cube.write(to: &json, as: Self.representation)
        return try JSONValue(parsing: json.bytes)
    }

    // MARK: JSON-stat

    /// As it would be written by hand from json-stat.org/full.
    @Test func aCubeIsAsItIsDrawn() throws {
        let statistics = try statistics(
            [.county, .gender, .measure],
            [
                (["se-01", "man", "newlyIncluded"], 20), (["se-01", "woman", "newlyIncluded"], 30),
                (["se-05", "man", "newlyIncluded"], 40), (["se-05", "woman", "attendances"], 3),
                ([nil, "woman", "newlyIncluded"], 50), ([nil, nil, "newlyIncluded"], 2),
            ] as [([String?], Int)],
            names: ["se-01": "Stockholm", "se-05": "Östergötland"])
        let county: JSONValue = [
            "label": "county",
            "category": [
                "index": ["notReported", "se-01", "se-05"],
                "label": ["notReported": "notReported", "se-01": "Stockholm", "se-05": "Östergötland"],
            ],
        ]
        let gender: JSONValue = [
            "label": "gender", "category": ["index": ["man", "notReported", "woman"]],
        ]
        let measure: JSONValue = [
            "label": "measure",
            "category": [
                "index": ["attendances", "newlyIncluded"],
                "unit": ["attendances": ["label": "visits"], "newlyIncluded": ["label": "people"]],
            ],
        ]
        let expected: JSONValue = [
            "version": "2.0", "class": "dataset", "href": "https://x/statistics", "label": "Digidel",
            "updated": "2012-07-02T09:30:00Z",
            "id": ["county", "gender", "measure"], "size": [3, 3, 2],
            "role": ["geo": ["county"], "metric": ["measure"]],
            "dimension": ["county": county, "gender": gender, "measure": measure],
            // county · 6 + gender · 2 + measure; the 3 is hidden, so it has a status only.
            "value": ["7": 20, "11": 30, "13": 40, "5": 50, "3": 2],
            "status": ["16": "suppressed"],
            "extension": ["version": 7, "finality": "preliminary"],
        ]
        let cube = try cube(statistics)
        for name in expected.names.union(cube.names) { #expect(cube[name] == expected[name], "\(name)") }
    }

    @Test func timeHasItsRole() throws {
        let cube = try cube(
            try statistics([.month, .country, .measure], [(["2012-01", "se", "reached"], 1)]))
        #expect(cube["role"] == ["time": ["month"], "geo": ["country"], "metric": ["measure"]])
        #expect(cube["status"] == nil)
    }

    @Test func nothingIsAnEmptyCube() throws {
        let cube = try cube(try statistics([.measure], []))
        #expect(cube["size"] == [0])
        #expect(cube["value"] == [:])
    }

    /// Every cell has a place of its own below the product of the sizes.
    @Test func placesAreInTheCube() throws {
        var dice = Dice(state: 5)
        let rows = Set((0..<60).map { _ in (0..<3).map { _ in Int.random(in: 0...4, using: &dice) } })
        let statistics = try statistics(
            [.kind, .channel, .measure],
            rows.map { keys in (keys.map { $0 == 0 ? nil : "k\($0)" }, 10 + keys[0]) })
        let cube = try cube(statistics)
        let size = try #require(cube["size"]?.list).compactMap(\.integer)
        let places = try #require(cube["value"]?.names).compactMap { Int($0) }
        #expect(Set(places).count == rows.count)
        #expect(places.allSatisfy { (0..<size.reduce(1, *)).contains($0) })
        // And from the place its keys are found again.
        let index = ["kind", "channel", "measure"].map { name in
            cube["dimension"]?[name]?["category"]?["index"]?.list ?? []
        }
        for place in places {
            let kind = index[0][place / (size[1] * size[2])].string ?? ""
            let expected = kind == "notReported" ? 10 : 10 + (Int(kind.dropFirst()) ?? 0)
            #expect(cube["value"]?["\(place)"]?.integer == expected)
        }
    }

    /// A hundred thousand rows can make a cube that no number counts.
    @Test func aCubeMayBeTooLarge() throws {
        let groupings = Array(Grouping.allCases.filter { !$0.isOfPeople })
        let rows = (0..<1000).map { row in (groupings.map { _ in "\(row)" as String? }, 1) }
        #expect(JSONStat(try statistics(groupings, rows), address: "") == nil)
        #expect(JSONStat(try statistics(Array(groupings.prefix(5)), rows), address: "") != nil)
        #expect(JSONStat(try statistics(Array(groupings.prefix(6)), rows), address: "") == nil)
    }

    // MARK: CSV

    @Test func csvHasAColumnPerMember() throws {
        let statistics = try statistics(
            [.county, .gender, .measure],
            [(["se-05", "man", "attendances"], 3), ([nil, nil, "attendances"], 2)],
            names: ["se-05": "Östergötland"], population: 400_000)
        #expect(
            String(decoding: statistics.csv, as: UTF8.self) == """
                county,gender,measure,value,suppressed,population,perThousand\r
                se-05,man,attendances,,true,400000,\r
                ,,attendances,2,false,,\r\n
                """)
        let all = try self.statistics(
            [.county, .measure], [(["se-05", "reached"], 6)], names: ["se-05": "Östergötland"],
            population: 400_000)
        #expect(
            String(decoding: all.csv, as: UTF8.self)
                == "county,measure,value,population,perThousand\r\nse-05,reached,6,400000,0.02\r\n")
        #expect(
            String(decoding: try self.statistics([.measure], []).csv, as: UTF8.self) == "measure,value\r\n")
    }

    // MARK: Who sees what

    @Test func fewAreHiddenFromAllButCoordinators() throws {
        let rows: [([String?], Int)] = [
            (["man", "attendances"], 3), (["woman", "attendances"], 30), (["man", "reached"], 3),
            ([nil, "attendances"], 1),
        ]
        #expect(try statistics([.gender, .measure], rows).hidden == [0, 1])
        let partner = Caller(key: nil, role: .partner, organisation: "motala-bibliotek")
        #expect(try statistics([.gender, .measure], rows, for: partner).hidden == [0, 1])
        #expect(try statistics([.gender, .measure], rows, for: Self.coordinator).hidden.isEmpty)
        // Places, kinds and channels are never hidden.
        #expect(try statistics([.channel, .measure], rows).hidden.isEmpty)
    }

    // MARK: Which form

    @Test(
        arguments: [
            (nil, "json"), ("*/*", "json"), ("text/csv", "csv"), ("application/json-stat+json", "json-stat"),
            ("application/json", "json"), ("text/html", "json"), ("", "json"), ("text/*", "csv"),
            ("application/*", "json"), ("text/csv, application/json", "json"),
            ("text/csv, application/json;q=0.9", "csv"), ("text/csv;q=0.8,application/json;q=0.9", "json"),
            ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "json"),
            // What says more of a form counts for it.
            ("*/*;q=0.9, application/json;q=0.1", "csv"), ("text/csv;q=0, text/*", "json"),
            ("application/json;q=0, application/*", "json-stat"),
            ("application/json;q=0, text/csv;q=0, */*;q=0.1", "json-stat"),
            ("TEXT/CSV ; Q=1", "csv"), ("text/csv; header=present; q=0.5, application/json;q=0.4", "csv"),
            ("text/csv;q=0", "json"), ("application/json;q=0", "json"), ("text/csv;q=x", "json"),
            (",,;", "json"),
            ("text/csv;q=nan", "json"),
        ] as [(String?, String)])
    func theFormFollowsAccept(accept: String?, format: String) {
        #expect(StatisticsFormat.accepted(by: accept).rawValue == format)
    }

    // MARK: Inhabitants

    @Test(
        arguments: [
            (0, 1000, "0"), (1, 3, "333.33"), (2, 3, "666.67"), (1, 200_000, "0.01"), (1, 200_001, "0"),
            (18_519, 472_446, "39.2"), (-1, 200_000, "-0.01"), (10_000_000_000, 7, "1428571428571.43"),
        ] as [(Int, Int, String)])
    func perThousandHasTwoDecimals(value: Int, population: Int, expected: String) {
        #expect(perThousand(value, population: population) == exact(expected))
    }

    @Test func nothingIsKnownPerNobody() {
        #expect(perThousand(5, population: nil) == nil)
        #expect(perThousand(5, population: 0) == nil)
    }
}
