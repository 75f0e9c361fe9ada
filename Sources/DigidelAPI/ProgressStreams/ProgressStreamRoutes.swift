import EventLoop
import HTTP

extension App {
    /// A goal's progress now and whenever it changes, as server-sent events.
    func streamGoalProgress(_ call: Call) async throws -> Response {
        var query = try call.query()
        try query.finish()
        let answer = try await currentProgress(poll(in: call))
        var response = Response(
            .ok,
            fields: [
                "Content-Type": "text/event-stream", "Cache-Control": "no-store",
                // nginx would collect events until a buffer is full.
                "X-Accel-Buffering": "no",
            ])
        if let language = call.representation.language {
            response.fields.add("Content-Language", language.rawValue)
        }
        response.stream = try ProgressSubscription(
            ProgressSubscription.Start(
                key: ProgressFeed.Key(
                    goal: call.parameter("id"), language: call.representation.language,
                    showsDrafts: call.showsDrafts),
                lane: lane, answer: answer, lastEventID: call.request.fields["Last-Event-ID"],
                read: { try await currentProgress(poll(in: call)) }, log: log),
            for: call.caller, in: caches.streams)
        return try call.answer(response)
    }

    /// The poll whose answers a stream tells. It is the public's, so that it is shared with all others, unless the
    /// caller sees more.
    private func poll(in call: Call) throws(APIError) -> Call {
        let request = Request(.get, String(call.request.path.dropLast("/stream".count)))
        let (route, parameters) = try find(request)
        return Call(
            request: request, route: route, parameters: parameters,
            caller: call.showsDrafts ? call.caller : nil, trace: call.trace, now: clock(),
            representation: Representation(
                baseURL: baseURL, language: call.representation.language, hasKey: call.showsDrafts))
    }
}
