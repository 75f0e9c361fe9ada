import Foundation
import HTTP
import Postgres
import TestDatabase
import Testing

@testable import DigidelAPI

extension TestApp {
    /// PUT, with an If-Match that fits any revision unless the test gives another or none.
    func put(
        _ target: String, _ body: JSONValue, ifMatch: String? = "*", key: String? = TestApp.adminKey
    ) async -> Answer {
        await change(.put, target, body, ifMatch: ifMatch, key: key)
    }

    /// PATCH, with an If-Match as for `put`.
    func patch(
        _ target: String, _ body: JSONValue, ifMatch: String? = "*", key: String? = TestApp.adminKey
    ) async -> Answer {
        await change(.patch, target, body, ifMatch: ifMatch, key: key)
    }

    /// PUT or PATCH.
    func change(
        _ method: Method, _ target: String, _ body: JSONValue, ifMatch: String?, key: String?
    ) async -> Answer {
        guard let ifMatch else { return await ask(method, target, body, key: key) }
        return await ask(method, target, body, key: key, fields: ["If-Match": ifMatch])
    }

    /// Sends a body that need not be JSON, with the admin key.
    func send(
        _ method: Method, _ target: String, body: [UInt8], as mediaType: String = "application/json"
    ) async -> Answer {
        var request = Request(method, "/v1/\(target)", body: body)
        request.fields.add("Authorization", "Bearer \(Self.adminKey)")
        request.fields.add("Content-Type", mediaType)
        request.fields.add("If-Match", "*")
        return Answer(response: await app.answer(to: request))
    }

    /// All items of a list, by its `next` links, as many per page as `target` says.
    func items(_ target: String, key: String? = TestApp.adminKey) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var next: String? = target
        while let target = next {
            let page = await get(target, key: key)
            guard page.status == .ok else { throw Unexpected(page) }
            items += page["items"]?.list ?? []
            guard items.count < 10_000 else { throw ContractError("\(target) never ends") }
            next = page["_links", "next", "href"]?.string.map { String($0.dropFirst(Self.baseURL.count + 1)) }
        }
        return items
    }

    /// The ids of all items of a list.
    func ids(_ target: String, key: String? = TestApp.adminKey) async throws -> [String] {
        try await items(target, key: key).compactMap { $0["id"]?.string }
    }

    /// The number that a statement selects as `number`.
    func number(_ sql: SQL) async throws -> Int? {
        try await app.database.query(sql).first?.get("number")
    }

    /// Runs a statement as the owner of the tables, who may do what the service may not.
    func asOwner(_ sql: SQL) async throws {
        let connection = try await Connection.connect(
            ConnectionSettings(url: ownerURL, connectTimeout: .seconds(60)), on: TestDatabase.lane)
        do {
            try await connection.execute(sql)
            await connection.close()
        } catch {
            await connection.close()
            throw error
        }
    }

    /// The service on the same database, as another process would be, at the same time or another.
    func another(
        at now: String? = nil, caches: Caches = Caches(), checkpoints: Checkpoints? = nil
    ) throws -> TestApp {
        let clock = now.map(TestClock.init) ?? clock
        let app = try Self.app(
            on: ConnectionSettings(url: url, connectTimeout: .seconds(60)), caches: caches,
            checkpoints: checkpoints, clock)
        return TestApp(app: app, clock: clock, url: url, ownerURL: ownerURL)
    }

    /// The service on the same database with other settings or endpoints.
    func configured(
        _ environment: [String: String] = [:], routes: [Route] = Routes.all
    ) throws -> TestApp {
        let app = try Self.app(
            on: ConnectionSettings(url: url, connectTimeout: .seconds(60)), caches: Caches(), clock,
            environment: environment, routes: routes)
        return TestApp(app: app, clock: clock, url: url, ownerURL: ownerURL)
    }

    /// The service with a database that is not there.
    static func withoutDatabase() throws -> TestApp {
        let clock = TestClock(now)
        let settings = ConnectionSettings(url: "postgresql://127.0.0.1:1/nowhere")
        return TestApp(
            app: try app(on: settings, caches: Caches(), clock), clock: clock, url: settings.url,
            ownerURL: settings.url)
    }
}

extension Answer {
    var etag: String? { response.fields["ETag"] }
    var location: String? { response.fields["Location"] }

    /// The target below `/v1/` that Location names.
    var created: String { location.map { String($0.dropFirst(TestApp.baseURL.count + 1)) } ?? "" }

    /// The codes of the problem's errors, each once.
    var codes: Set<String> { Set(faults.values) }
}

extension JSONValue {
    /// A member of an object.
    subscript(name: String) -> JSONValue? { name.step(into: self) }

    /// The elements, if it is a list.
    var list: [JSONValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    /// The whole number, if it is one.
    var integer: Int? {
        guard case .number(let number) = self else { return nil }
        return Int(exactly: NSDecimalNumber(decimal: number))
    }

    /// The names of an object's members.
    var names: Set<String> {
        guard case .object(let members) = self else { return [] }
        return Set(members.keys)
    }

    /// This object without some of its members.
    func without(_ names: String...) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { !names.contains($0.key) })
    }

    /// A number with decimals, exactly as written.
    static func exactly(_ text: String) -> JSONValue {
        .number(Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")) ?? .nan)
    }
}

extension App {
    /// The answer as the server asks for it: the one that is at hand, or one that has to be made.
    func answer(to request: Request) async -> Response {
        if let response = respondAtOnce(to: request) { return response }
        return await respond(to: request)
    }
}

extension TestApp {
    /// Runs `body` while these caches, an other instance's, hear what is notified in this app's database.
    func whileListening(_ caches: Caches, _ body: () async throws -> Void) async throws {
        let notifications = caches.listen(
            ConnectionSettings(url: url, connectTimeout: .seconds(60)), on: TestDatabase.lane,
            clock: { [clock] in clock.now })
        // Listening begins by forgetting everything.
        let key = AnswerCache.Key(path: "/until-it-listens", language: .sv)
        let nothing = KeptAnswer(EntityTag("x"), full: Response(.ok), notModified: Response(.notModified))
        let readPoint = caches.answers.readPoint
        caches.answers.keep(nothing, for: key, campaign: "x", since: readPoint, at: clock.now)
        await notifications.start()
        do {
            #expect(try await eventually { caches.answers.answer(for: key, at: clock.now) == nil })
            try await body()
        } catch {
            await notifications.stop()
            throw error
        }
        await notifications.stop()
    }
}
