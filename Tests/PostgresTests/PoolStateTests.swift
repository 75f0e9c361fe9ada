import Testing

@testable import Postgres

@Suite struct PoolStateTests {
    private let now = ContinuousClock.now

    @Test func opensAsManyAsAreWaitedForUpToTheLimit() {
        var state = PoolState(limit: 2)
        #expect(state.acquire(waiter: 1, at: now) == .openAndWait)
        #expect(state.acquire(waiter: 2, at: now) == .openAndWait)
        #expect(state.acquire(waiter: 3, at: now) == .wait)
        #expect(state.opened(10) == 1)
        #expect(state.opened(11) == 2)
        #expect(state.release(10) == 3)
        #expect(state.release(11) == nil)
        #expect(state.acquire(waiter: 4, at: now) == .use(11))
    }

    @Test func lendsTheConnectionThatWasUsedLast() {
        var state = PoolState(limit: 2)
        _ = state.acquire(waiter: 1, at: now)
        _ = state.acquire(waiter: 2, at: now)
        _ = state.opened(10)
        _ = state.opened(11)
        _ = state.release(11)
        _ = state.release(10)
        #expect(state.acquire(waiter: 3, at: now) == .use(10))
    }

    @Test func servesWaitersInOrder() {
        var state = PoolState(limit: 1)
        for waiter in 1...4 { _ = state.acquire(waiter: waiter, at: now) }
        #expect(state.opened(10) == 1)
        #expect(state.expire(waiter: 2) == true)
        #expect(state.release(10) == 3)
        #expect(state.release(10) == 4)
        #expect(state.release(10) == nil)
    }

    @Test func aConnectionThatOpensTooLateIsIdle() {
        var state = PoolState(limit: 1)
        _ = state.acquire(waiter: 1, at: now)
        #expect(state.expire(waiter: 1) == true)
        #expect(state.expire(waiter: 1) == false)
        #expect(state.opened(10) == nil)
        #expect(state.acquire(waiter: 2, at: now) == .use(10))
    }

    @Test func tellsAllWhoWaitWhenTheLastAttemptFails() {
        var state = PoolState(limit: 2)
        for waiter in 1...3 { _ = state.acquire(waiter: waiter, at: now) }
        #expect(state.openFailed(retryAt: now + .seconds(1)) == [])
        #expect(state.openFailed(retryAt: now + .seconds(1)) == [1, 2, 3])
    }

    @Test func nobodyConnectsWhileTheDatabaseIsAway() {
        var state = PoolState(limit: 2)
        _ = state.acquire(waiter: 1, at: now)
        _ = state.openFailed(retryAt: now + .seconds(1))
        #expect(state.acquire(waiter: 2, at: now + .milliseconds(999)) == .fail)
        #expect(state.acquire(waiter: 3, at: now + .seconds(1)) == .openAndWait)
        #expect(state.opened(10) == 3)
        #expect(state.acquire(waiter: 4, at: now) == .openAndWait)
    }

    @Test func callersWaitForAWorkingConnectionWhenNoOtherCanBeOpened() {
        var state = PoolState(limit: 3)
        _ = state.acquire(waiter: 1, at: now)
        _ = state.opened(10)
        _ = state.acquire(waiter: 2, at: now)
        #expect(state.openFailed(retryAt: now + .seconds(1)) == [])
        #expect(state.acquire(waiter: 3, at: now) == .wait)
        #expect(state.release(10) == 2)
        #expect(state.release(10) == 3)
    }

    @Test func replacesALostConnectionForThoseWhoWait() {
        var state = PoolState(limit: 1)
        _ = state.acquire(waiter: 1, at: now)
        _ = state.opened(10)
        _ = state.acquire(waiter: 2, at: now)
        #expect(state.discardLeased() == true)
        #expect(state.opened(11) == 2)
        #expect(state.discardLeased() == false)
        #expect(state.acquire(waiter: 3, at: now) == .openAndWait)
    }

    @Test func aLostIdleConnectionIsNotLent() {
        var state = PoolState(limit: 1)
        _ = state.acquire(waiter: 1, at: now)
        _ = state.opened(10)
        _ = state.release(10)
        state.discardIdle(10)
        #expect(state.acquire(waiter: 2, at: now) == .openAndWait)
    }

    @Test func closingTellsAllWhoWait() {
        var state = PoolState(limit: 1)
        for waiter in 1...3 { _ = state.acquire(waiter: waiter, at: now) }
        _ = state.opened(10)
        #expect(state.close() == [2, 3])
        #expect(state.close() == [])
        #expect(state.discardLeased() == false)
    }

    @Test(arguments: 0..<200) func anyHistoryKeepsItsPromises(seed: UInt64) {
        var history = History(seed: seed)
        for _ in 0..<300 { history.step() }
        history.settle()
        #expect(history.faults == [])
    }
}

/// A random history of a pool, with a model of what must hold.
private struct History {
    private var random: SplitMix
    private let limit: Int
    private var state: PoolState
    private var now = ContinuousClock.now
    private var lastNumber = 0
    private var opening = 0
    private var idle: Set<Int> = []
    private var leased: Set<Int> = []
    private var waiting: Set<Int> = []
    var faults: [String] = []

    init(seed: UInt64) {
        random = SplitMix(state: seed)
        limit = Int(seed % 5) + 1
        state = PoolState(limit: limit)
    }

    mutating func step() {
        now += .milliseconds(Int.random(in: 0...40, using: &random))
        switch Int.random(in: 0..<10, using: &random) {
        case 0...3: acquire()
        case 4, 5: if let connection = leased.randomElement(using: &random) { release(connection) }
        case 6: if opening > 0 { open() }
        case 7: if opening > 0 { failToOpen() }
        case 8: loseOne()
        default: if let waiter = waiting.randomElement(using: &random) { expire(waiter) }
        }
        check()
    }

    /// Everything comes to its end: whoever waits must have been answered then.
    mutating func settle() {
        for _ in 0..<10_000 where !(leased.isEmpty && opening == 0) {
            if let connection = leased.first { release(connection) } else { open() }
            check()
        }
        if !waiting.isEmpty { faults.append("forgotten: \(waiting)") }
    }

    private mutating func number() -> Int {
        lastNumber += 1
        return lastNumber
    }

    private mutating func acquire() {
        let waiter = number()
        switch state.acquire(waiter: waiter, at: now) {
        case .use(let connection):
            if idle.remove(connection) == nil { faults.append("lent \(connection), which was not idle") }
            leased.insert(connection)
        case .openAndWait:
            opening += 1
            waiting.insert(waiter)
        case .wait: waiting.insert(waiter)
        case .fail:
            if !leased.isEmpty || opening > 0 || !idle.isEmpty { faults.append("failed with hope left") }
        }
    }

    private mutating func serve(_ waiter: Int?, with connection: Int) {
        if let waiter {
            if waiting.remove(waiter) == nil { faults.append("served \(waiter) again") }
            leased.insert(connection)
        } else {
            if !waiting.isEmpty { faults.append("left \(connection) idle while others wait") }
            idle.insert(connection)
        }
    }

    private mutating func release(_ connection: Int) {
        leased.remove(connection)
        serve(state.release(connection), with: connection)
    }

    private mutating func open() {
        opening -= 1
        let connection = number()
        serve(state.opened(connection), with: connection)
    }

    private mutating func failToOpen() {
        opening -= 1
        for waiter in state.openFailed(retryAt: now + .milliseconds(100)) where waiting.remove(waiter) == nil
        {
            faults.append("told \(waiter) again")
        }
    }

    private mutating func loseOne() {
        if Bool.random(using: &random), let connection = leased.randomElement(using: &random) {
            leased.remove(connection)
            if state.discardLeased() { opening += 1 }
        } else if let connection = idle.randomElement(using: &random) {
            idle.remove(connection)
            state.discardIdle(connection)
        }
    }

    private mutating func expire(_ waiter: Int) {
        if !state.expire(waiter: waiter) { faults.append("\(waiter) could not expire") }
        waiting.remove(waiter)
    }

    private mutating func check() {
        if idle.count + leased.count + opening > limit { faults.append("more than \(limit)") }
        if !waiting.isEmpty, leased.isEmpty, opening == 0 { faults.append("nobody will serve \(waiting)") }
    }
}

/// Sebastiano Vigna's splitmix64: the same numbers on every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
