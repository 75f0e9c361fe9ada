import HTTP

/// Where requests go to the responder and its answers to the client.
extension Connection {
    /// Asks whether the request's body is wanted.
    func admit(_ head: Request, at now: ContinuousClock.Instant) {
        var head = head
        head.remoteAddress = remoteAddress
        switch context.responder.admit(head) {
        case .refused(let response): send(response, at: now)
        case .body(let limit):
            if let refusal = state.admitted(limit: limit, at: now) { send(answer(to: refusal), at: now) }
        }
    }

    /// Has the request answered, at once or by a task on this lane.
    func respond(to request: Request, at now: ContinuousClock.Instant) {
        var request = request
        request.remoteAddress = remoteAddress
        if let response = context.responder.respondAtOnce(to: request) {
            send(response, at: now)
        } else {
            let whole = request
            Task(executorPreference: context.lane) { await self.answer(whole) }
        }
    }

    private func answer(_ request: Request) async {
        finish(request, await context.responder.respond(to: request))
    }

    /// The task's answer is there.
    private func finish(_ request: Request, _ response: Response) {
        if state.isClosed {
            // The client has gone; the request was carried out all the same.
            let duration = state.exchange?.began.duration(to: .now) ?? .zero
            context.responder.finished(request, response, duration: duration)
            return
        }
        let now = ContinuousClock.now
        send(response, at: now)
        run(at: now)
    }

    /// The responder's answer, with the Allow field that a 405 must have (RFC 9110, 15.5.6).
    func answer(to refusal: Refusal) -> Response {
        var response = context.responder.respond(to: refusal)
        if refusal.status == .methodNotAllowed { response.fields["Allow"] = Method.allowedByServer }
        return response
    }

    /// Queues an answer, unless it has to wait for the end of a body.
    func send(_ response: Response, at now: ContinuousClock.Instant) {
        guard let delivery = state.answered(response, at: now) else { return }
        ResponseWriter.append(
            response, isHead: delivery.isHead, delivery.persistence, dateLine: context.dateLine,
            to: &output.bytes)
        state.outputChanged(queued: output.count, at: now)
        var request = delivery.request
        request?.remoteAddress = remoteAddress
        context.responder.finished(request, response, duration: delivery.began.duration(to: .now))
    }

    /// Queues bytes that are no final answer.
    func queue(_ bytes: [UInt8], at now: ContinuousClock.Instant) {
        output.bytes += bytes
        state.outputChanged(queued: output.count, at: now)
    }
}
