import HTTP
import Testing

@testable import DigidelAPI

/// A partner asks for what belongs to another organisation, on every route that takes a partner's key (OWASP API1, broken
/// object level authorization). The organisation itself asks for the same afterwards and is served.
@Suite struct OwnershipTests {
    /// A request about something of Motala's library.
    private struct Attempt {
        let route: String
        let method: Method
        let target: String
        var body: JSONValue?
        /// How another organisation is answered.
        let stranger: Status
        /// How the library itself is.
        var owner = Status.ok
    }

    /// The routes that let partners in.
    static let routes: Set = [
        "GET /v1/participant-counts", "POST /v1/participant-counts", "POST /v1/participant-counts/batch",
        "GET /v1/participant-counts/{id}", "PUT /v1/participant-counts/{id}",
        "DELETE /v1/participant-counts/{id}", "GET /v1/participant-counts/{id}/revisions",
        "POST /v1/projects", "PUT /v1/projects/{id}", "PATCH /v1/projects/{id}",
        "POST /v1/activities", "PUT /v1/activities/{id}", "PATCH /v1/activities/{id}",
        "POST /v1/service-points", "PUT /v1/service-points/{id}", "PATCH /v1/service-points/{id}",
        "GET /v1/surveys/{id}/responses", "GET /v1/surveys/{id}/responses/{respondent}",
        "PUT /v1/surveys/{id}/responses/{respondent}",
        "GET /v1/guidance-sessions", "POST /v1/guidance-sessions", "GET /v1/guidance-sessions/{id}",
    ]

    private static let project: JSONValue = [
        "id": "surfplattor", "name": "Surfplattor", "owner": "motala-bibliotek", "startsOn": "2012-01-01",
    ]
    private static let activity: JSONValue = [
        "title": "Kurs", "organiser": "motala-bibliotek", "type": "course", "from": "2012-06-01",
        "to": "2012-06-01", "precision": "day",
    ]
    private static let point: JSONValue = [
        "id": "digidelcenter", "name": "DigidelCenter", "operator": "motala-bibliotek",
        "kind": "digidelCenter", "area": "se-0583",
    ]
    private static let session: JSONValue = [
        "organisation": "motala-bibliotek", "date": "2012-06-30", "channel": "onSite", "outcome": "solved",
    ]
    private static let survey: JSONValue = [
        "id": "enkat", "title": "Enkät", "frame": ["organisations": ["motala-bibliotek", "arsta"]],
        "questions": [["id": "program", "type": "yesNo", "text": "Erbjuder ni program?"]],
    ]

    /// Makes the library's things, and says what is asked about them.
    private func attempts(on service: TestApp) async throws -> [Attempt] {
        func make(_ collection: String, _ body: JSONValue) async throws -> String {
            let answer = await service.post(collection, body)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
            return answer.created
        }
        let count = try await make("participant-counts", TestApp.count())
        let project = try await make("projects", Self.project)
        let activity = try await make("activities", Self.activity)
        let point = try await make("service-points", Self.point)
        let session = try await make("guidance-sessions", Self.session)
        let survey = try await make("surveys", Self.survey)
        try await service.perform("open", on: "enkat")
        let response = "\(survey)/responses/motala-bibliotek"
        let answers: JSONValue = ["answers": ["program": .bool(true)]]
        let second = TestApp.count(["externalId": "second"])
        func another(_ body: JSONValue) -> JSONValue { body.merged(with: ["id": "another"]) }
        return [
            Attempt(
                route: "GET /v1/participant-counts/{id}", method: .get, target: count, stranger: .notFound),
            Attempt(
                route: "GET /v1/participant-counts/{id}/revisions", method: .get,
                target: "\(count)/revisions", stranger: .notFound),
            Attempt(
                route: "POST /v1/participant-counts", method: .post, target: "participant-counts",
                body: second, stranger: .forbidden, owner: .created),
            Attempt(
                route: "PUT /v1/participant-counts/{id}", method: .put, target: count,
                body: TestApp.count(["value": 43]), stranger: .notFound),
            Attempt(
                route: "DELETE /v1/participant-counts/{id}", method: .delete, target: count,
                stranger: .notFound),
            Attempt(
                route: "POST /v1/projects", method: .post, target: "projects", body: another(Self.project),
                stranger: .forbidden, owner: .created),
            Attempt(
                route: "PUT /v1/projects/{id}", method: .put, target: project,
                body: Self.project.merged(with: ["name": "Plattor"]), stranger: .forbidden),
            Attempt(
                route: "PATCH /v1/projects/{id}", method: .patch, target: project,
                body: ["phase": "pilot"], stranger: .forbidden),
            Attempt(
                route: "POST /v1/activities", method: .post, target: "activities", body: Self.activity,
                stranger: .forbidden, owner: .created),
            Attempt(
                route: "PUT /v1/activities/{id}", method: .put, target: activity,
                body: Self.activity.merged(with: ["type": "fair"]), stranger: .forbidden),
            Attempt(
                route: "PATCH /v1/activities/{id}", method: .patch, target: activity,
                body: ["type": "lecture"], stranger: .forbidden),
            Attempt(
                route: "POST /v1/service-points", method: .post, target: "service-points",
                body: another(Self.point), stranger: .forbidden, owner: .created),
            Attempt(
                route: "PUT /v1/service-points/{id}", method: .put, target: point,
                body: Self.point.merged(with: ["kind": "helpDesk"]), stranger: .forbidden),
            Attempt(
                route: "PATCH /v1/service-points/{id}", method: .patch, target: point,
                body: ["kind": "citizenOffice"], stranger: .forbidden),
            Attempt(
                route: "GET /v1/surveys/{id}/responses/{respondent}", method: .get, target: response,
                stranger: .notFound),
            Attempt(
                route: "PUT /v1/surveys/{id}/responses/{respondent}", method: .put, target: response,
                body: answers, stranger: .notFound, owner: .created),
            Attempt(
                route: "POST /v1/guidance-sessions", method: .post, target: "guidance-sessions",
                body: Self.session, stranger: .forbidden, owner: .created),
            Attempt(
                route: "GET /v1/guidance-sessions/{id}", method: .get, target: session, stranger: .notFound),
        ]
    }

    private static let lists = [
        "GET /v1/participant-counts": "participant-counts",
        "GET /v1/surveys/{id}/responses": "surveys/enkat/responses",
        "GET /v1/guidance-sessions": "guidance-sessions",
    ]

    /// All that is stored of the library's.
    private func everything(_ service: TestApp) async -> [JSONValue?] {
        var stored: [JSONValue?] = []
        let targets =
            ["projects", "activities", "service-points", "audit-events"] + Self.lists.values.sorted()
        for target in targets { stored.append(await service.get(target, key: TestApp.adminKey)["items"]) }
        return stored
    }

    @Test func whatIsAnothersIsNotReadAndNotWritten() async throws {
        let service = try await TestApp.withDigidel2013()
        try await service.makeOrganisation("arsta", area: "se-0180")
        let stranger = try await service.makeKey(.partner, organisation: "arsta")
        let owner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let attempts = try await attempts(on: service)
        let before = await everything(service)

        func ask(_ attempt: Attempt, key: String) async -> Answer {
            await service.ask(
                attempt.method, attempt.target, attempt.body, key: key,
                fields: attempt.method == .get || attempt.owner == .created ? [:] : ["If-Match": "*"])
        }
        for attempt in attempts {
            let answer = await ask(attempt, key: stranger)
            #expect(answer.status == attempt.stranger, "\(attempt.route): \(answer.text)")
        }
        for target in Self.lists.values {
            let list = await service.get(target, key: stranger)
            #expect(list.status == .ok)
            #expect(!list.text.contains("motala"), "\(target): \(list.text)")
        }
        let batch = await service.post(
            "participant-counts/batch", .array([TestApp.count(["externalId": "third"])]), key: stranger)
        #expect(batch.status == .ok)
        #expect(batch.text.contains("foreignOrganisation"), "\(batch.text)")
        #expect(await everything(service) == before)

        for attempt in attempts {
            let answer = await ask(attempt, key: owner)
            #expect(answer.status == attempt.owner, "\(attempt.route): \(answer.text)")
        }
        for target in Self.lists.values {
            #expect(await service.get(target, key: owner).text.contains("motala"), "\(target)")
        }
        let covered = Set(attempts.map(\.route)).union(Self.lists.keys)
        #expect(covered.union(["POST /v1/participant-counts/batch"]) == Self.routes)
    }
}
