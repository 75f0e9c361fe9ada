import EventLoop
import HTTP

/// Where requests go to the responder and its answers to the client.
extension Connection {
    /// Asks whether the request's body is wanted.
    func admit(_ head: Request, at now: MonotonicTime) {
        request = head
        switch context.responder.admit(head) {
        case .refused(let response): refuse(head, with: response, at: now)
        case .body(let limit):
            guard let refusal = state.admitted(head, limit: limit, at: now) else { return }
            refuse(head, with: answer(to: refusal, of: head), at: now)
        }
    }

    private func refuse(_ head: Request, with response: Response, at now: MonotonicTime) {
        guard let delivery = state.refused(head, with: response, at: now) else { return }
        write(response, to: head, delivery, at: now)
    }

    /// Has the request answered, at once or by a task on this lane.
    func respond(to request: Request, at now: MonotonicTime) {
        if let response = context.responder.respondAtOnce(to: request) {
            send(response, to: request, at: now)
        } else {
            Task(executorPreference: context.lane) { await self.answer(request) }
        }
    }

    private func answer(_ request: Request) async {
        finish(request, await context.responder.respond(to: request))
    }

    /// The task's answer is there.
    private func finish(_ request: Request, _ response: Response) {
        if state.isClosed {
            // The client has gone; the request was carried out all the same.
            let duration = state.exchange.map { MonotonicTime.now - $0.began } ?? .zero
            context.responder.finished(request, response, duration: duration)
            return
        }
        let now = MonotonicTime.now
        send(response, to: request, at: now)
        run(at: now)
    }

    /// The responder's answer, with the Allow field that a 405 must have (RFC 9110, 15.5.6).
    func answer(to refusal: Refusal, of request: Request?) -> Response {
        var response = context.responder.respond(to: refusal, of: request)
        if refusal.status == .methodNotAllowed { response.fields["Allow"] = Method.allowedByServer }
        return response
    }

    /// Queues the answer to a request; nil when its head could not be read.
    func send(_ response: Response, to request: Request?, at now: MonotonicTime) {
        if let body = response.stream, let request, request.method != .head {
            return begin(body, response, to: request, at: now)
        }
        let delivery = state.answered(at: now)
        write(response, to: request, delivery, at: now)
    }

    /// Queues an answer in the way that the state has decided on.
    func write(
        _ response: Response, to request: Request?, _ delivery: Delivery, at now: MonotonicTime
    ) {
        self.request = nil
        ResponseWriter.append(
            response, isHead: delivery.isHead, delivery.persistence,
            response.stream == nil ? .length : delivery.isVersion10 ? .close : .chunked,
            dateLine: context.dateLine, to: &output.bytes)
        state.outputChanged(queued: output.count, at: now)
        context.responder.finished(request, response, duration: MonotonicTime.now - delivery.began)
    }

    /// Queues bytes that are no final answer.
    func queue(_ bytes: [UInt8], at now: MonotonicTime) {
        output.bytes += bytes
        state.outputChanged(queued: output.count, at: now)
    }
}
