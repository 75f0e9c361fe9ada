import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// Where, by whom, how and for whom a goal's value came about (domain.md, section 4).
@Suite struct GoalBreakdownTests {
    private static let breakdown = "goals/digidel2013/breakdown"

    /// Reports; returns the count's path.
    @discardableResult
    private func report(
        _ value: Int, _ changes: [String: JSONValue] = [:], to service: TestApp
    ) async throws -> String {
        let report = TestApp.count(["value": .number(Decimal(value)), "externalId": .null])
        let answer = await service.post("participant-counts", report.merged(with: .object(changes)))
        guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        return answer.created
    }

    /// `key value` of each row; `?` where the key is null, `#` for a value that is hidden.
    private func rows(_ answer: Answer) -> [String] {
        (answer["rows"]?.list ?? []).map { row in
            let value =
                row["value"]?.integer.map { "\($0)" } ?? (row["suppressed"] == .bool(true) ? "#" : "!")
            return "\(row["key"]?.string ?? "?") \(value)"
        }
    }

    private func rows(_ service: TestApp, by: String, key: String? = nil) async -> [String] {
        rows(await service.get("\(Self.breakdown)?by=\(by)", key: key))
    }

    private func gender(_ woman: Int, _ man: Int, _ unknown: Int = 0) -> [String: JSONValue] {
        let numbers = [woman, man, unknown].map { JSONValue.number(Decimal($0)) }
        return ["breakdowns": ["gender": ["woman": numbers[0], "man": numbers[1], "unknown": numbers[2]]]]
    }

    // MARK: Ways

    @Test func everyWayDividesTheSameTotal() async throws {
        let service = try await TestApp.withDigidel2013()
        try await service.makeOrganisation("verket", area: "se")
        _ = await service.patch("organisations/verket", ["kind": "agency"])
        try await report(10, gender(6, 4), to: service)
        try await report(
            20, ["area": "se-05", "channel": "phone", "evidence": "estimated", "organisation": "verket"],
            to: service)
        try await report(
            40,
            ["area": "se", "breakdowns": ["age": ["71+": 40], "priorUse": ["never": 30, "unknown": 10]]],
            to: service)
        let expected: KeyValuePairs = [
            "county": ["se-05 30", "? 40"], "municipality": ["se-0583 10", "? 60"],
            "organisation": ["motala-bibliotek 50", "verket 20"], "kind": ["agency 20", "library 50"],
            "channel": ["onSite 50", "phone 20"], "evidence": ["estimated 20", "guideAssessed 50"],
            "gender": ["man 4", "woman 6", "? 60"], "age": ["71+ 40", "? 30"],
            "priorUse": ["never 30", "unknown 10", "? 30"],
        ]
        #expect(expected.map(\.key).sorted() == GoalBreakdown.ways.map(\.rawValue).sorted())
        for (by, rows) in expected {
            let answer = await service.get("\(Self.breakdown)?by=\(by)", key: TestApp.adminKey)
            #expect(self.rows(answer) == rows, "\(by)")
            #expect(answer["total"] == 70)
            #expect(answer["by"]?.string == by)
        }
        #expect(await service.get(Self.breakdown)["by"] == "county")
    }

    @Test func placesHaveNamesAndInhabitants() async throws {
        let service = try await TestApp.withDigidel2013()
        try await report(1000, to: service)
        try await report(7, ["area": "se"], to: service)
        let area = await service.get("areas/se-05")
        let row = try #require(await service.get(Self.breakdown)["rows", 0])
        #expect(row["name"] == area["name"])
        #expect(row["population"] == area["population"])
        let population = try #require(area["population"]?.integer)
        #expect(row["perThousand"] == .number(try #require(perThousand(1000, population: population))))
        let unplaced = try #require(await service.get(Self.breakdown)["rows", 1])
        #expect(unplaced["population"] == .null && unplaced["perThousand"] == .null)
        #expect(unplaced["suppressed"] == .bool(false))
        let organisation = try #require(await service.get("\(Self.breakdown)?by=organisation")["rows", 0])
        #expect(organisation["name"] == "motala-bibliotek")
        #expect(organisation["population"] == nil)
    }

    /// An organisation may be called as an area is.
    @Test func anOrganisationIsNoArea() async throws {
        let service = try await TestApp.withDigidel2013()
        try await service.makeOrganisation("se-0583", area: "se-0583")
        _ = await service.patch("organisations/se-0583", ["name": "Föreningen 0583"])
        try await report(5, ["organisation": "se-0583"], to: service)
        let row = try #require(await service.get("\(Self.breakdown)?by=organisation")["rows", 0])
        #expect(row["name"] == "Föreningen 0583")
    }

    // MARK: Corrections

    @Test func nobodyCameIsARowAndWithdrawnIsNone() async throws {
        let service = try await TestApp.withDigidel2013()
        try await report(0, ["area": "se-0180"], to: service)
        let gone = try await report(7, ["area": "se-0583"], to: service)
        #expect(await rows(service, by: "municipality") == ["se-0180 0", "se-0583 7"])
        _ = await service.ask(.delete, gone, fields: ["If-Match": "*"])
        let answer = await service.get("\(Self.breakdown)?by=municipality")
        #expect(rows(answer) == ["se-0180 0"])
        #expect(answer["total"] == 0)
    }

    @Test func whatIsMovedIsWhereItWasMovedTo() async throws {
        let service = try await TestApp.withDigidel2013()
        let count = try await report(7, gender(7, 0), to: service)
        let moved = TestApp.count([
            "value": 9, "area": "se-0180", "channel": "mixed", "externalId": .null, "evidence": "estimated",
            "from": "2012-02-01", "to": "2012-02-29", "breakdowns": ["gender": ["man": 9]],
        ])
        #expect(await service.put(count, moved).status == .ok)
        let expected: KeyValuePairs = [
            "county": "se-01 9", "municipality": "se-0180 9", "channel": "mixed 9", "evidence": "estimated 9",
            "gender": "man 9", "age": "? 9",
        ]
        for (by, row) in expected { #expect(await rows(service, by: by) == [row]) }
    }

    // MARK: Days

    private static let days = [
        ("2012-02-01", "2012-03-31", 6), ("2012-02-15", "2012-03-31", 6), ("2012-02-16", "2012-03-31", 4),
        ("2012-02-01", "2012-03-09", 2), ("2012-02-01", "2012-03-10", 6), ("2012-01-10", "2012-04-02", 15),
        ("2012-01-11", "2012-04-01", 6), ("2012-02-15", "2012-02-15", 2), ("2012-02-10", "2012-02-12", 0),
        ("2012-01-01", "2012-06-30", 15), ("2012-02-16", "2012-03-09", 0),
    ]

    /// Sums by month must not be taken for those of days where a month is cut in two.
    @Test(arguments: [false, true]) func onlyTheGoalsDaysCount(hasCheckpoint: Bool) async throws {
        let service = try await TestApp.withDigidel2013()
        for (value, day) in [(1, "2012-01-10"), (2, "2012-02-15"), (4, "2012-03-10"), (8, "2012-04-02")] {
            try await report(value, ["from": .string(day), "to": .string(day)], to: service)
        }
        if hasCheckpoint {
            #expect(try await service.app.database.makeCheckpoint(of: "digidel2013", changesNeeded: 3))
        }
        for (startsOn, endsOn, total) in Self.days {
            let narrowed = await service.patch(
                "goals/digidel2013", ["startsOn": .string(startsOn), "endsOn": .string(endsOn)])
            #expect(narrowed.status == .ok)
            for by in ["county", "channel", "gender"] {
                let answer = await service.get("\(Self.breakdown)?by=\(by)")
                #expect(answer["total"]?.integer == total, "\(startsOn) \(endsOn) \(by)")
            }
        }
    }

    @Test func onAndAsOfAreObeyed() async throws {
        let service = try await TestApp.withDigidel2013()
        try await report(1, ["from": "2012-02-15", "to": "2012-02-15"], to: service)
        let known = await service.get(Self.breakdown)["asOf"]?.string ?? ""
        try await report(2, ["from": "2012-02-16", "to": "2012-02-16"], to: service)
        let expected: KeyValuePairs = [
            "": 3, "&on=2012-02-15": 1, "&on=2012-02-14": 0, "&on=2010-01-01": 0, "&asOf=\(known)": 1,
            "&asOf=2012-06-01T00:00:00Z": 0, "&asOf=\(known)&on=2012-02-14": 0,
        ]
        for (query, total) in expected {
            let answer = await service.get("\(Self.breakdown)?by=channel\(query)")
            #expect(answer["total"]?.integer == total, "\(query)")
        }
        for query in [
            "on=2012-07-01", "asOf=2999-01-01T00:00:00Z", "by=month", "by=", "by=county,kind", "by=measure",
        ] {
            #expect(await service.get("\(Self.breakdown)?\(query)").status == .badRequest, "\(query)")
        }
    }

    // MARK: Few

    @Test func fewPeopleAreHiddenFromAllButCoordinators() async throws {
        let service = try await TestApp.withDigidel2013()
        try await report(63, gender(3, 50, 10), to: service)
        try await report(2, ["area": "se-0180"], to: service)
        let all = ["man 50", "unknown 10", "woman 3", "? 2"]
        let hidden = ["man 50", "unknown #", "woman #", "? 2"]
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let coordinator = try await service.makeKey(.coordinator)
        #expect(await rows(service, by: "gender") == hidden)
        #expect(await rows(service, by: "gender", key: partner) == hidden)
        #expect(await rows(service, by: "gender", key: coordinator) == all)
        #expect(await rows(service, by: "gender", key: TestApp.adminKey) == all)
        #expect(await service.get("\(Self.breakdown)?by=gender")["total"] == 65)
        // Places are never hidden.
        #expect(await rows(service, by: "municipality") == ["se-0180 2", "se-0583 63"])
    }

    /// Interactions are nobody.
    @Test func whatIsNotPeopleIsShown() async throws {
        let service = try await TestApp.withDigidel2013()
        _ = await service.patch(
            "campaigns/digidel2013", ["measures": ["newlyIncluded", "attendances", "reached"]])
        _ = await service.patch("goals/digidel2013", ["measure": "reached"])
        try await report(
            5, gender(2, 3).merging(["measure": "reached", "evidence": .null]) { $1 }, to: service)
        #expect(await rows(service, by: "gender") == ["man 3", "woman 2"])
    }
}
