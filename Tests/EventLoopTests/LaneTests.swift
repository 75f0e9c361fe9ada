import Dispatch
import EventLoop
import Foundation
import Testing

@Suite struct LaneTests {
    private let lane: Lane

    init() throws { lane = try Lane(number: 0) }

    /// An actor of the lane, as connections are.
    private actor Resident {
        nonisolated let lane: Lane
        nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }
        private(set) var value = 0

        init(on lane: Lane) { self.lane = lane }

        func add() async -> Int {
            lane.checkIsolated()
            await Task.yield()
            lane.checkIsolated()
            value += 1
            return value
        }

        func set(_ value: Int) { self.value = value }
    }

    @Test func hasALanePerCore() throws {
        let lanes = try Lane.perCore()
        #expect(lanes.map(\.number) == Array(0..<ProcessInfo.processInfo.activeProcessorCount))
    }

    @Test func runsWorkInOrder() async throws {
        let trace = Trace<Int>()
        for number in 0..<100 { lane.async { trace.events.append(number) } }
        #expect(try await lane.run { trace.events } == Array(0..<100))
    }

    @Test func anActorOfTheLaneRunsOnIt() async {
        let resident = Resident(on: lane)
        #expect(await resident.add() == 1)
    }

    @Test func workOnTheLaneMayAssumeAnActorsIsolation() async throws {
        let resident = Resident(on: lane)
        try await lane.run { resident.assumeIsolated { $0.set(7) } }
        #expect(await resident.value == 7)
    }

    /// As a request: nonisolated code between calls of actors of the same lane.
    private func answer(_ first: Resident, _ second: Resident) async throws -> Int {
        lane.checkIsolated()
        var sum = 0
        for _ in 0..<50 {
            sum += await first.add()
            lane.checkIsolated()
            sum += await second.add()
            lane.checkIsolated()
            try await Task.sleep(for: .microseconds(50))
            lane.checkIsolated()
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async { continuation.resume() }
            }
            lane.checkIsolated()
        }
        return sum
    }

    @Test func aTaskThatPrefersTheLaneNeverLeavesIt() async throws {
        let (first, second) = (Resident(on: lane), Resident(on: lane))
        let tasks = (0..<20).map { _ in
            Task(executorPreference: lane) { try await answer(first, second) }
        }
        for task in tasks { _ = try await task.value }
        #expect(await first.value == 1000)
    }

    @Test func childTasksStayOnTheLane() async {
        let lane = lane
        await Task(executorPreference: lane) {
            await withTaskGroup { group in
                for _ in 0..<10 { group.addTask { lane.checkIsolated() } }
            }
            async let child: Void = lane.checkIsolated()
            await child
            lane.checkIsolated()
        }.value
    }

    @Test func aTaskComesBackFromAnotherLane() async throws {
        let other = Resident(on: try Lane(number: 1))
        let lane = lane
        await Task(executorPreference: lane) {
            for _ in 0..<50 {
                _ = await other.add()
                lane.checkIsolated()
            }
        }.value
    }

    @Test func jobsGetTheirTurnAmongDescriptorsThatAreAlwaysReady() async throws {
        let trace = Trace<Int>()
        let pair = SocketPair()
        pair.send()
        let copies = (0..<300).map { _ in dup(pair.near) }
        try await lane.run {
            for copy in copies {
                trace.watches.append(try lane.watch(copy, for: .read) { _ in trace.events.append(1) })
            }
        }
        #expect(try await lane.eventually { trace.events.count > 3000 })
        try await lane.run { trace.watches.forEach { $0.cancel() } }
        for copy in copies { close(copy) }
        pair.close()
    }
}
