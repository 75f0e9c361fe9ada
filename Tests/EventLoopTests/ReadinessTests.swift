import EventLoop
import Foundation
import Testing

@Suite struct ReadinessTests {
    private let lane: Lane
    private let trace = Trace<Ready>()
    private let pair = SocketPair()

    init() throws { lane = try Lane(number: 0) }

    /// Watches the near end; the handler reads what came, and runs `then`.
    private func watch(for interest: Interest, then: @escaping @Sendable () -> Void = {}) async throws {
        try await lane.run {
            let watch = try lane.watch(pair.near, for: interest) { [trace, pair] ready in
                trace.events.append(ready)
                if ready.contains(.read) { SocketPair.drain(pair.near) }
                then()
            }
            trace.watches.append(watch)
        }
    }

    private func setInterest(_ interest: Interest) async throws {
        try await lane.run { trace.watches[0].interest = interest }
    }

    private func end() async throws {
        try await lane.run { trace.watches.forEach { $0.cancel() } }
        pair.close()
    }

    @Test func tellsWhatCanBeRead() async throws {
        try await watch(for: .read)
        #expect(try await lane.run { trace.events }.isEmpty)
        pair.send()
        #expect(try await lane.eventually { trace.events == [.read] })
        pair.send()
        #expect(try await lane.eventually { trace.events == [.read, .read] })
        try await end()
    }

    @Test func tellsAgainWhatWasNotRead() async throws {
        try await lane.run {
            trace.watches.append(
                try lane.watch(pair.near, for: .read) { [trace] ready in
                    trace.events.append(ready)
                    if trace.events.count == 3 { trace.watches[0].cancel() }
                })
        }
        pair.send()
        #expect(try await lane.eventually { trace.events.count == 3 })
        pair.close()
    }

    @Test func tellsWhenThereIsRoomToWrite() async throws {
        pair.fill()
        try await watch(for: .write) { [trace] in trace.watches[0].interest = [] }
        #expect(try await lane.run { trace.events }.isEmpty)
        SocketPair.drain(pair.far)
        #expect(try await lane.eventually { trace.events == [.write] })
        try await end()
    }

    @Test func tellsTheEndOfTheStream() async throws {
        try await watch(for: .read) { [trace] in trace.watches[0].cancel() }
        pair.closeFar()
        #expect(try await lane.eventually { trace.events.first?.contains(.read) == true })
        close(pair.near)
    }

    #if os(Linux)
        @Test func tellsADeadConnectionWhateverTheInterest() async throws {
            try await watch(for: []) { [trace] in trace.watches[0].cancel() }
            pair.closeFar()
            #expect(try await lane.eventually { trace.events == [.failed] })
            close(pair.near)
        }

        @Test func refusesADescriptorThatIsNone() async throws {
            await #expect(throws: SystemError("epoll_ctl", code: EBADF)) {
                try await lane.run { _ = try lane.watch(-1, for: .read) { _ in } }
            }
            try await watch(for: .read)
            pair.send()
            #expect(try await lane.eventually { trace.events == [.read] })
            try await end()
        }
    #endif

    @Test func followsAChangeOfInterest() async throws {
        try await watch(for: .read)
        try await setInterest([])
        pair.send()
        try await lane.run { trace.watches[0].interest = .write }
        #expect(try await lane.eventually { trace.events.contains(.write) })
        #expect(try await lane.run { trace.events.contains(.read) } == false)
        try await setInterest(.read)
        #expect(try await lane.eventually { trace.events.last == .read })
        try await end()
    }

    @Test func isSilentAfterCancel() async throws {
        try await watch(for: .read)
        try await lane.run {
            trace.watches[0].cancel()
            trace.watches[0].cancel()
            trace.watches[0].interest = [.read, .write]
        }
        pair.send()
        let other = SocketPair()
        let told = Trace<Ready>()
        try await lane.run {
            told.watches.append(
                try lane.watch(other.near, for: .write) { ready in told.events.append(ready) })
        }
        #expect(try await lane.eventually { !told.events.isEmpty })
        #expect(try await lane.run { trace.events }.isEmpty)
        try await lane.run { told.watches[0].cancel() }
        other.close()
        pair.close()
    }

    @Test func anEventThatCameTooLateIsNotTold() async throws {
        // Both become ready while the lane is busy, so they come in one batch; the first to be told ends the other,
        // and a third takes its place.
        let other = SocketPair()
        let late = Trace<Ready>()
        try await lane.run {
            for descriptor in [pair.near, other.near] {
                let index = trace.watches.count
                trace.watches.append(
                    try lane.watch(descriptor, for: .read) { [trace, lane] ready in
                        trace.events.append(ready)
                        trace.watches[1 - index].cancel()
                        SocketPair.drain(descriptor)
                        let far = index == 0 ? pair.far : other.far
                        late.watches.append(
                            (try? lane.watch(far, for: .read) { late.events.append($0) }) ?? trace.watches[0])
                    })
            }
            pair.send()
            other.send()
        }
        #expect(try await lane.eventually { !trace.events.isEmpty })
        _ = try await lane.run {}
        try await Task.sleep(for: .milliseconds(10))
        #expect(try await lane.run { trace.events.count } == 1)
        #expect(try await lane.run { late.events }.isEmpty)
        try await lane.run { late.watches.forEach { $0.cancel() } }
        other.close()
        try await end()
    }

    @Test func aSlotIsUsedAgain() async throws {
        for _ in 0..<1000 {
            try await lane.run { try lane.watch(pair.near, for: .read) { _ in }.cancel() }
        }
        try await watch(for: .read)
        pair.send()
        #expect(try await lane.eventually { trace.events == [.read] })
        try await end()
    }

    @Test func servesManyDescriptorsAtOnce() async throws {
        let copies = (0..<300).map { _ in dup(pair.near) }
        let told = Trace<Int>()
        try await lane.run {
            for (number, copy) in copies.enumerated() {
                told.watches.append(
                    try lane.watch(copy, for: .read) { _ in
                        told.events.append(number)
                        told.watches[number].cancel()
                    })
            }
            pair.send()
        }
        #expect(try await lane.eventually { told.events.count == 300 })
        #expect(try await lane.run { Set(told.events).count } == 300)
        for copy in copies { close(copy) }
        pair.close()
    }

    @Test func aSystemErrorNamesTheCall() {
        #expect("\(SystemError("epoll_ctl", code: EBADF))" == "epoll_ctl: Bad file descriptor")
    }
}
