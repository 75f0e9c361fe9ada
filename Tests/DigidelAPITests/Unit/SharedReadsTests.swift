import Synchronization
import TestDatabase
import Testing

@testable import DigidelAPI

@Suite struct SharedReadsTests {
    private struct Away: Error {}

    /// Counts the readings; each ends when it is told to.
    private final class Source: Sendable {
        private let number = Mutex(0)
        private let gate = Mutex<[CheckedContinuation<Void, Never>]>([])

        /// The number of this reading.
        func read() async -> Int {
            let reading = number.withLock { number in
                number += 1
                return number
            }
            await withCheckedContinuation { continuation in gate.withLock { $0.append(continuation) } }
            return reading
        }

        /// Ends the reading that is under way, once there is one.
        func end() async {
            while true {
                if let continuation = gate.withLock({ $0.popLast() }) { return continuation.resume() }
                await Task.yield()
            }
        }

        var readings: Int { number.withLock { $0 } }
    }

    @Test func allWhoAskDuringAReadingShareTheNext() async throws {
        let reads = SharedReads<String, Int>(on: TestDatabase.lane)
        let source = Source()
        async let first = reads.value(for: "a") { await source.read() }
        while source.readings == 0 { await Task.yield() }
        let others = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await reads.value(for: "a") { await source.read() } } }
            while await reads.waiting["a"]?.count != 20 { await Task.yield() }
            await source.end()
            await source.end()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try await first == 1)
        #expect(others == Array(repeating: 2, count: 20))
        #expect(source.readings == 2)
    }

    @Test func otherKeysAreReadForThemselves() async throws {
        let reads = SharedReads<String, Int>(on: TestDatabase.lane)
        let source = Source()
        async let first = reads.value(for: "a") { await source.read() }
        async let second = reads.value(for: "b") { await source.read() }
        while source.readings < 2 { await Task.yield() }
        await source.end()
        await source.end()
        #expect(Set(try await [first, second]) == [1, 2])
    }

    @Test func aFailureIsForThoseWhoWaitedForIt() async throws {
        let reads = SharedReads<String, Int>(on: TestDatabase.lane)
        await #expect(throws: Away.self) { try await reads.value(for: "a") { throw Away() } }
        #expect(try await reads.value(for: "a") { 7 } == 7)
    }
}
