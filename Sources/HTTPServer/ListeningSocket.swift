import EventLoop

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A socket that connections are accepted from, bound to an IPv4 or IPv6 address.
struct ListeningSocket {
    let descriptor: Int32

    /// What accepting came to.
    enum Accepted {
        case connection(Socket, remoteAddress: String)
        /// No connection waits.
        case none
        /// A connection was lost before it was accepted: try the next.
        case lost
        /// The process or the system has no descriptor or memory left.
        case exhausted
    }

    /// Binds the first address that `host` stands for and that can be bound, and listens.
    init(host: String, port: Int) throws {
        var failure = SystemError("getaddrinfo", code: EADDRNOTAVAIL)
        for address in try Self.resolve(host: host, port: port) {
            do {
                try self.init(address)
                return
            } catch {
                failure = error
            }
        }
        throw failure
    }

    /// Binds this address.
    private init(_ address: SocketAddress) throws(SystemError) {
        descriptor = socket(address.family, streamType, 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        let options = Socket(descriptor: descriptor)
        options.setOption(SOL_SOCKET, SO_REUSEADDR)
        // An IPv6 wildcard takes IPv4 clients as well.
        if address.family == AF_INET6 { options.setOption(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
        options.makeNonBlocking()
        let bound = address.withPointer { bind(descriptor, $0, $1) }
        guard bound == 0, listen(descriptor, 4096) == 0 else {
            let error = SystemError("bind")
            _ = close(descriptor)
            throw error
        }
    }

    /// The addresses of a host name or a numeric address; every address of this machine for "*" or nothing.
    private static func resolve(host: String, port: Int) throws(SystemError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = streamType
        var first: UnsafeMutablePointer<addrinfo>?
        let isWildcard = host.isEmpty || host == "*"
        guard getaddrinfo(isWildcard ? nil : host, String(port), &hints, &first) == 0 else {
            throw SystemError("getaddrinfo", code: EADDRNOTAVAIL)
        }
        defer { freeaddrinfo(first) }
        var addresses: [SocketAddress] = []
        while let info = first?.pointee {
            if let address = SocketAddress(info) { addresses.append(address) }
            first = info.ai_next
        }
        // The IPv6 wildcard first, because it takes both kinds of clients.
        return isWildcard ? addresses.sorted { $0.family == AF_INET6 && $1.family != AF_INET6 } : addresses
    }

    /// The port that was bound.
    var port: Int {
        var address = SocketAddress()
        _ = address.withMutablePointer { getsockname(descriptor, $0, $1) }
        return address.port
    }

    /// Takes the next connection that waits.
    func acceptNext() -> Accepted {
        var address = SocketAddress()
        let accepted = address.withMutablePointer { accept(descriptor, $0, $1) }
        guard accepted >= 0 else { return refusedAccept(errno) }
        let socket = Socket(descriptor: accepted)
        socket.configure()
        return .connection(socket, remoteAddress: address.host)
    }

    /// What a failed accept means.
    private func refusedAccept(_ code: Int32) -> Accepted {
        switch code {
        case EAGAIN, EWOULDBLOCK: .none
        // Errors of the connection itself, which Linux tells here (accept(2)).
        case ECONNABORTED, EINTR, EPROTO, EPERM, ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH, ENOPROTOOPT,
            EOPNOTSUPP:
            .lost
        // EMFILE, ENFILE, ENOBUFS, ENOMEM; and whatever else lasts must not be asked for without a pause.
        default: .exhausted
        }
    }

    /// Stops listening.
    func closeDescriptor() {
        _ = close(descriptor)
    }
}
