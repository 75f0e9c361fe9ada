import EventLoop
import Foundation

@testable import HTTPServer

/// A blocking client that reads for 5 s at most.
final class TestClient {
    /// How a connection ended.
    enum Ending: Equatable {
        case closed
        case reset
        case stillOpen
    }

    private let socket: Socket

    init(_ port: Int) throws {
        socket = Socket(descriptor: Foundation.socket(AF_INET, streamType, 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code != 0 { throw SystemError("connect", code: errno) }
        option(IPPROTO_TCP, TCP_NODELAY, Int32(1))
        option(Int(SOL_SOCKET), SO_RCVTIMEO, timeval(tv_sec: 5, tv_usec: 0))
        option(Int(SOL_SOCKET), SO_SNDTIMEO, timeval(tv_sec: 5, tv_usec: 0))
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
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            continuation.resume(with: Swift.Result { try body(TestClient(port)) })
        }
    }
}

/// The status codes of the answers in a text, in their order.
func statuses(_ text: String) -> [Int] {
    text.matches(of: #/HTTP/1\.1 (\d{3}) /#).compactMap { Int($0.1) }
}
