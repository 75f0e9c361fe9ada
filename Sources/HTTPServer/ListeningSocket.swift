import EventLoop

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A socket that connections are accepted from.
struct ListeningSocket {
    let descriptor: Int32
    /// Whether others go on accepting from it when we stop: what waits is theirs.
    let isInherited: Bool
    /// The file of a unix socket that is ours.
    private let path: String?

    /// What accepting came to.
    enum Accepted {
        case connection(Socket, SocketAddress)
        /// No connection waits.
        case none
        /// A connection was lost before it was accepted: try the next.
        case lost
        /// The process or the system has no descriptor or memory left.
        case exhausted
    }

    /// A socket that listens already.
    init(descriptor: Int32, isInherited: Bool = false, path: String? = nil) {
        self.descriptor = descriptor
        self.isInherited = isInherited
        self.path = path
        Socket(descriptor: descriptor).makeNonBlocking()
    }

    /// Where it listens.
    var address: ListeningAddress {
        var address = SocketAddress()
        _ = address.withMutablePointer { getsockname(descriptor, $0, $1) }
        return address.listening
    }

    /// Takes the next connection that waits.
    func acceptNext() -> Accepted {
        var address = SocketAddress()
        let accepted = address.withMutablePointer { accept(descriptor, $0, $1) }
        guard accepted >= 0 else { return refusedAccept(errno) }
        let socket = Socket(descriptor: accepted)
        socket.configure()
        return .connection(socket, address)
    }

    /// What a failed accept means (accept(2)).
    private func refusedAccept(_ code: Int32) -> Accepted {
        switch code {
        case EAGAIN, EWOULDBLOCK: .none
        // Errors of the connection itself, which Linux tells here.
        case ECONNABORTED, EINTR, EPROTO, EPERM, ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH, ENOPROTOOPT,
            EOPNOTSUPP:
            .lost
        // EMFILE, ENFILE, ENOBUFS, ENOMEM; and whatever else lasts must not be asked for without a pause.
        default: .exhausted
        }
    }

    /// Stops listening.
    func closeDescriptor() {
        if let path { unlink(path) }
        _ = close(descriptor)
    }
}
