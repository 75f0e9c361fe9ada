import EventLoop

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The sockets that a service manager listens on and hands to the program, so that no connection is refused while it
/// is restarted (sd_listen_fds(3)): `LISTEN_FDS` of them, from descriptor 3 on, if `LISTEN_PID` is this process.
package enum InheritedSockets {
    private static let first: Int32 = 3

    /// The listening sockets; none when the program was started otherwise. No program that is started from here inherits
    /// them: call this before any is.
    package static func take() -> [Endpoint] {
        defer { for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) } }
        guard value("LISTEN_PID") == getpid(), let count = value("LISTEN_FDS"), count > 0 else { return [] }
        return (first..<first + count).map { descriptor in
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            return .inherited(descriptor: descriptor)
        }
    }

    private static func value(_ name: String) -> Int32? {
        getenv(name).flatMap { Int32(String(cString: $0)) }
    }
}
