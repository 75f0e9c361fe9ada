import EventLoop
import Foundation
import HTTP
import Testing

@testable import HTTPServer

@Suite struct ListeningTests {
    private let who = "GET /who HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A server on these endpoints and two lanes, for as long as `body` runs.
    private func serve(
        _ endpoints: [Endpoint], _ change: (inout Limits) -> Void = { _ in },
        _ body: (Server, [ListeningAddress]) async throws -> Void
    ) async throws {
        var limits = Limits()
        change(&limits)
        let lanes = try (0..<2).map(Lane.init(number:))
        let responder = TestResponder(lanes: lanes)
        let server = Server(
            lanes: lanes, responders: lanes.map { _ in responder }, endpoints: endpoints, limits: limits)
        let addresses = try await server.start()
        do {
            try await body(server, addresses)
        } catch {
            await server.drain(within: .zero)
            throw error
        }
        await server.drain(within: .zero)
    }

    /// A path that is short enough, in the folder that is gone after the tests even when they are stopped.
    private func socketPath() -> String {
        let folder = ProcessInfo.processInfo.environment["TEST_DATA_DIR"] ?? "/tmp"
        return "\(folder)/\(UUID().uuidString.prefix(8)).sock"
    }

    @Test func `several addresses of both kinds are listened at`() async throws {
        let path = socketPath()
        let endpoints: [Endpoint] = [
            .tcp(host: "127.0.0.1", port: 0), .tcp(host: "::1", port: 0), .unix(path: path),
        ]
        try await serve(endpoints) { _, addresses in
            #expect(addresses.count == 3)
            #expect(addresses[0].description == "127.0.0.1:\(addresses[0].port ?? 0)")
            #expect(addresses[1].description == "[::1]:\(addresses[1].port ?? 0)")
            #expect(addresses[2].description == "unix:\(path)" && addresses[2].port == nil)
            for (address, client) in zip(addresses, ["127.0.0.1", "::1", ""]) {
                let answer = try await withClient(at: address) { [who] client in
                    client.send(who + who)
                    client.finish()
                    return client.readAll().text
                }
                #expect(answer.hasSuffix("\r\n\r\n\(client)"), "\(address)")
                #expect(statuses(answer) == [200, 200])
            }
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `the addresses of a name share one port`() async throws {
        try await serve([.tcp(host: "localhost", port: 0)]) { _, addresses in
            #expect(!addresses.isEmpty && Set(addresses.map(\.port)).count == 1)
        }
    }

    @Test func `an address that another server has is refused`() async throws {
        try await serve([.tcp(host: "127.0.0.1", port: 0)]) { _, addresses in
            let taken = Endpoint.tcp(host: "127.0.0.1", port: addresses[0].port ?? 0)
            await #expect(throws: SystemError.self) { try await serve([taken]) { _, _ in } }
        }
        await #expect(throws: SystemError.self) {
            try await serve([.tcp(host: "192.0.2.1", port: 0)]) { _, _ in }
        }
        await #expect(throws: SystemError.self) {
            try await serve([.unix(path: "/tmp/" + String(repeating: "a", count: 200))]) { _, _ in }
        }
    }

    @Test func `a server that cannot have all its endpoints listens nowhere`() async throws {
        let path = socketPath()
        await #expect(throws: SystemError.self) {
            try await serve([.unix(path: path), .tcp(host: "192.0.2.1", port: 0)]) { _, _ in }
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `a socket file that nobody listens at is replaced, one in use is not`() async throws {
        let path = socketPath()
        let left = socket(AF_UNIX, streamType, 0)
        let address = try #require(SocketAddress(path: path))
        #expect(address.withPointer { bind(left, $0, $1) } == 0)
        close(left)
        try await serve([.unix(path: path)]) { _, addresses in
            await #expect(throws: SystemError.self) { try await serve([.unix(path: path)]) { _, _ in } }
            let answer = try await withClient(at: addresses[0]) { [who] client in
                client.send(who)
                client.finish()
                return client.readAll().text
            }
            #expect(statuses(answer) == [200])
        }
    }

    /// What a service manager does: the socket outlives the server, and what waits is answered by the next.
    @Test func `an inherited socket refuses nobody between two servers`() async throws {
        let first = try #require(ListeningSocket.open(.tcp(host: "127.0.0.1", port: 0), lanes: 1).first)
        defer { first.closeDescriptor() }
        let address = first.address
        for _ in 0..<2 {
            try await serve([.inherited(descriptor: dup(first.descriptor))]) { _, addresses in
                #expect(addresses == [address])
                let answer = try await withClient(at: address) { [who] client in
                    client.send(who)
                    client.finish()
                    return client.readAll().text
                }
                #expect(statuses(answer) == [200])
            }
            let waiting = try TestClient(at: address)
            waiting.send(who)
            waiting.finish()
            try await serve([.inherited(descriptor: dup(first.descriptor))]) { _, _ in
                let answer = try await onThread { waiting.readAll().text }
                #expect(statuses(answer) == [200])
            }
        }
    }

    @Test func `what does not listen is not taken for a socket`() async throws {
        await #expect(throws: SystemError.self) {
            try await serve([.inherited(descriptor: dup(2))]) { _, _ in }
        }
    }

    @Test func `connections are spread evenly over the lanes`() async throws {
        try await serve([.tcp(host: "127.0.0.1", port: 0)]) { server, addresses in
            let clients = try (0..<64).map { _ in try TestClient(at: addresses[0]) }
            let deadline = ContinuousClock.now + .seconds(5)
            while server.connectionCount < 64, .now < deadline { try await Task.sleep(for: .milliseconds(5)) }
            #expect(server.connectionsPerLane == [32, 32])
            withExtendedLifetime(clients) {}
        }
    }

    @Test func `one client has only so many connections, and room again when one ends`() async throws {
        try await serve(
            [.tcp(host: "127.0.0.1", port: 0)],
            {
                $0.connectionsPerAddress = 3
                $0.limitsLoopback = true
            }
        ) { server, addresses in
            var clients = try (0..<3).map { _ in try TestClient(at: addresses[0]) }
            let all = ContinuousClock.now + .seconds(5)
            while server.connectionCount < 3, .now < all { try await Task.sleep(for: .milliseconds(5)) }
            let (answer, ending) = try await withClient(at: addresses[0]) { $0.readAll() }
            #expect(statuses(answer) == [503] && ending == .closed)
            #expect(answer.contains("Connection: close\r\n") && answer.contains("Date: "))
            clients.removeLast()
            let deadline = ContinuousClock.now + .seconds(5)
            while server.connectionCount > 2, .now < deadline { try await Task.sleep(for: .milliseconds(5)) }
            let again = try await withClient(at: addresses[0]) { [who] client in
                client.send(who)
                client.finish()
                return client.readAll().text
            }
            #expect(statuses(again) == [200])
        }
    }

    @Test func `the machine itself has as many as it wants, unless it is said otherwise`() async throws {
        try await serve([.tcp(host: "127.0.0.1", port: 0)], { $0.connectionsPerAddress = 1 }) {
            server, addresses in
            let clients = try (0..<5).map { _ in try TestClient(at: addresses[0]) }
            let deadline = ContinuousClock.now + .seconds(5)
            while server.connectionCount < 5, .now < deadline { try await Task.sleep(for: .milliseconds(5)) }
            #expect(server.connectionCount == 5)
            withExtendedLifetime(clients) {}
        }
    }

    @Test func `a proxy is believed when it is trusted`() async throws {
        for (proxies, expected) in [("127.0.0.0/8", "192.0.2.7"), ("10.0.0.1", "127.0.0.1")] {
            let trusted = try #require(TrustedProxies(proxies))
            try await serve([.tcp(host: "127.0.0.1", port: 0)], { $0.trustedProxies = trusted }) {
                _, addresses in
                let answer = try await withClient(at: addresses[0]) { client in
                    client.send("GET /who HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n")
                    client.finish()
                    return client.readAll().text
                }
                #expect(answer.hasSuffix("\r\n\r\n\(expected)"))
            }
        }
    }
}
