import EventLoop
import Foundation
import HTTP
import Synchronization
import Testing

@testable import HTTPServer

/// Answers that go on, over real sockets.
@Suite struct StreamTests {
    private static let request = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"
    private let drainLane: Lane

    init() throws {
        drainLane = try Lane(number: 9)
    }

    @Test func `the parts come as chunks, and the last one ends the connection`() async throws {
        try await withServer { server, port, responder in
            try await withClient(port) { client in
                client.send(Self.request)
                let head = client.read(until: "5\r\nfirst\r\n")
                #expect(statuses(head) == [200] && head.contains("Transfer-Encoding: chunked\r\n"))
                #expect(head.contains("Connection: close\r\n") && !head.contains("Content-Length"))
                responder.streams.send("second")
                #expect(client.read(until: "second\r\n") == "6\r\nsecond\r\n")
                responder.streams.finish()
                #expect(client.readAll() == ("0\r\n\r\n", .closed))
            }
            #expect(responder.streams.count == 0 && responder.finished == [200])
        }
    }

    @Test func `HTTP 1_0 gets the parts as they are, until the connection ends`() async throws {
        try await withServer { server, port, responder in
            try await withClient(port) { client in
                client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                let head = client.read(until: "\r\n\r\nfirst")
                #expect(head.contains("Connection: close\r\n") && !head.contains("Transfer-Encoding"))
                responder.streams.send("second")
                responder.streams.finish()
                #expect(client.readAll() == ("second", .closed))
            }
        }
    }

    @Test func `HEAD has the head alone and keeps the connection`() async throws {
        try await withServer { server, port, responder in
            try await withClient(port) { client in
                client.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n")
                let head = client.read(until: "\r\n\r\n")
                #expect(
                    head.contains("Transfer-Encoding: chunked\r\n") && !head.contains("Connection: close"))
                #expect(!head.contains("Content-Length"))
                client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(client.read(until: "\r\n\r\nnow").hasPrefix("HTTP/1.1 200 OK\r\n"))
            }
            #expect(responder.streams.begun == 0)
        }
    }

    @Test func `a client that goes is noticed at once`() async throws {
        try await withServer { server, port, responder in
            try await withClient(port) { client in
                client.send(Self.request)
                _ = client.read(until: "first")
                #expect(responder.streams.count == 1)
            }
            for _ in 0..<5000 where server.connectionCount > 0 { usleep(1000) }
            #expect(server.connectionCount == 0 && responder.streams.count == 0)
        }
    }

    @Test func `a client that has ended its requests gets what there is`() async throws {
        try await withServer { server, port, responder in
            try await withClient(port) { client in
                client.send(Self.request)
                client.finish()
                let (text, ending) = client.readAll()
                #expect(text.hasSuffix("5\r\nfirst\r\n") && ending == .closed)
            }
        }
    }

    @Test func `requests behind a stream are not taken`() async throws {
        try await withServer({ $0.inputBacklog = 10_000 }) { server, port, responder in
            try await withClient(port) { client in
                client.send(Self.request + Self.request)
                _ = client.read(until: "first")
                responder.streams.send("more")
                #expect(client.read(until: "more\r\n") == "4\r\nmore\r\n")
                for _ in 0..<400 where client.send(Self.request) { usleep(1000) }
                #expect(client.readAll().ending != .stillOpen)
            }
            #expect(responder.streams.begun == 1)
        }
    }

    @Test func `a client that does not read is cut off`() async throws {
        try await withServer({ $0.streamSendBuffer = 4 << 10 }) { server, port, responder in
            try await withClient(port) { client in
                client.send(Self.request)
                _ = client.read(until: "first")
                let part = String(repeating: "x", count: 10_000)
                for _ in 0..<10_000 where responder.streams.count > 0 { responder.streams.send(part) }
                #expect(responder.streams.count == 0)
            }
            #expect(server.streamsCutOffCount == 1 && server.acceptedCount == 1)
        }
    }

    @Test func `a client that takes nothing for the write time-out is cut off`() async throws {
        try await withServer({
            $0.streamSendBuffer = 4 << 10
            $0.streamBacklog = 100 << 20
            $0.writeTimeout = .milliseconds(200)
        }) { server, port, responder in
            try await withClient(port) { client in
                client.send(Self.request)
                _ = client.read(until: "first")
                responder.streams.send(String(repeating: "x", count: 16 << 20))
                for _ in 0..<5000 where responder.streams.count > 0 { usleep(1000) }
                #expect(responder.streams.count == 0)
            }
        }
    }

    @Test func `a client that reads slowly gets everything`() async throws {
        try await withServer({
            $0.streamSendBuffer = 4 << 10
            $0.streamBacklog = 100 << 20
        }) { server, port, responder in
            try await withClient(port) { client in
                client.send(Self.request)
                _ = client.read(until: "first\r\n")
                responder.streams.send(String(repeating: "x", count: 8 << 20))
                responder.streams.send("end")
                #expect(client.read(until: "end\r\n").utf8.count == 8 + (8 << 20) + 2 + 8)
            }
        }
    }

    @Test func `draining ends streams with their last chunk`() async throws {
        try await withServer(lanes: 2) { server, port, responder in
            let ended = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await withClient(port) { client in
                            client.send(Self.request)
                            _ = client.read(until: "first\r\n")
                            return client.readAll() == ("0\r\n\r\n", .closed)
                        }
                    }
                }
                for _ in 0..<5000 where responder.streams.count < 8 {
                    try await Task.sleep(for: .milliseconds(1))
                }
                await server.drain(within: .seconds(20))
                return try await group.reduce(true) { $0 && $1 }
            }
            #expect(ended && server.connectionCount == 0 && responder.streams.count == 0)
        }
    }

    @Test func `there are as many streams as there may be`() async throws {
        try await withServer({
            $0.streams = 2
            $0.streamsPerAddress = 1
            $0.limitsLoopbackStreams = true
        }) { server, port, responder in
            try await withClient(port) { first in
                first.send(Self.request)
                _ = first.read(until: "first")
                let second = try TestClient(port)
                second.send(Self.request)
                #expect(statuses(second.read(until: "RFC 6585, 4")) == [429])
                // The connection is kept.
                second.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(second.read(until: "\r\n\r\nnow").hasPrefix("HTTP/1.1 200 OK"))
                responder.streams.finish()
                _ = first.readAll()
                second.send(Self.request)
                #expect(second.read(until: "first").contains("HTTP/1.1 200 OK"))
            }
        }
    }
}

/// Streams that a test sends parts to.
final class TestStreams: Sendable {
    private struct State {
        var open: [ObjectIdentifier: TestStream] = [:]
        var begun = 0
    }

    private let state = Mutex(State())

    /// How many are open, and how many ever were.
    var count: Int { state.withLock { $0.open.count } }
    var begun: Int { state.withLock { $0.begun } }

    /// A stream that begins with `first`.
    func make() -> any BodyStream { TestStream(in: self) }

    fileprivate func add(_ stream: TestStream) {
        state.withLock { state in
            state.open[ObjectIdentifier(stream)] = stream
            state.begun += 1
        }
    }

    fileprivate func remove(_ stream: TestStream) {
        state.withLock { $0.open[ObjectIdentifier(stream)] = nil }
    }

    /// Sends a part to all, and returns when that is done.
    func send(_ text: String) {
        forEach { $0.send(BodyPart(Array(text.utf8))) }
    }

    /// Ends all.
    func finish() {
        forEach { $0.finish() }
    }

    private func forEach(_ body: @escaping @Sendable (any StreamClient) -> Void) {
        for stream in state.withLock({ Array($0.open.values) }) {
            let done = DispatchSemaphore(value: 0)
            stream.lane?.async {
                if let client = stream.client { body(client) }
                done.signal()
            }
            done.wait()
        }
    }
}

/// One of them; used on its connection's lane.
private final class TestStream: BodyStream, @unchecked Sendable {
    private let streams: TestStreams
    private(set) var client: (any StreamClient)?
    private(set) var lane: Lane?

    init(in streams: TestStreams) {
        self.streams = streams
    }

    func begin(_ client: any StreamClient) -> [BodyPart] {
        self.client = client
        lane = (client as? Connection)?.context.lane
        streams.add(self)
        return [BodyPart(Array("first".utf8))]
    }

    func end() {
        client = nil
        streams.remove(self)
    }
}
