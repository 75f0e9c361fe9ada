import Testing

@testable import DigidelAPI

/// What `digidel demo` loads.
@Suite struct DemoTests {
    private static let lists = [
        "organisations", "campaign-series", "campaigns", "goals", "indicators", "participant-counts",
        "projects",
        "activities", "service-points", "agreements", "publications", "strategies",
        "strategies/digitaliseringsstrategi-2011-2015/items", "surveys",
        "surveys/biblioteksenkat-2017/responses", "guidance-sessions",
    ]

    /// How many things each list has.
    private func totals(_ service: TestApp) async -> [String: Int] {
        var totals: [String: Int] = [:]
        for list in Self.lists {
            let answer = await service.get("\(list)?limit=1", key: TestApp.adminKey)
            totals[list] = answer["_meta", "totalRecords"]?.integer ?? -1
        }
        return totals
    }

    /// Twice is once.
    @Test func itIsSafeToRepeat() async throws {
        let service = try await TestApp.make(at: "2026-06-30T10:00:00Z")
        let demo = Demo(service.app, adminKey: TestApp.adminKey)
        try await demo.load()
        let first = await totals(service)
        #expect(first.values.allSatisfy { $0 > 0 }, "\(first)")
        try await demo.load()
        #expect(await totals(service) == first)
    }

    /// Each programme has a goal that the dashboard can show, and one of them is running.
    @Test func everyProgrammeHasAGoal() async throws {
        let service = try await TestApp.make(at: "2026-06-30T10:00:00Z")
        try await Demo(service.app, adminKey: TestApp.adminKey).load()
        let expected = [
            "digidel2013": "awaitingReports", "digidel2013-befolkning": "achieved", "digihjelpen": "onTrack",
            "emedborgarveckan-2016": "achieved", "ikt-lyftet": "awaitingReports",
            "it-for-alle-vejledere": "awaitingReports", "program-i-varje-kommun": "missed",
            "servicepunkter-stockholm": "achieved",
        ]
        #expect(try await service.ids("goals?sort=id", key: nil) == expected.keys.sorted())
        for (goal, status) in expected {
            let answer = await service.get("goals/\(goal)/progress")
            #expect(answer["status"]?.string == status, "\(goal)")
        }
        let survey = await service.get("surveys/biblioteksenkat-2017/summary")
        #expect(survey["questions", 0, "shareOfAnswers", "percent"] == .exactly("79.9"))
    }
}
