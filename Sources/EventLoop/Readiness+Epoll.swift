#if os(Linux)
    import CEpoll
    import Dispatch

    #if canImport(Musl)
        import Musl
    #else
        import Glibc
    #endif

    /// The descriptors a lane waits for: one epoll set, itself watched by one dispatch source and handled in batches.
    ///
    /// A dispatch source per connection costs three system calls per wake; this costs a share of one. Everything happens
    /// on the lane's queue, which is why the class may call itself sendable.
    final class Readiness: @unchecked Sendable {
        private struct Slot {
            var descriptor: Int32
            var generation: UInt32
            var handler: (@Sendable (Ready) -> Void)?
        }

        private static let batch = 256
        /// Marks the event of the descriptor that interrupts a wait; no slot has that index.
        private static let interruption = UInt64.max
        private let epoll: Int32
        private let interrupter: Int32
        private let source: any DispatchSourceRead
        private var slots: [Slot] = []
        private var free: [Int] = []
        private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: batch)
        /// Events that a wait has left in `events`.
        private var found = 0
        /// Called on the queue when something is ready that nobody has waited for.
        var onReady: @Sendable () -> Void = {}

        /// An empty set. Throws `SystemError` when the system has no descriptor left for it.
        init(queue: DispatchQueue) throws {
            epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
            guard epoll >= 0 else { throw SystemError("epoll_create1") }
            interrupter = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
            guard interrupter >= 0 else {
                let error = SystemError("eventfd")
                closeDescriptor(epoll)
                throw error
            }
            var event = epoll_event()
            event.events = EPOLLIN.rawValue | EPOLLET.rawValue
            event.data.u64 = Self.interruption
            epoll_ctl(epoll, EPOLL_CTL_ADD, interrupter, &event)
            events.initialize(repeating: epoll_event(), count: Self.batch)
            source = DispatchSource.makeReadSource(fileDescriptor: epoll, queue: queue)
            source.setEventHandler { [weak self] in self?.onReady() }
            source.setCancelHandler { [epoll, interrupter] in
                closeDescriptor(epoll)
                closeDescriptor(interrupter)
            }
            source.activate()
        }

        deinit {
            source.cancel()
            events.deallocate()
        }

        func add(
            _ descriptor: Int32, interest: Interest, handler: @escaping @Sendable (Ready) -> Void
        ) throws(SystemError) -> Watch {
            let index = free.popLast() ?? slots.count
            if index == slots.count { slots.append(Slot(descriptor: -1, generation: 0, handler: nil)) }
            slots[index].descriptor = descriptor
            slots[index].handler = handler
            guard control(EPOLL_CTL_ADD, index, interest) else {
                let error = SystemError("epoll_ctl")
                release(index)
                throw error
            }
            return Watch(
                readiness: self, index: index, generation: slots[index].generation, interest: interest)
        }

        fileprivate func change(_ watch: Watch, to interest: Interest) {
            guard slots[watch.index].generation == watch.generation else { return }
            _ = control(EPOLL_CTL_MOD, watch.index, interest)
        }

        fileprivate func remove(_ watch: Watch) {
            guard slots[watch.index].generation == watch.generation else { return }
            _ = control(EPOLL_CTL_DEL, watch.index, [])
            release(watch.index)
        }

        private func release(_ index: Int) {
            slots[index].generation &+= 1
            slots[index].handler = nil
            free.append(index)
        }

        private func control(_ operation: Int32, _ index: Int, _ interest: Interest) -> Bool {
            var event = epoll_event()
            if interest.contains(.read) { event.events |= EPOLLIN.rawValue }
            if interest.contains(.write) { event.events |= EPOLLOUT.rawValue }
            event.data.u64 = UInt64(slots[index].generation) << 32 | UInt64(index)
            return epoll_ctl(epoll, operation, slots[index].descriptor, &event) == 0
        }

        /// Handles what a wait has found, or a batch of what is ready now; returns how many.
        func handle() -> Int {
            if found == 0 { found = wait(milliseconds: 0) }
            let count = found
            found = 0
            for position in 0..<count { handle(events[position]) }
            return count
        }

        /// Waits for up to a millisecond; whether something is ready, which `handle` will find, or `interrupt` was called.
        func waitForEvent() -> Bool {
            found = wait(milliseconds: 1)
            return found > 0
        }

        private func wait(milliseconds: Int32) -> Int {
            max(0, Int(epoll_wait(epoll, events, Int32(Self.batch), milliseconds)))
        }

        /// Ends a wait; called from any thread.
        func interrupt() {
            eventfd_write(interrupter, 1)
        }

        /// A handler may cancel another descriptor's watch: the generation tells events that came too late.
        private func handle(_ event: epoll_event) {
            guard event.data.u64 != Self.interruption else { return }
            let index = Int(truncatingIfNeeded: event.data.u64 & 0xffff_ffff)
            guard slots[index].generation == UInt32(truncatingIfNeeded: event.data.u64 >> 32) else { return }
            slots[index].handler?(Ready(epollEvents: event.events))
        }
    }

    extension Ready {
        fileprivate init(epollEvents events: UInt32) {
            self = []
            if events & EPOLLIN.rawValue != 0 { insert(.read) }
            if events & EPOLLOUT.rawValue != 0 { insert(.write) }
            if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { insert(.failed) }
        }
    }

    /// A descriptor's entry in a lane's readiness set. Use it on that lane; cancel it before closing the descriptor.
    package final class Watch {
        private let readiness: Readiness
        fileprivate let index: Int
        fileprivate let generation: UInt32

        /// What the handler is told about.
        package var interest: Interest {
            didSet { if interest != oldValue { readiness.change(self, to: interest) } }
        }

        fileprivate init(readiness: Readiness, index: Int, generation: UInt32, interest: Interest) {
            self.readiness = readiness
            self.index = index
            self.generation = generation
            self.interest = interest
        }

        /// Ends the watch; the handler is not called again. Does nothing the second time.
        package func cancel() {
            readiness.remove(self)
        }
    }
#endif
