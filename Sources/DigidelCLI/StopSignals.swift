import EventLoop
import Foundation
import Synchronization

/// SIGTERM and SIGINT. The first is waited for; the second ends the program at once.
final class StopSignals {
    private let state = SignalState()
    private var watches: [SignalWatch] = []

    init() {
        for number in [SIGTERM, SIGINT] {
            watches.append(SignalWatch(number) { [state] in state.signal() })
        }
    }

    /// Whether one has come.
    var haveCome: Bool { state.count.load(ordering: .relaxed) > 0 }

    /// Suspends until the first has come.
    func first() async {
        for await _ in state.stream { return }
    }
}

private final class SignalState: Sendable {
    let count = Atomic<Int>(0)
    let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func signal() {
        if count.wrappingAdd(1, ordering: .relaxed).newValue > 1 { exit(1) }
        continuation.yield()
    }
}
