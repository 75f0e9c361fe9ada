import EventLoop
import HTTP
import Testing

@testable import HTTPServer

/// A `ConnectionState` with a clock that stands still until it is moved.
final class StateProbe {
    var state: ConnectionState
    var now = MonotonicTime.now
    /// The request that `admit` was last told of.
    private var admitting: Request?

    init(_ change: (inout Limits) -> Void = { _ in }) {
        var limits = Limits()
        change(&limits)
        state = ConnectionState(limits: limits, at: now)
    }

    /// Bytes come; what is to be done then.
    func receive(_ text: String) -> String {
        receive(Array(text.utf8)[...])
    }

    func receive(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.withUnsafeBytes { state.received($0, at: now) }
        return next()
    }

    /// What is to be done, in short.
    func next() -> String {
        switch state.next(at: now) {
        case .wait: "wait"
        case .admit(let request): told(of: request)
        case .respond(let request): "respond \(request.path) \(String(decoding: request.body, as: UTF8.self))"
        case .refuse(let refusal): "refuse \(refusal.status.rawValue)"
        case .answer(let response): "answer \(response.status.rawValue)"
        case .endStream: "endStream"
        case .sendContinue: "continue"
        case .shutdown: "shutdown"
        case .close: "close"
        case .reset: "reset"
        }
    }

    private func told(of request: Request) -> String {
        admitting = request
        return "admit \(request.path)"
    }

    /// The body is wanted, up to so many bytes; why it is not taken nevertheless, which is then to be answered.
    func admit(limit: Int) -> Refusal? {
        let refusal = admitting.flatMap { state.admitted($0, limit: limit, at: now) }
        if refusal == nil { admitting = nil }
        return refusal
    }

    /// An answer is given: how it goes out.
    func answer(_ status: Status = .ok) -> Delivery? {
        guard let refused = admitting.take() else { return state.answered(at: now) }
        return state.refused(refused, with: Response(status), at: now)
    }

    func advance(_ duration: Duration) {
        now += duration
    }

    /// Waits until the deadline; what is to be done then.
    func timeOut() throws -> String {
        let deadline = state.deadline
        now = try #require(deadline)
        state.timedOut(at: now)
        return next()
    }

    func endInput() -> String {
        state.inputEnded()
        return next()
    }

    /// So many bytes of answers wait for the client.
    func queue(_ count: Int) {
        state.outputChanged(queued: count, at: now)
    }
}

/// A POST with these lines and this body.
func post(_ path: String, _ lines: String..., body: String = "") -> String {
    "POST \(path) HTTP/1.1\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n" + body
}

let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
