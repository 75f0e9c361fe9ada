import Synchronization
import Testing

@testable import EventLoop

@Suite struct InboxTests {
    @Test func `a job wakes a sleeping lane once, and interrupts its wait`() {
        let inbox = Inbox()
        #expect(inbox.put(.work {}) == .wake)
        #expect(inbox.put(.work {}) == .nothing)
        #expect(inbox.take().count == 2)
        #expect(inbox.beginWaiting())
        #expect(inbox.put(.work {}) == .interrupt)
        #expect(inbox.put(.work {}) == .nothing)
        inbox.endWaiting()
        #expect(!inbox.beginWaiting())
        #expect(!inbox.fallAsleep())
        #expect(inbox.take().count == 2)
        #expect(inbox.fallAsleep())
        #expect(inbox.put(.work {}) == .wake)
    }

    @Test func `a lane that Dispatch has woken needs no other call`() {
        let inbox = Inbox()
        inbox.awake()
        #expect(inbox.put(.work {}) == .nothing)
    }

    @Test(.timeLimit(.minutes(5))) func `jobs from many threads are all run, each thread's in order`()
        async throws
    {
        let lane = try Lane(number: 0)
        let seen = Seen()
        await withTaskGroup(of: Void.self) { group in
            for sender in 0..<8 {
                group.addTask {
                    for number in 0..<500 {
                        lane.async { seen.numbers.withLock { $0[sender, default: []].append(number) } }
                        if number % 50 == 0 { try? await Task.sleep(for: .milliseconds(2)) }
                    }
                }
            }
        }
        while seen.numbers.withLock({ $0.values.reduce(0) { $0 + $1.count } }) < 4000 { await Task.yield() }
        #expect(seen.numbers.withLock { $0.values.allSatisfy { $0 == Array(0..<500) } })
    }

    /// What each sender's jobs were, in the order in which they ran.
    private final class Seen: Sendable {
        let numbers = Mutex<[Int: [Int]]>([:])
    }
}
