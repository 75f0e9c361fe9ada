import Dispatch

/// A lane's timers: a heap of deadlines behind one dispatch timer, since a source per connection would be dear.
/// Confined to the lane's queue, which is why the class may call itself sendable.
final class Timers: @unchecked Sendable {
    private struct Entry {
        var deadline: MonotonicTime
        var id: UInt64
    }

    private let source: any DispatchSourceTimer
    private var heap: [Entry] = []
    private var pending: [UInt64: @Sendable () -> Void] = [:]
    private var lastID: UInt64 = 0

    init(queue: DispatchQueue) {
        source = DispatchSource.makeTimerSource(queue: queue)
        source.setEventHandler { [weak self] in
            self?.fireDue()
            // The source may have fired a little early.
            self?.arm()
        }
        source.activate()
    }

    deinit { source.cancel() }

    func add(after delay: Duration, _ work: @escaping @Sendable () -> Void) -> UInt64 {
        lastID += 1
        pending[lastID] = work
        push(Entry(deadline: .now + delay, id: lastID))
        if heap[0].id == lastID { arm() }
        return lastID
    }

    func cancel(_ id: UInt64) {
        pending[id] = nil
        // Cancelled entries wait in the heap for their turn; rebuild it before they are many.
        if heap.count > 64, heap.count > 4 * pending.count {
            let live = heap.filter { pending[$0.id] != nil }
            heap.removeAll(keepingCapacity: true)
            live.forEach(push)
        }
    }

    /// Runs what is due.
    func fireDue() {
        guard let first = heap.first else { return }
        let now = MonotonicTime.now
        guard first.deadline <= now else { return }
        while let first = heap.first, first.deadline <= now {
            popFirst()
            pending.removeValue(forKey: first.id)?()
        }
        arm()
    }

    private func arm() {
        guard let first = heap.first else { return }
        // An hour at most, because nanoseconds overflow in the end; waking too early only arms again.
        let delay = min(max(.zero, first.deadline - .now), .seconds(3600))
        let (seconds, attoseconds) = delay.components
        let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        source.schedule(deadline: .now() + .nanoseconds(nanoseconds), leeway: .milliseconds(1))
    }

    private func push(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0, heap[child].deadline < heap[(child - 1) / 2].deadline {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private func popFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].deadline < heap[least].deadline { least = child }
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}

/// Work that waits for its time on a lane. Use it on that lane.
package struct Timer: Sendable {
    private let timers: Timers
    private let id: UInt64

    init(timers: Timers, id: UInt64) {
        self.timers = timers
        self.id = id
    }

    /// The work is not run, if it has not been.
    package func cancel() {
        timers.cancel(id)
    }
}
