import Foundation
import Testing

@testable import EventLoop
import HTTPServer

@Suite struct ServerTimeoutTests {
    /// What a client gets that sends this and no more, and whether it took about `seconds`.
    private func stall(
        _ text: String, seconds: Double, _ change: (inout Limits) -> Void
    ) async throws -> (statuses: [Int], ending: TestClient.Ending) {
        var result: (statuses: [Int], ending: TestClient.Ending) = ([], .stillOpen)
        try await withServer(change) { _, port, _ in
            let began = MonotonicTime.now
            let (answer, ending) = try await withClient(port) { client in
                client.send(text)
                return client.readAll()
            }
            #expect(MonotonicTime.now - began >= .seconds(seconds))
            result = (statuses(answer), ending)
        }
        return result
    }

    @Test func `a silent connection is closed without a word`() async throws {
        let result = try await stall("", seconds: 0.2) { $0.headerTimeout = .milliseconds(250) }
        #expect(result.statuses == [] && result.ending == .closed)
    }

    @Test func `a head that stops is answered 408`() async throws {
        let result = try await stall("GET /now HTTP/1.1\r\nHo", seconds: 0.2) {
            $0.headerTimeout = .milliseconds(250)
        }
        #expect(result.statuses == [408] && result.ending == .closed)
    }

    @Test func `a body that stops is answered 408`() async throws {
        let text = post("/echo", "Content-Length: 5", body: "ab")
        let result = try await stall(text, seconds: 0.2) { $0.bodyTimeout = .milliseconds(250) }
        #expect(result.statuses == [408] && result.ending == .closed)
    }

    @Test func `an idle connection is closed`() async throws {
        let result = try await stall(get, seconds: 1.9) { $0.idleTimeout = .seconds(2) }
        #expect(result.statuses == [404] && result.ending == .closed)
    }

    @Test func `lingering ends although the client stays`() async throws {
        try await withServer({ $0.lingerTime = .milliseconds(100) }) { server, port, _ in
            try await withClient(port) { client in
                client.send("bad\r\n\r\n")
                #expect(client.readAll().ending == .closed)
                while server.connectionCount > 0 { usleep(1000) }
            }
        }
    }

    @Test func `a client that takes no answers is reset`() async throws {
        try await withServer({ $0.writeTimeout = .milliseconds(200) }) { server, port, _ in
            let large = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n"
            try await withClient(port) { client in
                client.send(String(repeating: large, count: 20))
                while server.connectionCount == 0 { usleep(1000) }
                while server.connectionCount > 0 { usleep(1000) }
                #expect(client.readAll().ending == .reset)
            }
        }
    }
}
