import HTTP

/// A request whose head has been read and that is not yet answered.
struct Exchange {
    var head: RequestHead
    /// When the request's first byte came.
    var began: ContinuousClock.Instant
}

/// A body on its way in.
struct Intake {
    var reader: BodyReader
    var body: [UInt8] = []
    /// The request has been refused with this, and its chunked body is only read to find its end.
    var refusal: Response?
    var began: ContinuousClock.Instant
    var lastByte: ContinuousClock.Instant
    var received = 0

    /// Nothing of the body has been read.
    init(_ reader: BodyReader, at now: ContinuousClock.Instant) {
        self.reader = reader
        began = now
        lastByte = now
    }

    /// Bytes have come while the body was awaited.
    mutating func received(_ count: Int, at now: ContinuousClock.Instant) {
        received += count
        lastByte = now
    }

    /// Moves what belongs to the body.
    mutating func read(_ input: inout ByteQueue) throws(Refusal) {
        if input.isEmpty { return }
        let used = try reader.read(input.unread, into: &body)
        input.drop(used)
    }

    /// When the body is too slow: a pause, or too few bytes for the time it has taken.
    func deadline(_ limits: Limits) -> ContinuousClock.Instant {
        let allowance = limits.bodyTimeout * 3 / 2 + .seconds(1) * received / limits.bodyRate
        return min(lastByte + limits.bodyTimeout, began + allowance)
    }
}

/// An answer's way out: how it is to be written, and what it answers.
struct Delivery {
    /// Nil when the request's head could not be read.
    var request: Request?
    var isHead: Bool
    var persistence: ResponseWriter.Persistence
    var began: ContinuousClock.Instant
}
