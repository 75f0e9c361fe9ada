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
}
