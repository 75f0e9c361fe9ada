/// Where a server listens.
package enum Endpoint: Sendable, Equatable {
    /// The addresses of a host name, a numeric IPv4 or IPv6 address, or "*" for every address of the machine. Port 0 has
    /// the system choose one.
    case tcp(host: String, port: Int)
    /// A socket in the file system, for clients on the same machine.
    case unix(path: String)
    /// A listening socket that the program was started with (`InheritedSockets`).
    case inherited(descriptor: Int32)
}

/// Where a server listens indeed.
package struct ListeningAddress: Sendable, Hashable, CustomStringConvertible {
    /// As in a URL, `127.0.0.1:8080` or `[::1]:8080`; `unix:` and the path for a socket in the file system.
    package let description: String
    /// Nil for a socket in the file system.
    package let port: Int?
}
