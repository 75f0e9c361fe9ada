import Testing

@testable import HTTPServer

@Suite struct ByteQueueTests {
    @Test func `bytes leave in the order in which they came`() {
        var queue = ByteQueue()
        var taken: [UInt8] = []
        for round in 0..<100 {
            queue.bytes += [UInt8](repeating: UInt8(round), count: 1000)
            taken += queue.unread.prefix(900)
            queue.drop(900)
        }
        taken += queue.unread
        #expect(taken == (0..<100).flatMap { [UInt8](repeating: UInt8($0), count: 1000) })
    }

    @Test func `an empty queue holds no memory`() {
        var queue = ByteQueue()
        queue.bytes += [1, 2, 3]
        queue.drop(3)
        #expect(queue.isEmpty && queue.bytes.capacity == 0)
    }

    @Test func `connections go to the lane that has the fewest`() {
        let counts = ConnectionCounts(lanes: 2, limit: 3)
        #expect([counts.opened(), counts.opened()] == [0, 1])
        #expect(counts.hasRoom() && !counts.closed(lane: 1))
        #expect([counts.opened(), counts.opened()] == [1, 0])
        #expect(!counts.hasRoom() && counts.closed(lane: 0))
        #expect(counts.total == 2)
    }
}
