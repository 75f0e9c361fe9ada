import EventLoop
import Foundation
import HTTP

/// What the connections of one lane share. It is used on that lane only, which is why it may call itself sendable.
final class ConnectionContext: @unchecked Sendable {
    let lane: Lane
    let responder: any Responder
    let limits: Limits
    let streams: StreamCounts
    /// Told when a connection of that client has ended.
    private let onClose: @Sendable (IPAddress?) -> Void
    /// Where reads go first, so that a waiting connection needs no buffer.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    private var connections: [ObjectIdentifier: Connection] = [:]
    private var dateSecond = 0
    private var dateLineOfSecond: [UInt8] = []

    /// What a lane needs to serve connections with this responder.
    init(
        lane: Lane, responder: any Responder, limits: Limits, streams: StreamCounts,
        onClose: @escaping @Sendable (IPAddress?) -> Void
    ) {
        self.lane = lane
        self.responder = responder
        self.limits = limits
        self.streams = streams
        self.onClose = onClose
    }

    deinit { buffer.deallocate() }

    /// The Date field's line for now (RFC 9110, 6.6.1), made once per second.
    var dateLine: [UInt8] {
        let now = time(nil)
        if now != dateSecond {
            dateSecond = now
            dateLineOfSecond = Array("Date: \(HTTPDate.string(secondsSince1970: now))\r\n".utf8)
        }
        return dateLineOfSecond
    }

    /// Makes an accepted socket a connection of this lane; called on it.
    func open(_ socket: Socket, _ client: IPAddress?) {
        let peer = Peer(client, proxies: limits.trustedProxies)
        let connection = Connection(socket, peer, context: self)
        connections[ObjectIdentifier(connection)] = connection
        connection.assumeIsolated { $0.start() }
    }

    /// A connection of this lane has ended.
    func closed(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = nil
        onClose(connection.peer.ip)
    }

    /// Tells a client that it has too many connections, and closes. It is not waited for: whoever has too many shall not
    /// have more by that.
    func turnAway(_ socket: Socket) {
        var answer: [UInt8] = []
        ResponseWriter.append(
            responder.respond(to: .tooManyConnections, of: nil), isHead: false, .close, dateLine: dateLine,
            to: &answer
        )
        _ = answer.withUnsafeBytes(socket.transmit)
        socket.shutdownOutput()
        // What is unread when the socket is closed makes the system throw the answer away.
        _ = socket.receive(into: buffer)
        socket.closeDescriptor()
    }

    /// Has every connection end as soon as what it is doing is done.
    func drain() {
        for connection in connections.values { connection.assumeIsolated { $0.drain() } }
    }

    /// Cuts off what is left.
    func closeAll() {
        for connection in connections.values { connection.assumeIsolated { $0.abort() } }
    }
}
