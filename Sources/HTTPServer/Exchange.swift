import EventLoop
import HTTP

/// What has to be known of a request until it is answered, besides the request itself.
struct Exchange {
    let isHead: Bool
    let isVersion10: Bool
    let keepsAlive: Bool
    let expectsContinue: Bool
    let framing: BodyFraming
    /// When the request's first byte came.
    let began: MonotonicTime

    /// A request whose head has been read.
    init(_ head: RequestHead, began: MonotonicTime) {
        isHead = head.request.method == .head
        isVersion10 = head.isVersion10
        keepsAlive = head.keepsAlive
        expectsContinue = head.expectsContinue
        framing = head.framing
        self.began = began
    }
}

/// A body on its way in. An object, so that a connection that has none is the smaller for it.
final class Intake {
    var reader: BodyReader
    /// Whose body it is, as far as it has come.
    var request: Request
    /// The request has been refused with this, and its chunked body is only read to find its end.
    var refusal: Response?
    var began: MonotonicTime
    var lastByte: MonotonicTime
    var received = 0

    /// Nothing of the body has been read.
    init(_ request: Request, _ reader: BodyReader, at now: MonotonicTime) {
        self.request = request
        self.reader = reader
        began = now
        lastByte = now
    }

    /// Bytes have come while the body was awaited.
    func received(_ count: Int, at now: MonotonicTime) {
        received += count
        lastByte = now
    }

    /// Moves what belongs to the body.
    func read(_ input: inout ByteQueue) throws(Refusal) {
        if input.isEmpty { return }
        let used = try reader.read(input.unread, into: &request.body)
        input.drop(used)
    }

    /// When the body is too slow: a pause, or too few bytes for the time it has taken.
    func deadline(_ limits: Limits) -> MonotonicTime {
        let allowance = limits.bodyTimeout * 3 / 2 + .seconds(1) * received / limits.bodyRate
        return min(lastByte + limits.bodyTimeout, began + allowance)
    }
}

/// How an answer is to be written, and when the request that it answers began.
struct Delivery {
    let isHead: Bool
    let persistence: ResponseWriter.Persistence
    let isVersion10: Bool
    let began: MonotonicTime
}
