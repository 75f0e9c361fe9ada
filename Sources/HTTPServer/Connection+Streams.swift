import EventLoop
import HTTP

/// An answer that goes on. An object, so that a connection that has none is the smaller for it.
final class OpenStream {
    let body: any BodyStream
    /// Whose it is, to be counted.
    let client: IPAddress?
    /// Whether the client knows chunks; one of HTTP/1.0 reads until the connection ends.
    let isChunked: Bool

    init(_ body: any BodyStream, for client: IPAddress?, isChunked: Bool) {
        self.body = body
        self.client = client
        self.isChunked = isChunked
    }
}

/// Answers that go on.
extension Connection: StreamClient {
    /// Sends the head and what goes with it, or a refusal when there are too many streams.
    func begin(_ body: any BodyStream, _ response: Response, to request: Request, at now: MonotonicTime) {
        let client = request.remoteAddress.flatMap { IPAddress($0) }
        if let refusal = context.streams.opened(for: client) {
            var refused = answer(to: refusal, of: request)
            refused.route = response.route
            refused.rateLimit = response.rateLimit
            refused.keyID = response.keyID
            return send(refused, to: request, at: now)
        }
        let delivery = state.streamBegan()
        let stream = OpenStream(body, for: client, isChunked: !delivery.isVersion10)
        self.stream = stream
        // Else the system would keep megabytes for a client that does not read.
        socket.limitSendBuffer(to: context.limits.streamSendBuffer)
        write(response, to: request, delivery, at: now)
        for part in body.begin(self) {
            output.bytes += stream.isChunked ? part.chunk[...] : part.content
        }
        state.outputChanged(queued: output.count, at: now)
    }

    package nonisolated func send(_ part: BodyPart) {
        assumeIsolated { $0.take(part) }
    }

    package nonisolated func finish() {
        assumeIsolated { connection in
            guard connection.stream != nil else { return }
            let now = MonotonicTime.now
            connection.endStream(at: now)
            connection.run(at: now)
        }
    }

    /// Writes the part from where it is; only what the socket does not take is queued.
    private func take(_ part: BodyPart) {
        guard let stream else { return }
        let now = MonotonicTime.now
        var rest = stream.isChunked ? part.chunk[...] : part.content
        if output.isEmpty {
            switch rest.withUnsafeBytes(socket.transmit) {
            case .bytes(let count): rest = rest.dropFirst(count)
            case .failed, .end: state.broke()
            case .wouldBlock: break
            }
        }
        if !rest.isEmpty {
            output.bytes += rest
            state.outputChanged(queued: output.count, at: now)
        }
        run(at: now)
    }

    /// Queues the body's end.
    func endStream(at now: MonotonicTime) {
        if stream?.isChunked == true { queue(BodyPart.lastChunk, at: now) }
        giveUpStream()
        state.streamEnded(at: now)
    }

    /// The stream is over, whoever has ended it.
    func giveUpStream() {
        guard let stream else { return }
        self.stream = nil
        context.streams.closed(for: stream.client)
        stream.body.end()
    }
}
