import EventLoop
import Testing

@Suite struct TimersTests {
    private let lane: Lane
    private let trace = Trace<Int>()

    init() throws { lane = try Lane(number: 0) }

    private func schedule(_ event: Int, after milliseconds: Int) -> EventLoop.Timer {
        lane.schedule(after: .milliseconds(milliseconds)) { [trace] in trace.events.append(event) }
    }

    @Test func firesInOrderOfDeadlines() async throws {
        try await lane.run {
            for delay in [30, 10, 50, 20, 40, 0] { _ = schedule(delay, after: delay) }
        }
        #expect(try await lane.eventually { trace.events.count == 6 })
        #expect(try await lane.run { trace.events } == [0, 10, 20, 30, 40, 50])
    }

    @Test func neverFiresBeforeItsTime() async throws {
        let start = ContinuousClock.now
        let fired: ContinuousClock.Instant = await withCheckedContinuation { continuation in
            lane.async {
                _ = lane.schedule(after: .milliseconds(20)) { continuation.resume(returning: .now) }
            }
        }
        #expect(fired - start >= .milliseconds(20))
    }

    @Test func aShorterTimerOvertakesALongerOne() async throws {
        try await lane.run { _ = schedule(1, after: 3_600_000) }
        try await lane.run { _ = schedule(2, after: 5) }
        #expect(try await lane.eventually { trace.events == [2] })
    }

    @Test func aCancelledTimerDoesNotFire() async throws {
        try await lane.run {
            let first = schedule(1, after: 5)
            _ = schedule(2, after: 20)
            first.cancel()
            first.cancel()
        }
        #expect(try await lane.eventually { !trace.events.isEmpty })
        #expect(try await lane.run { trace.events } == [2])
    }

    @Test func aTimerMayCancelOneThatIsDueWithIt() async throws {
        try await lane.run {
            let box = Trace<EventLoop.Timer>()
            _ = lane.schedule(after: .milliseconds(5)) { [trace] in
                trace.events.append(1)
                box.events.forEach { $0.cancel() }
            }
            box.events.append(schedule(2, after: 5))
            _ = schedule(3, after: 6)
            // Both are overdue when the lane comes to them.
            let start = ContinuousClock.now
            while ContinuousClock.now - start < .milliseconds(10) {}
        }
        #expect(try await lane.eventually { trace.events.last == 3 })
        #expect(try await lane.run { trace.events } == [1, 3])
    }

    @Test func cancellingFromWithinItselfIsHarmless() async throws {
        try await lane.run {
            let box = Trace<EventLoop.Timer>()
            let timer = lane.schedule(after: .zero) { [trace] in
                box.events.forEach { $0.cancel() }
                trace.events.append(1)
            }
            box.events.append(timer)
        }
        #expect(try await lane.eventually { trace.events == [1] })
    }

    @Test func aTimerMayScheduleAnother() async throws {
        try await lane.run {
            _ = lane.schedule(after: .milliseconds(1)) { _ = schedule(2, after: 0) }
        }
        #expect(try await lane.eventually { trace.events == [2] })
    }

    @Test func keepsTheRestInOrderWhenManyAreCancelled() async throws {
        // The deadline of a timer lies between the clock before and after it was made, plus its delay.
        let bounds = try await lane.run {
            let bounds = (0..<2000).map { number in
                let delay = Duration.microseconds(5000 + (number * 7919) % 2000 * 20)
                let start = ContinuousClock.now
                let timer = lane.schedule(after: delay) { [trace] in trace.events.append(number) }
                return (earliest: start + delay, latest: ContinuousClock.now + delay, timer: timer)
            }
            for (number, bound) in bounds.enumerated() where number % 20 != 0 { bound.timer.cancel() }
            return bounds
        }
        #expect(try await lane.eventually { trace.events.count == 100 })
        let events = try await lane.run { trace.events }
        #expect(Set(events) == Set(stride(from: 0, to: 2000, by: 20)))
        for (event, next) in zip(events, events.dropFirst()) {
            #expect(bounds[event].earliest <= bounds[next].latest)
        }
    }

    @Test func acceptsADelayOfThreeCenturies() async throws {
        try await lane.run {
            _ = lane.schedule(after: .seconds(300 * 365 * 86_400)) { [trace] in trace.events.append(1) }
            _ = schedule(2, after: 1)
        }
        #expect(try await lane.eventually { trace.events == [2] })
    }

    @Test func releasesTheWorkOfACancelledTimer() async throws {
        let timers = Trace<EventLoop.Timer>()
        let witness = try await lane.run {
            let kept = Witness()
            timers.events.append(lane.schedule(after: .seconds(60)) { _ = kept })
            return Weak(kept)
        }
        try await lane.run { timers.events[0].cancel() }
        #expect(try await lane.run { witness.object == nil })
    }

    private final class Witness: Sendable {}

    private final class Weak: @unchecked Sendable {
        weak var object: Witness?
        init(_ object: Witness) { self.object = object }
    }
}
