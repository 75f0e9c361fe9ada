import EventLoop
import Foundation
import Testing

@testable import HTTPServer

/// The drains run on a lane of their own: clients of these tests block the threads that other tasks run on.
@Suite struct DrainTests {
    private let lane: Lane

    init() throws {
        lane = try Lane(number: 9)
    }

    @Test func `draining closes idle connections at once`() async throws {
        try await withServer { server, port, _ in
            try await withClient(port) { client in
                client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = client.read(until: "\r\n\r\nnow")
                Task(executorPreference: lane) { await server.drain(within: .seconds(5)) }
                #expect(client.readAll().ending == .closed)
            }
        }
    }

    @Test func `draining lets a request finish and says close`() async throws {
        try await withServer { server, port, _ in
            let (answer, ending) = try await withClient(port) { client in
                client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
                usleep(50_000)
                Task(executorPreference: lane) { await server.drain(within: .seconds(5)) }
                return client.readAll()
            }
            #expect(statuses(answer) == [200] && ending == .closed)
            #expect(answer.contains("Connection: close\r\n"))
        }
    }

    @Test func `draining under load loses no request that was taken`() async throws {
        try await withServer(lanes: 2) { server, port, responder in
            let answered = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await hammer(port) } }
                try await Task.sleep(for: .milliseconds(200))
                await server.drain(within: .seconds(5))
                return try await group.reduce(0, +)
            }
            #expect(server.connectionCount == 0)
            #expect(answered == responder.finished.count)
            #expect(throws: SystemError.self) { try TestClient(port) }
        }
    }

    @Test func `draining cuts off what does not end in time`() async throws {
        try await withServer { server, port, _ in
            try await withClient(port) { client in
                client.send("GET /now HTTP/1.1\r\nHo")
                while server.connectionCount == 0 { usleep(1000) }
                usleep(20_000)
                Task(executorPreference: lane) {
                    await server.drain(within: .milliseconds(100))
                }
                #expect(statuses(client.readAll().text) == [])
            }
            // The client sees the end a moment before the server has counted it.
            for _ in 0..<10_000 where server.connectionCount > 0 { usleep(1000) }
            #expect(server.connectionCount == 0)
        }
    }

    @Test func `connections beyond the limit wait for their turn`() async throws {
        try await withServer({ $0.connections = 1 }) { server, port, _ in
            try await withClient(port) { first in
                first.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = first.read(until: "\r\n\r\nnow")
                let second = try TestClient(port)
                second.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
                usleep(50_000)
                #expect(server.connectionCount == 1)
                first.finish()
                #expect(second.read(until: "\r\n\r\nnow").hasPrefix("HTTP/1.1 200 OK"))
            }
        }
    }
}

/// Asks on one connection until it is closed; how many answers came.
private func hammer(_ port: Int) async throws -> Int {
    try await withClient(port) { client in
        var count = 0
        while client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n") {
            let answer = client.read(until: "\r\n\r\nlater")
            guard answer.hasSuffix("later") else { return count }
            count += 1
            if answer.contains("Connection: close") { return count }
        }
        return count
    }
}
