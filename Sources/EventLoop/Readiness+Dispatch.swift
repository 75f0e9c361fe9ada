#if !os(Linux)
    import Dispatch

    /// The descriptors a lane waits for, where there is no epoll: dispatch sources, which kqueue serves well.
    final class Readiness: Sendable {
        private let queue: DispatchQueue
        /// Not called: each descriptor has its own source.
        var onReady: @Sendable () -> Void {
            get { {} }
            set {}
        }

        init(queue: DispatchQueue) throws {
            self.queue = queue
        }

        func add(
            _ descriptor: Int32, interest: Interest, handler: @escaping @Sendable (Ready) -> Void
        ) throws(SystemError) -> Watch {
            Watch(descriptor: descriptor, queue: queue, interest: interest, handler: handler)
        }

        /// Nothing: the sources call their handlers.
        func handle() -> Int { 0 }

        /// Never waits, so that the sources' handlers get their turn.
        func waitForEvent() -> Bool { false }

        func interrupt() {}
    }

    /// A descriptor's pair of dispatch sources. Use it on its lane; cancel it before closing the descriptor.
    package final class Watch {
        private let reads: any DispatchSourceRead
        private let writes: any DispatchSourceWrite
        private var cancelled = false

        /// What the handler is told about.
        package var interest: Interest {
            didSet { apply(from: oldValue) }
        }

        init(
            descriptor: Int32, queue: DispatchQueue, interest: Interest,
            handler: @escaping @Sendable (Ready) -> Void
        ) {
            self.interest = interest
            // A source needs its descriptor until its cancel handler runs, but the owner closes his right after `cancel`.
            let (read, write) = (duplicate(descriptor), duplicate(descriptor))
            reads = DispatchSource.makeReadSource(fileDescriptor: read, queue: queue)
            writes = DispatchSource.makeWriteSource(fileDescriptor: write, queue: queue)
            reads.setEventHandler { handler(.read) }
            writes.setEventHandler { handler(.write) }
            reads.setCancelHandler { closeDescriptor(read) }
            writes.setCancelHandler { closeDescriptor(write) }
            apply(from: [])
        }

        private func apply(from old: Interest) {
            guard !cancelled else { return }
            let changed = interest.symmetricDifference(old)
            if changed.contains(.read) { interest.contains(.read) ? reads.resume() : reads.suspend() }
            if changed.contains(.write) { interest.contains(.write) ? writes.resume() : writes.suspend() }
        }

        /// Ends the watch; the handler is not called again. Does nothing the second time.
        package func cancel() {
            guard !cancelled else { return }
            // A suspended source may be cancelled but not released, so both run again, with nothing left to say.
            interest = [.read, .write]
            cancelled = true
            reads.cancel()
            writes.cancel()
        }
    }
#endif
