import Dispatch

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Turns a signal's delivery into a call of `handler`, on the main queue, for as long as it is kept.
package final class SignalWatch {
    private let source: any DispatchSourceSignal

    /// Watches `number` (`SIGTERM`, `SIGINT` …), whose default action no longer applies.
    package init(_ number: Int32, handler: @escaping @Sendable () -> Void) {
        signal(number, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: number, queue: .main)
        source.setEventHandler(handler: handler)
        source.activate()
    }

    deinit { source.cancel() }
}

/// A write to a closed socket shall be an error (`EPIPE`), not the end of the process.
package func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
}
