import HTTP
import Testing

@testable import DigidelAPI

@Suite struct SurveyGoalTests {
    /// A goal that counts answers says something else, in another version, as soon as one is given, changed or taken back.
    @Test func eachResponseMakesTheGoalsVersionGrow() async throws {
        let frame: JSONValue = ["country": "se", "organisations": .null]
        let service = try await TestApp.withSurvey(["frame": frame])
        try await service.perform("open")
        let goal = await service.post(
            "goals",
            [
                "id": "program", "name": "Program", "kind": "coverage", "target": 290,
                "scope": ["areas": ["se"]], "startsOn": "2017-01-01", "endsOn": "2020-12-31",
                "predicate": ["survey": "library-2017", "question": "program", "equals": .bool(true)],
            ])
        #expect(goal.status == .created, "\(goal.text)")
        var progress = await service.get("goals/program/progress")
        #expect(progress["value"] == 0)
        let item = "surveys/library-2017/responses/se-0583"
        let yes: JSONValue = ["answers": ["program": .bool(true)]]
        for (body, value) in [
            (yes, 1), (["answers": ["program": .bool(false)]], 0), (yes, 1),
            (["state": "started", "answers": ["program": .bool(true)]], 0), (yes, 1),
            (["state": "declined"], 0),
        ] as [(JSONValue, Int)] {
            let put = await service.ask(.put, item, body)
            #expect(put.status.rawValue < 300, "\(put.text)")
            let next = await service.get("goals/program/progress")
            #expect(next["value"]?.integer == value)
            #expect(next["version"]?.integer == (progress["version"]?.integer ?? 0) + 1)
            #expect(next.etag != progress.etag)
            progress = next
        }
        // The same again, and what is refused, are nothing new.
        _ = await service.ask(.put, item, ["state": "declined"])
        _ = await service.ask(.put, item, ["state": "excluded"])
        #expect(await service.get("goals/program/progress").etag == progress.etag)
    }
}
