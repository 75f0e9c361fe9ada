import Foundation
import HTTP
import Postgres
import Synchronization
import TestDatabase

@testable import DigidelAPI

/// The service on a database of its own, asked in process, with a clock that the test sets.
struct TestApp {
    let app: App
    let clock: TestClock
    /// Of its database, as the service.
    let url: String
    /// Of its database, as the owner of the tables.
    let ownerURL: String

    static let baseURL = "https://api.example.se/digidel/v1"
    static let adminKey = "the-admin-key-of-the-tests-0123456789"
    /// When tests take place, unless they say otherwise: in the middle of Digidel2013.
    static let now = "2012-06-30T10:00:00Z"

    /// A migrated database, made anew for this app.
    static func make(at now: String = TestApp.now) async throws -> TestApp {
        try await template.value
        let database = try await TestDatabase.make(template: templateName)
        let clock = TestClock(now)
        let app = try app(on: database.serviceSettings, caches: Caches(), clock)
        return TestApp(app: app, clock: clock, url: database.serviceURL, ownerURL: database.url)
    }

    /// A service with Digidel2013, its goal and the library that organises it.
    static func withDigidel2013(at now: String = TestApp.now) async throws -> TestApp {
        let service = try await make(at: now)
        try await service.makeOrganisation()
        try await service.makeDigidel2013()
        return service
    }

    /// The service on a database that is there already, or is not.
    static func app(
        on settings: ConnectionSettings, caches: Caches, checkpoints: Checkpoints? = nil, _ clock: TestClock,
        environment: [String: String] = [:], routes: [Route] = Routes.all
    ) throws -> App {
        let config = try Config(
            environment: ["PUBLIC_URL": baseURL, "DIGIDEL_ADMIN_KEY": adminKey].merging(environment) { $1 })
        return App(
            database: Pool(settings, limit: 4, acquireTimeout: .seconds(60), on: TestDatabase.lane),
            config: config, caches: caches, checkpoints: checkpoints,
            log: Log(level: .error) { _ in }, clock: { clock.now }, routes: routes)
    }

    private static let templateName = "digidel_template"
    /// Migrated once for the whole test run.
    private static let template = Task {
        try await TestDatabase.makeTemplate(templateName) { (connection) async throws(PostgresError) in
            _ = try await Migrator(EmbeddedFiles.migrations).migrate(connection)
        }
    }

    // MARK: Asking

    /// Sends a request below `/v1/` and returns the answer. `key` nil sends none.
    func ask(
        _ method: Method, _ target: String, _ body: JSONValue? = nil, key: String? = TestApp.adminKey,
        fields: KeyValuePairs<String, String> = [:]
    ) async -> Answer {
        var request = Request(method, "/v1/\(target)")
        if let key { request.fields.add("Authorization", "Bearer \(key)") }
        if let body {
            var json = JSONWriter()
            json.value(body)
            request.body = json.bytes
            request.fields.add("Content-Type", "application/json")
        }
        for (name, value) in fields { request.fields.add(name, value) }
        return Answer(response: await app.answer(to: request))
    }

    func get(_ target: String, key: String? = nil, fields: KeyValuePairs<String, String> = [:]) async
        -> Answer
    {
        await ask(.get, target, key: key, fields: fields)
    }

    func post(_ target: String, _ body: JSONValue, key: String? = TestApp.adminKey) async -> Answer {
        await ask(.post, target, body, key: key)
    }

    // MARK: Things that tests need

    /// A key of that role; returns its secret.
    func makeKey(_ role: Role, organisation: String? = nil) async throws -> String {
        var body: [String: JSONValue] = ["role": .string(role.rawValue), "label": "test"]
        if let organisation { body["organisation"] = .string(organisation) }
        let answer = await post("keys", .object(body))
        guard let secret = answer["secret"]?.string else { throw Unexpected(answer) }
        return secret
    }

    /// A library in Motala.
    func makeOrganisation(_ id: String = "motala-bibliotek", area: String = "se-0583") async throws {
        let answer = await post(
            "organisations",
            ["id": .string(id), "kind": "library", "area": .string(area), "name": .string(id)])
        guard answer.status == .created else { throw Unexpected(answer) }
    }

    /// Digidel2013 with its goal of 500 000, organised by `organiser`, which must exist.
    func makeDigidel2013(organiser: String = "motala-bibliotek") async throws {
        let campaign = await post(
            "campaigns",
            [
                "id": "digidel2013", "name": "Digidel2013", "startsOn": "2011-01-01", "endsOn": "2013-12-31",
                "countries": ["se"], "organiser": .string(organiser),
                "measures": ["newlyIncluded", "attendances"],
            ])
        guard campaign.status == .created else { throw Unexpected(campaign) }
        let goal = await post(
            "goals",
            [
                "id": "digidel2013", "name": "500 000 fler", "campaign": "digidel2013",
                "kind": "contribution",
                "measure": "newlyIncluded", "target": 500_000,
            ])
        guard goal.status == .created else { throw Unexpected(goal) }
    }

    /// A report that breaks no rule, with some members put in the place of others; null takes a member out.
    static func count(_ changes: [String: JSONValue] = [:]) -> JSONValue {
        let report: JSONValue = [
            "organisation": "motala-bibliotek", "campaign": "digidel2013", "measure": "newlyIncluded",
            "value": 42,
            "from": "2012-06-01", "to": "2012-06-30", "area": "se-0583", "channel": "onSite",
            "evidence": "guideAssessed", "externalId": "motala-2012-06",
        ]
        return report.merged(with: .object(changes))
    }

    /// An answer that a test's preparations did not expect.
    struct Unexpected: Error, CustomStringConvertible {
        let description: String
        init(_ answer: Answer) { description = "\(answer.status.rawValue) \(answer.text)" }
    }
}

/// The time that the service goes by.
final class TestClock: Sendable {
    private let instant: Mutex<Instant>

    init(_ text: String) {
        instant = Mutex(Instant(text) ?? .now)
    }

    var now: Instant { instant.withLock { $0 } }

    func set(_ text: String) {
        if let new = Instant(text) { instant.withLock { $0 = new } }
    }
}

/// An answer, with its JSON at hand: `answer["progress", "percent"]`, `answer["items", 0, "id"]`.
struct Answer {
    let response: Response
    /// Nil when the body is no JSON.
    let json: JSONValue?
    var status: Status { response.status }
    var text: String { String(decoding: response.body, as: UTF8.self) }

    init(response: Response) {
        self.response = response
        json = try? JSONValue(parsing: response.body)
    }

    subscript(_ path: any PathStep...) -> JSONValue? {
        path.reduce(json) { value, step in value.flatMap { step.step(into: $0) } }
    }

    /// The codes of the problem's errors, by their pointers.
    var faults: [String: String] {
        guard case .array(let errors)? = self["errors"] else { return [:] }
        var faults: [String: String] = [:]
        for error in errors {
            guard let pointer = "pointer".step(into: error)?.string,
                let code = "code".step(into: error)?.string
            else { continue }
            faults[pointer] = code
        }
        return faults
    }
}

/// A member's name or an element's position.
protocol PathStep {
    func step(into value: JSONValue) -> JSONValue?
}

extension String: PathStep {
    func step(into value: JSONValue) -> JSONValue? {
        guard case .object(let members) = value else { return nil }
        return members[self]
    }
}

extension Int: PathStep {
    func step(into value: JSONValue) -> JSONValue? {
        guard case .array(let values) = value, values.indices.contains(self) else { return nil }
        return values[self]
    }
}

extension JSONValue {
    /// The text, if it is one.
    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// How many elements it has, if it is a list.
    var count: Int? {
        guard case .array(let values) = self else { return nil }
        return values.count
    }
}
