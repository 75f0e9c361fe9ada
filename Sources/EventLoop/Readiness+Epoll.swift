#if os(Linux)
    import CEpoll
    import Dispatch

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
        private let epoll: Int32
        private let source: any DispatchSourceRead
        private var slots: [Slot] = []
        private var free: [Int] = []
        private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: batch)

        init(queue: DispatchQueue) throws {
            epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
            guard epoll >= 0 else { throw SystemError("epoll_create1") }
            events.initialize(repeating: epoll_event(), count: Self.batch)
            source = DispatchSource.makeReadSource(fileDescriptor: epoll, queue: queue)
            source.setEventHandler { [weak self] in self?.drain() }
            source.setCancelHandler { [epoll] in closeDescriptor(epoll) }
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

        /// Handles what is ready, and what has become ready meanwhile, up to a batch in all. What is left makes the source
        /// fire again, after the jobs that wait on the queue: descriptors that are always ready must not keep them out.
        private func drain() {
            var handled = 0
            while handled < Self.batch {
                let count = Int(epoll_wait(epoll, events, Int32(Self.batch - handled), 0))
                guard count > 0 else { return }
                for position in 0..<count { handle(events[position]) }
                handled += count
            }
        }

        /// A handler may cancel another descriptor's watch: the generation tells events that came too late.
        private func handle(_ event: epoll_event) {
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
