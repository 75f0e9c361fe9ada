#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An IPv4, IPv6 or unix address.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// Room for any address.
    init() {}

    /// An address that the resolver found.
    init?(_ info: addrinfo) {
        guard let source = info.ai_addr, Int(info.ai_addrlen) <= MemoryLayout<sockaddr_storage>.size else {
            return nil
        }
        length = info.ai_addrlen
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: source, count: Int(info.ai_addrlen)))
        }
    }

    /// The address of a file; nil when its path is too long for one.
    init?(path: String) {
        var address = sockaddr_un()
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        length = socklen_t(MemoryLayout<sockaddr_un>.size)
        withUnsafeMutableBytes(of: &storage) { target in
            withUnsafeBytes(of: address) { target.copyMemory(from: $0) }
        }
    }

    /// The address that a socket is bound to.
    init(of descriptor: Int32) {
        _ = withMutablePointer { getsockname(descriptor, $0, $1) }
    }

    var family: Int32 { Int32(storage.ss_family) }

    /// Gives the address to a system call that reads it.
    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    /// Gives the address to a system call that writes it.
    mutating func withMutablePointer<Result>(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
    ) -> Result {
        var room = length
        defer { length = room }
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &room) }
        }
    }

    /// The port number; nil for a unix address.
    var port: Int? {
        if family == AF_UNIX { return nil }
        // Both families have it at the same place.
        return withPointer { address, _ in
            address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                Int(UInt16(bigEndian: $0.pointee.sin_port))
            }
        }
    }

    /// The IP address; an IPv4 client of an IPv6 socket has its IPv4 address. Nil for a unix address.
    var ip: IPAddress? {
        switch family {
        case AF_INET:
            withPointer { address, _ in
                address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    withUnsafeBytes(of: $0.pointee.sin_addr) { IPAddress(bytes: Array($0)) }
                }
            }
        case AF_INET6:
            withPointer { address, _ in
                address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    withUnsafeBytes(of: $0.pointee.sin6_addr) { IPAddress(bytes: Array($0)) }
                }
            }
        default: nil
        }
    }

    /// The file of a unix address; nil when it has none.
    private var path: String? {
        guard family == AF_UNIX else { return nil }
        return withPointer { address, _ in
            address.withMemoryRebound(to: sockaddr_un.self, capacity: 1) { address in
                withUnsafeBytes(of: address.pointee.sun_path) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
            }
        }
    }

    /// As the place where a server listens.
    var listening: ListeningAddress {
        guard let ip, let port else { return ListeningAddress(description: "unix:\(path ?? "")", port: nil) }
        let host = ip.isIPv6 ? "[\(ip)]" : "\(ip)"
        return ListeningAddress(description: "\(host):\(port)", port: port)
    }
}
