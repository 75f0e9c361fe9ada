#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A connected stream socket, which never blocks.
struct Socket {
    let descriptor: Int32

    /// What a read or a write came to.
    enum Transfer: Equatable {
        case bytes(Int)
        case wouldBlock
        /// The peer has closed its sending side.
        case end
        case failed
    }

    /// Reads what is there into `buffer`.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        return count == 0 ? .end : transfer(count)
    }

    /// Writes as much as the system takes.
    func transmit(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        #if os(Linux)
            let flags = Int32(MSG_NOSIGNAL)
        #else
            let flags: Int32 = 0
        #endif
        return transfer(send(descriptor, bytes.baseAddress, bytes.count, flags))
    }

    /// The meaning of a result of `recv` or `send` that is not the end.
    private func transfer(_ count: Int) -> Transfer {
        if count >= 0 { return .bytes(count) }
        // An interrupted call is made again when the socket is next found ready.
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? .wouldBlock : .failed
    }

    /// Closes the sending side.
    func shutdownOutput() {
        _ = shutdown(descriptor, streamWriteSide)
    }

    /// Makes closing answer whatever the peer still sends, or has not read, with a reset.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Closes both sides.
    func closeDescriptor() {
        _ = close(descriptor)
    }

    /// Never blocks, sends small answers at once rather than waiting for more, and never raises SIGPIPE.
    func configure() {
        makeNonBlocking()
        setOption(Int32(IPPROTO_TCP), TCP_NODELAY)
        #if !os(Linux)
            setOption(SOL_SOCKET, SO_NOSIGPIPE)
        #endif
    }

    /// Also keeps it out of the programs that this one starts.
    func makeNonBlocking() {
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    /// Has the system keep at most about so many bytes that the peer has not taken.
    func limitSendBuffer(to count: Int) {
        setOption(SOL_SOCKET, SO_SNDBUF, Int32(count))
    }

    /// Sets an option that is a number; failing to is no reason to refuse the connection.
    func setOption(_ level: Int32, _ name: Int32, _ value: Int32 = 1) {
        var value = value
        setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}

#if os(Linux)
    let streamType = Int32(SOCK_STREAM.rawValue)
    private let streamWriteSide = Int32(SHUT_WR)
#else
    let streamType = SOCK_STREAM
    private let streamWriteSide = SHUT_WR
#endif
