import EventLoop
import Foundation

/// A connected pair of sockets that do not block; close them with `close`.
struct SocketPair {
    let near: Int32
    let far: Int32

    init() {
        var descriptors: [Int32] = [0, 0]
        precondition(socketpair(AF_UNIX, Int32(Self.stream), 0, &descriptors) == 0)
        (near, far) = (descriptors[0], descriptors[1])
        for descriptor in descriptors { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    }

    func send(_ count: Int = 1) {
        _ = [UInt8](repeating: 7, count: count).withUnsafeBytes { write(far, $0.baseAddress, count) }
    }

    /// Writes to the near end until it takes no more.
    func fill() {
        let bytes = [UInt8](repeating: 7, count: 65_536)
        while bytes.withUnsafeBytes({ write(near, $0.baseAddress, bytes.count) }) > 0 {}
    }

    /// Reads all that has come to one end.
    static func drain(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while bytes.withUnsafeMutableBytes({ read(descriptor, $0.baseAddress, $0.count) }) > 0 {}
    }

    func close() {
        closeFar()
        _ = Foundation.close(near)
    }

    func closeFar() { _ = Foundation.close(far) }

    #if canImport(Glibc)
        private static var stream: UInt32 { SOCK_STREAM.rawValue }
    #else
        private static var stream: Int32 { SOCK_STREAM }
    #endif
}

/// What happened on a lane, in order. Only touched there.
final class Trace<Event: Sendable>: @unchecked Sendable {
    var events: [Event] = []
    var watches: [Watch] = []
}

extension Lane {
    /// Runs `work` on the lane and returns its value; what is queued there has run before.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            self.async { continuation.resume(with: Result(catching: work)) }
        }
    }

    /// Suspends until `condition`, which is asked on the lane after each of its events, holds; false after a minute.
    func eventually(_ condition: @escaping @Sendable () -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(180)
        while try await !run(condition) {
            guard .now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(1))
        }
        return true
    }
}
