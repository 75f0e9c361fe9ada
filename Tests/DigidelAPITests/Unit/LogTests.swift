import Foundation
import HTTP
import Synchronization
import Testing

@testable import DigidelAPI

@Suite struct LogTests {
    /// Collects the lines of a log.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        var texts: [String] { lines.withLock { $0 } }

        func log(_ level: LogLevel) -> Log {
            Log(level: level) { line in self.lines.withLock { $0.append(line) } }
        }

        /// The one line that there is, as JSON.
        func only() throws -> [String: JSONValue] {
            let lines = texts
            let line = try #require(lines.first)
            guard lines.count == 1, case .object(let members) = try JSONValue(parsing: Array(line.utf8))
            else {
                Issue.record("\(lines)")
                return [:]
            }
            return members
        }
    }

    @Test func anExchangeIsOneLineOfWhatItWas() throws {
        let lines = Lines()
        var request = Request(
            .post, "/v1/participant-counts?note=hemlig", fields: ["Authorization": "Bearer the-secret-key"])
        request.body = Array("the body".utf8)
        request.remoteAddress = "192.0.2.1"
        var response = Response(.created, body: Array("the answer".utf8))
        let trace = Trace(continuing: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        response.trace = trace
        response.route = "/v1/participant-counts"
        response.keyID = "0191d4e8-0000-7000-8000-000000000000"
        lines.log(.info).exchange(request, response, microseconds: 1_500_007)
        var line = try lines.only()
        let time = line.removeValue(forKey: "time")
        #expect(
            line == [
                "level": "info", "method": "POST", "route": "/v1/participant-counts",
                "path": "/v1/participant-counts", "status": 201, "bytes": 10, "microseconds": 1_500_007,
                "traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "spanId": .string(trace.spanID),
                "keyId": "0191d4e8-0000-7000-8000-000000000000",
            ])
        #expect(trace.traceparent == "00-\(trace.traceID)-\(trace.spanID)-01")
        guard case .string(let text)? = time else { throw Missing() }
        #expect(try abs(instant(text).microseconds - Instant.now.microseconds) < 60_000_000)
    }

    @Test(
        arguments: [
            ("/v1/areas/{id}", Status.ok, true), ("/v1/areas/{id}", .notModified, true),
            ("/v1/areas/{id}", .conflict, false), ("/v1/areas/{id}", .internalServerError, false),
            ("/v1/areas/{id}", .badRequest, false), ("/v1/areas/{id}", .unauthorized, false),
            ("/v1/areas/{id}", .notFound, false), (nil, .notFound, false), (nil, .methodNotAllowed, false),
            (nil, .noContent, false),
        ] as [(String?, Status, Bool)])
    func aPathIsLoggedOnlyIfItNamesWhatIsThere(route: String?, status: Status, isLogged: Bool) throws {
        let lines = Lines()
        var response = Response(status)
        response.route = route
        lines.log(.debug).exchange(Request(.get, "/v1/areas/19121212-1212"), response, microseconds: 0)
        let line = try lines.only()
        #expect((line["path"] != nil) == isLogged)
        #expect(line["route"] == route.map { JSONValue.string($0) })
    }

    @Test func theStartTellsWhatWasGivenButNoSecret() throws {
        let lines = Lines()
        let config = try Config(environment: [
            "PORT": "8181", "PUBLIC_URL": "https://api.example.se/v1", "LOG_LEVEL": "",
            "DATABASE_URL": "postgresql://u:hemlig@db/x",
            "DIGIDEL_ADMIN_KEY": "hemlig-hemlig-hemlig-hemlig-hemlig", "HOME": "hemlig",
            "PUBLISHER_URL": "https://www.example.se", "MAX_STREAMS_PER_KEY": "7",
        ])
        lines.log(.info).started(config, postgres: "15.14", schema: "0024_x")
        #expect(!lines.texts.contains { $0.contains("hemlig") })
        let line = try lines.only()
        #expect(line["version"] == .string(APIInfo.version) && line["postgresql"] == "15.14")
        #expect(
            line["settings"] == [
                "PORT": "8181", "PUBLIC_URL": "https://api.example.se/v1", "DATABASE_URL": "given",
                "DIGIDEL_ADMIN_KEY": "given", "PUBLISHER_URL": "https://www.example.se",
                "MAX_STREAMS_PER_KEY": "7",
            ])
    }

    private struct Missing: Error {}

    @Test(arguments: LogLevel.allCases)
    func neitherQueryNorKeyNorBodyIsLogged(level: LogLevel) {
        let lines = Lines()
        for method in [Method.get, .post, .put] {
            var request = Request(
                method, "/v1/areas?q=hemlig",
                fields: ["Authorization": "Bearer hemlig", "Cookie": "hemlig", "Referer": "hemlig"])
            request.body = Array("hemlig".utf8)
            lines.log(level).exchange(
                request, Response(.internalServerError, body: Array("hemlig".utf8)), microseconds: 0)
        }
        #expect(lines.texts.count == 3)
        #expect(!lines.texts.contains { $0.contains("hemlig") || $0.contains("?") })
    }

    @Test(arguments: [
        (LogLevel.error, Method.get, Status.ok, false), (.error, .post, .created, false),
        (.error, .get, .notFound, false),
        (.error, .get, .internalServerError, true), (.error, .post, .serviceUnavailable, true),
        (.info, .post, .created, true), (.info, .put, .ok, true), (.info, .delete, .ok, true),
        (.info, .get, .notFound, true),
        (.info, .get, .badRequest, true), (.info, .post, .unprocessableContent, true),
        (.info, .get, .serviceUnavailable, true),
        (.debug, .get, .ok, true), (.debug, .get, .notModified, true), (.debug, .post, .created, true),
    ])
    func aLevelDecidesWhatIsLogged(level: LogLevel, method: Method, status: Status, isLogged: Bool) {
        let lines = Lines()
        let log = lines.log(level)
        // Ten times, since the first of many successful reads is logged at any rate.
        for _ in 0..<10 { log.exchange(Request(method, "/v1/areas"), Response(status), microseconds: 0) }
        #expect(lines.texts.count == (isLogged ? 10 : 0))
    }

    @Test(arguments: [(LogLevel.error, 0), (.info, 3), (.debug, 250)])
    func successfulReadsAreSampled(level: LogLevel, count: Int) {
        let lines = Lines()
        let log = lines.log(level)
        for number in 0..<250 {
            let method: Method = number.isMultiple(of: 2) ? .get : .head
            let status: Status = number.isMultiple(of: 3) ? .notModified : .ok
            log.exchange(Request(method, "/v1/areas"), Response(status), microseconds: 0)
        }
        #expect(lines.texts.count == count)
    }

    @Test func aRefusalWithoutARequestIsLogged() throws {
        let lines = Lines()
        lines.log(.info).exchange(nil, Response(.badRequest), microseconds: 0)
        let line = try lines.only()
        #expect(
            line["status"] == 400 && line["method"] == nil && line["path"] == nil && line["traceId"] == nil)
    }

    @Test(arguments: LogLevel.allCases)
    func errorsAreLoggedAtEveryLevelOnOneLine(level: LogLevel) throws {
        let lines = Lines()
        let trace = Trace(continuing: nil)
        lines.log(level).error("broken\n\"pipe\"", trace: trace)
        #expect(lines.texts.allSatisfy { !$0.contains("\n") })
        let line = try lines.only()
        #expect(line["level"] == "error" && line["message"] == "broken\n\"pipe\"")
        #expect(line["traceId"] == .string(trace.traceID))
    }

    @Test(arguments: [(LogLevel.error, 0), (.info, 1), (.debug, 1)])
    func messagesAreLoggedFromInfoOn(level: LogLevel, count: Int) {
        let lines = Lines()
        lines.log(level).info("listening")
        #expect(lines.texts.count == count)
    }
}
