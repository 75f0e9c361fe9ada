import HTTP
import Testing

@testable import HTTPServer

/// A `ConnectionState` with a clock that stands still until it is moved.
struct StateProbe {
    var state: ConnectionState
    var now = ContinuousClock.now

    init(_ change: (inout Limits) -> Void = { _ in }) {
        var limits = Limits()
        change(&limits)
        state = ConnectionState(limits: limits, at: now)
    }

    /// Bytes come; what is to be done then.
    mutating func receive(_ text: String) -> String {
        Array(text.utf8).withUnsafeBytes { state.received($0, at: now) }
        return next()
    }

    /// What is to be done, in short.
    mutating func next() -> String {
        switch state.next(at: now) {
        case .wait: "wait"
        case .admit(let request): "admit \(request.path)"
        case .respond(let request): "respond \(request.path) \(String(decoding: request.body, as: UTF8.self))"
        case .refuse(let refusal): "refuse \(refusal.status.rawValue)"
        case .answer(let response): "answer \(response.status.rawValue)"
        case .sendContinue: "continue"
        case .shutdown: "shutdown"
        case .close: "close"
        case .reset: "reset"
        }
    }

    /// An answer is given: how it goes out.
    mutating func answer(_ status: Status = .ok) -> Delivery? {
        state.answered(Response(status), at: now)
    }

    mutating func advance(_ duration: Duration) {
        now += duration
    }

    /// Waits until the deadline; what is to be done then.
    mutating func timeOut() throws -> String {
        now = try #require(state.deadline)
        state.timedOut(at: now)
        return next()
    }

    mutating func endInput() -> String {
        state.inputEnded()
        return next()
    }

    /// So many bytes of answers wait for the client.
    mutating func queue(_ count: Int) {
        state.outputChanged(queued: count, at: now)
    }
}

/// A POST with these lines and this body.
func post(_ path: String, _ lines: String..., body: String = "") -> String {
    "POST \(path) HTTP/1.1\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n" + body
}

let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
