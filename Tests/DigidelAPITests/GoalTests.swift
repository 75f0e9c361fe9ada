import HTTP
import Testing

@testable import DigidelAPI

@Suite struct GoalTests {
    /// Shared by tests that change nothing.
    private static let shared = Task { try await TestApp.withDigidel2013() }

    /// A goal of Digidel2013 that breaks no rule, with some members put in the place of others.
    private static func goal(_ changes: JSONValue = [:]) -> JSONValue {
        let goal: JSONValue = [
            "id": "new-goal", "name": "Nytt mål", "campaign": "digidel2013", "kind": "contribution",
            "measure": "newlyIncluded", "target": 1000,
        ]
        return goal.merged(with: changes)
    }

    @Test func whatIsNotSaidHasADefault() async throws {
        let service = try await TestApp.withDigidel2013()
        let created = await service.post("goals", Self.goal())
        #expect(created.status == .created, "\(created.text)")
        #expect(created["startsOn"] == "2011-01-01")
        #expect(created["endsOn"] == "2013-12-31")
        #expect(created["direction"] == "up")
        #expect(created["baseline"] == ["value": 0])
        #expect(created["tolerance"] == .exactly("0.15"))
        #expect(created["cancelled"] == .bool(false))
        #expect(created["scope"] == [:])
        #expect(created["milestones"] == [])
        #expect(created["description"] == nil)
    }

    @Test func aGoalComesBackAsItWasGiven() async throws {
        let service = try await TestApp.withDigidel2013()
        let goal = Self.goal([
            "description": ["en": "All of Östergötland"], "startsOn": "2011-07-01", "endsOn": "2012-12-31",
            "direction": "down", "target": .exactly("-12.25"), "tolerance": .exactly("0.499"),
            "baseline": ["value": .exactly("1000.125"), "date": "2010-12-31", "source": "SCB"],
            "milestones": [
                ["date": "2011-12-31", "value": .exactly("500.5")], ["date": "2012-12-30", "value": 500],
            ],
            "scope": [
                "areas": ["se-05", "se-0180"], "organisations": ["motala-bibliotek"], "kinds": ["library"],
                "channels": ["onSite", "phone"],
            ],
            "cancelled": .bool(true),
        ])
        let created = await service.post("goals?lang=all", goal.merged(with: ["name": ["sv": "Nytt mål"]]))
        #expect(created.status == .created, "\(created.text)")
        guard case .object(let given) = goal else { return }
        for (name, value) in given where name != "name" { #expect(created[name] == value, "\(name)") }
    }

    @Test func datesFallBackToTheCampaignsWhenTheyAreTakenOut() async throws {
        let service = try await TestApp.withDigidel2013()
        _ = await service.post("goals", Self.goal(["startsOn": "2012-01-01", "endsOn": "2012-12-31"]))
        let changed = await service.patch("goals/new-goal", ["endsOn": .null])
        #expect(changed["startsOn"] == "2012-01-01")
        #expect(changed["endsOn"] == "2013-12-31")
    }

    @Test func aGoalWithoutACampaignNeedsItsOwnDates() async throws {
        let service = try await TestApp.withDigidel2013()
        let answer = await service.post("goals", Self.goal(["campaign": .null]))
        #expect(answer.status == .badRequest)
        #expect(answer.faults == ["/startsOn": "malformed", "/endsOn": "malformed"])
        let dated = Self.goal(["campaign": .null, "startsOn": "2012-01-01", "endsOn": "2012-01-01"])
        #expect(await service.post("goals", dated).status == .created)
    }

    @Test func everyFaultIsToldAtOnce() async throws {
        let service = try await Self.shared.value
        let answer = await service.post(
            "goals",
            [
                "name": [], "campaign": "X", "kind": "growth", "measure": "participants",
                "scope": [
                    "areas": ["se-1"], "kinds": ["club"], "channels": ["fax"], "organisations": "x", "on": 1,
                ],
                "direction": "sideways", "baseline": ["date": "2012-01-01", "source": ""],
                "target": .exactly("1000000000001"), "startsOn": "2012", "endsOn": "",
                "milestones": [["date": "2012-02-30", "value": "1"], ["value": 1, "note": "x"], 5],
                "tolerance": .exactly("0.5"), "cancelled": "false", "state": "x",
            ])
        #expect(answer.status == .badRequest)
        let pointers = [
            "/name", "/campaign", "/kind", "/measure", "/scope/areas/0", "/scope/kinds/0",
            "/scope/channels/0",
            "/scope/organisations", "/scope/on", "/direction", "/baseline/value", "/baseline/source",
            "/target",
            "/startsOn", "/endsOn", "/milestones/0/date", "/milestones/0/value", "/milestones/1/date",
            "/milestones/1/note", "/milestones/2", "/tolerance", "/cancelled", "/state",
        ]
        #expect(answer.faults.keys.sorted() == pointers.sorted())
        #expect(answer.codes == ["malformed"])
        let empty = await service.post("goals", [:])
        let required = ["/endsOn", "/kind", "/name", "/startsOn", "/target"]
        #expect(empty.faults.keys.sorted() == required)
    }

    @Test func referencesThatLeadNowhereAreToldTogether() async throws {
        let service = try await Self.shared.value
        let answer = await service.post(
            "goals",
            Self.goal([
                "campaign": "nothing",
                "scope": ["areas": ["se", "se-9999"], "organisations": ["nobody", "motala-bibliotek"]],
            ]))
        #expect(answer.status == .unprocessableContent)
        #expect(
            answer.faults == [
                "/campaign": "unknownCampaign", "/scope/areas/1": "unknownArea",
                "/scope/organisations/0": "unknownOrganisation",
            ])
    }

    @Test(
        arguments: [
            (["target": 0], ["/target": "targetNotAhead"]),
            (["target": 10, "baseline": ["value": 10]], ["/target": "targetNotAhead"]),
            (["target": 10, "direction": "down"], ["/target": "targetNotAhead"]),
            (["startsOn": "2013-01-01", "endsOn": "2012-12-31"], ["/endsOn": "periodReversed"]),
            (["measure": "reached"], ["/measure": "measureNotAccepted"]),
            (["baseline": ["value": 1, "source": "eva@example.se"]], ["/baseline/source": "personalData"]),
        ] as [(JSONValue, [String: String])])
    func rulesAreKept(changes: JSONValue, faults: [String: String]) async throws {
        let service = try await Self.shared.value
        let answer = await service.post("goals", Self.goal(changes))
        #expect(answer.status == .unprocessableContent, "\(answer.text)")
        #expect(answer.faults == faults)
    }

    @Test(
        arguments: [
            ([["date": "2010-12-31", "value": 1]], ["/milestones/0/date": "milestoneOutsideGoal"]),
            ([["date": "2013-12-31", "value": 1]], ["/milestones/0/date": "milestoneOutsideGoal"]),
            ([["date": "2012-12-31", "value": -1]], ["/milestones/0/value": "milestoneOutsideGoal"]),
            ([["date": "2012-12-31", "value": 1001]], ["/milestones/0/value": "milestoneOutsideGoal"]),
            (
                [["date": "2012-12-31", "value": 10], ["date": "2012-12-31", "value": 20]],
                ["/milestones/1": "milestoneNotInOrder"]
            ),
            (
                [["date": "2011-12-31", "value": 20], ["date": "2012-12-31", "value": 10]],
                ["/milestones/1": "milestoneNotInOrder"]
            ),
            ([["date": "2011-01-01", "value": 0], ["date": "2013-12-30", "value": 1000]], [:]),
            ([["date": "2011-12-31", "value": 10], ["date": "2012-12-31", "value": 10]], [:]),
        ] as [(JSONValue, [String: String])])
    func milestonesLeadFromTheBaselineToTheTarget(
        milestones: JSONValue, faults: [String: String]
    ) async throws {
        let service = try await TestApp.withDigidel2013()
        let answer = await service.post("goals", Self.goal(["milestones": milestones]))
        #expect(answer.status == (faults.isEmpty ? .created : .unprocessableContent), "\(answer.text)")
        #expect(answer.faults == faults)
    }

    private static let withThree = Task {
        let service = try await TestApp.withDigidel2013()
        _ = await service.post("goals", Self.goal())
        _ = await service.post(
            "goals",
            Self.goal([
                "id": "visits", "campaign": .null, "measure": "attendances", "name": "Besök",
                "startsOn": "2012-01-01", "endsOn": "2012-12-31",
            ]))
        return service
    }

    @Test(arguments: [
        ("", ["digidel2013", "new-goal", "visits"]), ("campaign=digidel2013", ["digidel2013", "new-goal"]),
        ("campaign=nothing", []), ("measure=attendances", ["visits"]),
        ("kind=contribution&q=nytt", ["new-goal"]),
        ("measure=attendances,newlyIncluded&campaign=digidel2013", ["digidel2013", "new-goal"]),
    ])
    func filtersCombine(query: String, ids: [String]) async throws {
        let service = try await Self.withThree.value
        #expect(try await service.ids("goals?sort=id&\(query)", key: nil) == ids)
    }
}
