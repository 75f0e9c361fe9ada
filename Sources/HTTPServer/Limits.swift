package import HTTP

/// How long the server waits and how much it takes. Times are counted per connection.
package struct Limits: Sendable {
    /// A head must be complete so long after its first byte, the first one so long after the connection was accepted:
    /// enough for a slow phone, too little to hold connections cheaply by sending a byte a second.
    package var headerTimeout: Duration = .seconds(10)
    /// A kept connection without a request is closed after this; never less than 2 s, so that a client can use it.
    package var idleTimeout: Duration = .seconds(60) {
        didSet { idleTimeout = max(idleTimeout, .seconds(2)) }
    }
    /// The longest pause between two bytes of a body. The whole body may take 1.5 times this and a second for every
    /// `bodyRate` bytes received.
    package var bodyTimeout: Duration = .seconds(10)
    /// Bytes per second below which a body is too slow.
    package var bodyRate = 16 << 10
    /// A client that has taken nothing of its answers for so long is cut off.
    package var writeTimeout: Duration = .seconds(20)
    /// After its last answer a connection is read and dropped for so long, so that what the client still sends does
    /// not make its system throw the answer away (RFC 9112, 9.6).
    package var lingerTime: Duration = .seconds(2)
    /// And so many bytes at most.
    package var lingerBytes = 32 << 20
    /// A body that is refused before it is read is read and dropped up to this size, so that the connection can be
    /// kept; a larger one costs more than a new connection.
    package var droppedBody = 64 << 10
    /// Answers not yet taken by the client, in bytes, from which on no more requests are read.
    package var outputBacklog = 256 << 10
    /// Requests that wait behind the one being answered, in bytes, from which on no more are read.
    package var inputBacklog = 64 << 10
    /// Open connections; further ones wait in the system's queue.
    package var connections = 10_000
    /// Open connections of one client: an IPv4 address, or an IPv6 network of 64 bits. Enough for a town behind one
    /// address, too few to take all. Further ones are answered with 503 and closed.
    package var connectionsPerAddress = 1000
    /// Whether that goes for the machine itself too, which is where a proxy beside the server connects from.
    package var limitsLoopback = false
    /// Answers that go on, each of which keeps a connection: the rest of the connections is for the others. Further ones
    /// are answered with 503.
    package var streams = 8000
    /// Such answers to one client, counted as its connections are but behind a proxy too. Further ones are answered with
    /// 429.
    package var streamsPerAddress = 500
    /// Whether that goes for the machine itself too.
    package var limitsLoopbackStreams = false
    /// What a client of a stream has not taken yet, in bytes, beyond which it is cut off: it will come back and be told
    /// the last state.
    package var streamBacklog = 64 << 10
    /// What the system keeps of a stream for a client, in bytes, before it is the backlog's turn.
    package var streamSendBuffer = 32 << 10
    /// The proxies that are believed about their clients, and whose connections are not counted together.
    package var trustedProxies = TrustedProxies()
    /// How long accepting rests when the process has no descriptor left, so that it does not spin.
    package var acceptPause: Duration = .milliseconds(100)
    /// The sizes of a message's parts.
    package var message = MessageLimits()

    /// The defaults.
    package init() {}
}
