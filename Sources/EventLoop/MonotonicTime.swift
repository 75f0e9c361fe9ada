#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A point on the system's monotonic clock.
///
/// `ContinuousClock.Instant` is the same, but its layout is known at run time only, and with it that of every type that
/// holds one: connections were a third slower for it.
package struct MonotonicTime: Sendable, Comparable {
    private let sinceStart: Duration

    /// The time now.
    package static var now: MonotonicTime {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(sinceStart: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
    }

    package static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        MonotonicTime(sinceStart: time.sinceStart + duration)
    }

    package static func += (time: inout MonotonicTime, duration: Duration) {
        time = time + duration
    }

    package static func - (later: MonotonicTime, earlier: MonotonicTime) -> Duration {
        later.sinceStart - earlier.sinceStart
    }

    package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
        left.sinceStart < right.sinceStart
    }
}
