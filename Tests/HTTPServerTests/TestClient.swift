import EventLoop
import Foundation
import Testing

@testable import HTTPServer

/// A blocking client that reads for 5 s at most.
final class TestClient: Sendable {
    /// How a connection ended.
    enum Ending: Equatable {
        case closed
        case reset
        case stillOpen
    }

    private let socket: Socket

    convenience init(_ port: Int) throws {
        try self.init(at: ListeningAddress(description: "127.0.0.1:\(port)", port: port))
    }

    init(at address: ListeningAddress) throws {
        let target = try #require(Self.target(address))
        socket = Socket(descriptor: Foundation.socket(target.family, streamType, 0))
        let code = target.withPointer { connect(socket.descriptor, $0, $1) }
        if code != 0 { throw SystemError("connect", code: errno) }
        option(IPPROTO_TCP, TCP_NODELAY, Int32(1))
        option(Int(SOL_SOCKET), SO_RCVTIMEO, timeval(tv_sec: 5, tv_usec: 0))
        option(Int(SOL_SOCKET), SO_SNDTIMEO, timeval(tv_sec: 5, tv_usec: 0))
    }

    private static func target(_ address: ListeningAddress) -> SocketAddress? {
        guard let port = address.port else {
            return SocketAddress(path: String(address.description.dropFirst(5)))
        }
        let host = address.description.dropLast(":\(port)".count).filter { $0 != "[" && $0 != "]" }
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), nil, &first) == 0 else { return nil }
        defer { freeaddrinfo(first) }
        return first.flatMap { SocketAddress($0.pointee) }
    }

    deinit { socket.closeDescriptor() }

    private func option(_ level: Int, _ name: Int32, _ value: some BitwiseCopyable) {
        withUnsafeBytes(of: value) { bytes in
            _ = setsockopt(socket.descriptor, Int32(level), name, bytes.baseAddress, socklen_t(bytes.count))
        }
    }

    /// Sends the text; false when the connection is gone.
    @discardableResult func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            guard case .bytes(let count) = bytes[sent...].withUnsafeBytes(socket.transmit) else {
                return false
            }
            sent += count
        }
        return true
    }

    /// Closes the sending side.
    func finish() {
        socket.shutdownOutput()
    }

    /// Reads until the text is there, or the connection's end; what was read.
    func read(until end: String) -> String {
        var text = ""
        while !text.contains(end) {
            guard let part = readPart(), !part.isEmpty else { break }
            text += part
        }
        return text
    }

    /// Reads to the connection's end.
    func readAll() -> (text: String, ending: Ending) {
        var text = ""
        while true {
            guard let part = readPart() else { return (text, errno == ECONNRESET ? .reset : .stillOpen) }
            if part.isEmpty { return (text, .closed) }
            text += part
        }
    }

    /// Nil on an error; empty at the end.
    private func readPart() -> String? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        switch buffer.withUnsafeMutableBytes(socket.receive) {
        case .bytes(let count): return String(decoding: buffer[..<count], as: UTF8.self)
        case .end: return ""
        case .wouldBlock, .failed: return nil
        }
    }
}

/// Runs a client on a thread of its own, since it blocks.
func withClient<Result: Sendable>(
    _ port: Int, _ body: @escaping @Sendable (TestClient) throws -> Result
) async throws -> Result {
    try await onThread { try body(TestClient(port)) }
}

/// The same for any place that a server listens at.
func withClient<Result: Sendable>(
    at address: ListeningAddress, _ body: @escaping @Sendable (TestClient) throws -> Result
) async throws -> Result {
    try await onThread { try body(TestClient(at: address)) }
}

/// Runs what blocks on a thread of its own.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            continuation.resume(with: Swift.Result { try body() })
        }
    }
}

/// The status codes of the answers in a text, in their order.
func statuses(_ text: String) -> [Int] {
    text.matches(of: #/HTTP/1\.1 (\d{3}) /#).compactMap { Int($0.1) }
}
