import Foundation
import HTTPServer
import Synchronization
import TestDatabase

@testable import DigidelAPI

/// A client of a live stream on a socket of its own, read by a thread of its own.
final class EventStream: Sendable {
    /// One event as it was received.
    struct Event: Equatable {
        var id = ""
        var name = ""
        var data = ""

        var json: JSONValue? { try? JSONValue(parsing: Array(data.utf8)) }
        var value: Int? { json?["value"]?.integer }
    }

    private let descriptor: Int32
    private let received = Mutex((bytes: [UInt8](), hasEnded: false))

    /// Connects, and asks for a path.
    init(
        _ port: Int, _ path: String = "/v1/goals/digidel2013/progress/stream", method: String = "GET",
        version: String = "1.1", key: String? = nil, fields: KeyValuePairs<String, String> = [:]
    ) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw ContractError("cannot connect: \(errno)") }
        var lines = ["\(method) \(path) HTTP/\(version)", "Host: a"]
        if let key { lines.append("Authorization: Bearer \(key)") }
        for (name, value) in fields { lines.append("\(name): \(value)") }
        let text = lines.joined(separator: "\r\n") + "\r\n\r\n"
        _ = text.withCString { send(descriptor, $0, strlen($0), 0) }
        Thread.detachNewThread { [self] in receive() }
    }

    deinit { Foundation.close(descriptor) }

    private func receive() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            received.withLock { received in
                if count > 0 { received.bytes += buffer[..<count] } else { received.hasEnded = true }
            }
            if count <= 0 { return }
        }
    }

    /// Goes away.
    func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    // MARK: What has come

    var hasEnded: Bool { received.withLock { $0.hasEnded } }
    var text: String { String(decoding: received.withLock { $0.bytes }, as: UTF8.self) }
    var head: String { text.components(separatedBy: "\r\n\r\n")[0] }
    var status: Int? { Int(head.dropFirst("HTTP/1.1 ".count).prefix(3)) }

    /// The body without the lines of its chunks, which no event contains.
    var body: String {
        let body = text.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n")
        guard head.contains("Transfer-Encoding: chunked") else { return body }
        let lines = body.components(separatedBy: "\r\n")
        return stride(from: 1, to: lines.count, by: 2).map { lines[$0] }.joined()
    }

    /// The events that have come whole.
    var events: [Event] {
        body.components(separatedBy: "\n\n").dropLast().compactMap { block in
            var event = Event()
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { continue }
                let value = String(parts[1].drop { $0 == " " })
                switch parts[0] {
                case "id": event.id = value
                case "event": event.name = value
                case "data": event.data = value
                default: break
                }
            }
            return event.data.isEmpty ? nil : event
        }
    }

    /// Waits until what has come is as the test expects it; false after a minute.
    func receives(_ condition: (EventStream) -> Bool) async throws -> Bool {
        try await eventually { condition(self) }
    }

    /// Waits for the event with that value.
    func receives(value: Int) async throws -> Bool {
        try await receives { $0.events.last?.value == value }
    }
}

extension TestApp {
    /// The service on the same database with streams of its own pace, behind a server on a port of its own for as long as
    /// `body` runs.
    func serving(
        perKey: Int = 100, limits: Limits = Limits(),
        _ change: (inout ProgressStreams.Pace) -> Void = { _ in },
        _ body: (TestApp, Int, Server) async throws -> Void
    ) async throws {
        var pace = ProgressStreams.Pace()
        // Long enough to know that it was something else.
        pace.rereads = .seconds(3600)
        change(&pace)
        let service = try another(caches: Caches(streams: ProgressStreams(perKey: perKey, pace: pace)))
        let server = Server(
            lanes: [TestDatabase.lane], responders: [service.app],
            endpoints: [.tcp(host: "127.0.0.1", port: 0)], limits: limits)
        let port = try await server.start().first?.port ?? 0
        do {
            try await body(service, port, server)
        } catch {
            await server.drain(within: .zero)
            throw error
        }
        await server.drain(within: .zero)
    }

    var streams: ProgressStreams { app.caches.streams }
}
