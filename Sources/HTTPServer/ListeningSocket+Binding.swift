import EventLoop

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension ListeningSocket {
    /// Connections that may wait to be accepted; the system takes fewer if its own limit is lower.
    private static let backlog: Int32 = 4096

    /// Listens at an endpoint: at each of its addresses with as many sockets as there are lanes, among which the system
    /// spreads the connections (`SO_REUSEPORT`, Linux), else with one. Throws `SystemError` when no address can be had.
    static func open(_ endpoint: Endpoint, lanes: Int) throws -> [ListeningSocket] {
        switch endpoint {
        case .tcp(let host, let port): return try tcp(host: host, port: port, lanes: lanes)
        case .unix(let path): return [try unix(path: path)]
        case .inherited(let descriptor):
            guard isListening(descriptor) else { throw SystemError("inherited socket", code: EINVAL) }
            return [ListeningSocket(descriptor: descriptor, isInherited: true)]
        }
    }

    // MARK: TCP

    /// Every address that the name stands for and that can be bound; at least one.
    private static func tcp(host: String, port: Int, lanes: Int) throws(SystemError) -> [ListeningSocket] {
        var failure = SystemError("getaddrinfo", code: EADDRNOTAVAIL)
        var sockets: [ListeningSocket] = []
        for address in try resolve(host: host, port: port) {
            do throws(SystemError) {
                sockets += try tcp(address, lanes: lanes)
                // The IPv6 wildcard takes both kinds of clients, and a port that the system chose is free for one only.
                if isWildcard(host) || port == 0 { break }
            } catch {
                failure = error
            }
        }
        if sockets.isEmpty { throw failure }
        return sockets
    }

    /// The first socket is bound alone, so that an address that another program has is refused; then it lets those of
    /// the other lanes join.
    private static func tcp(_ address: SocketAddress, lanes: Int) throws(SystemError) -> [ListeningSocket] {
        let first = try bound(address, shared: false)
        var descriptors = [first]
        do throws(SystemError) {
            #if os(Linux)
                Socket(descriptor: first).setOption(SOL_SOCKET, SO_REUSEPORT)
                let own = SocketAddress(of: first)
                for _ in 1..<max(1, lanes) { descriptors.append(try bound(own, shared: true)) }
            #endif
            for descriptor in descriptors {
                guard listen(descriptor, backlog) == 0 else { throw SystemError("listen") }
            }
        } catch {
            for descriptor in descriptors { _ = close(descriptor) }
            throw error
        }
        return descriptors.map { ListeningSocket(descriptor: $0) }
    }

    private static func bound(_ address: SocketAddress, shared: Bool) throws(SystemError) -> Int32 {
        let descriptor = socket(address.family, streamType, 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        let options = Socket(descriptor: descriptor)
        options.setOption(SOL_SOCKET, SO_REUSEADDR)
        if shared { options.setOption(SOL_SOCKET, SO_REUSEPORT) }
        if address.family == AF_INET6 { options.setOption(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
        guard address.withPointer({ bind(descriptor, $0, $1) }) == 0 else {
            let error = SystemError("bind")
            _ = close(descriptor)
            throw error
        }
        return descriptor
    }

    private static func isWildcard(_ host: String) -> Bool { host.isEmpty || host == "*" }

    /// The addresses of a host name or a numeric address; every address of this machine for "*" or nothing.
    private static func resolve(host: String, port: Int) throws(SystemError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = streamType
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(isWildcard(host) ? nil : host, String(port), &hints, &first) == 0 else {
            throw SystemError("getaddrinfo", code: EADDRNOTAVAIL)
        }
        defer { freeaddrinfo(first) }
        var addresses: [SocketAddress] = []
        var next = first
        while let info = next?.pointee {
            if let address = SocketAddress(info) { addresses.append(address) }
            next = info.ai_next
        }
        return isWildcard(host)
            ? addresses.sorted { $0.family == AF_INET6 && $1.family != AF_INET6 } : addresses
    }

    // MARK: Unix sockets

    /// A socket file that nobody listens at any more is replaced.
    private static func unix(path: String) throws(SystemError) -> ListeningSocket {
        guard let address = SocketAddress(path: path) else { throw SystemError("bind", code: ENAMETOOLONG) }
        let descriptor = socket(AF_UNIX, streamType, 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        var code = address.withPointer { bind(descriptor, $0, $1) }
        if code != 0, errno == EADDRINUSE, isAbandoned(address) {
            unlink(path)
            code = address.withPointer { bind(descriptor, $0, $1) }
        }
        guard code == 0, listen(descriptor, backlog) == 0 else {
            let error = SystemError("bind")
            _ = close(descriptor)
            throw error
        }
        return ListeningSocket(descriptor: descriptor, path: path)
    }

    /// Whether connecting is refused.
    private static func isAbandoned(_ address: SocketAddress) -> Bool {
        let descriptor = socket(AF_UNIX, streamType, 0)
        defer { _ = close(descriptor) }
        return address.withPointer { connect(descriptor, $0, $1) } != 0 && errno == ECONNREFUSED
    }

    // MARK: Any

    private static func isListening(_ descriptor: Int32) -> Bool {
        var (listens, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
        return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) == 0 && listens != 0
    }
}
