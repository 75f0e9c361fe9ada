import EventLoop
import Foundation
import Testing

@Suite struct SignalsTests {
    @Test(.timeLimit(.minutes(5))) func aSignalBecomesACall() async throws {
        let (calls, continuation) = AsyncStream<Void>.makeStream()
        let watch = SignalWatch(SIGUSR1) { continuation.yield() }
        // One that comes before the source is registered is ignored, so the test repeats it until it is heard.
        let sender = Task {
            while true {
                kill(getpid(), SIGUSR1)
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        var iterator = calls.makeAsyncIterator()
        for _ in 0..<3 { await iterator.next() }
        sender.cancel()
        withExtendedLifetime(watch) {}
    }

    @Test func aWriteToAClosedSocketIsAnError() {
        ignoreBrokenPipes()
        let pair = SocketPair()
        pair.closeFar()
        let written = write(pair.near, "x", 1)
        let code = errno
        #expect(written == -1)
        #expect(code == EPIPE)
        close(pair.near)
    }
}
