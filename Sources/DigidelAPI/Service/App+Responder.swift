package import HTTP

extension App: Responder {
    /// Refuses what need not be read: unknown paths, methods, media types, and writes without a key.
    package func admit(_ head: Request) -> Admission {
        do throws(APIError) {
            let (route, _) = try find(head)
            if route.access != .open, head.fields["Authorization"] == nil {
                throw .unauthorized("This needs a key: send Authorization: Bearer and the key.")
            }
            try checkMediaType(head, route)
            return .body(limit: bodyLimit)
        } catch {
            let trace = Trace(continuing: head.fields["traceparent"])
            return .refused(finished(response(to: error, trace), trace))
        }
    }

    private func checkMediaType(_ head: Request, _ route: Route) throws(APIError) {
        guard route.method != .get, route.method != .delete else { return }
        let mediaType = head.fields["Content-Type"]?.split(separator: ";").first?.trimmingWhitespace()
            .lowercased()
        guard route.mediaTypes.contains(mediaType ?? "") else {
            let taken = route.mediaTypes.joined(separator: ", ")
            var error = APIError(.unsupportedMediaType, "Send \(taken) and say so in Content-Type.")
            error.fields.add("Accept", taken)
            throw error
        }
    }

    /// Liveness waits for nothing, so that it is answered however much the service has to do.
    package func respondAtOnce(to request: Request) -> Response? {
        guard request.path == "/health/live", request.method == .get || request.method == .head else {
            return nil
        }
        return finished(Self.healthy, Trace(continuing: request.fields["traceparent"]))
    }

    package func respond(to refusal: Refusal) -> Response {
        let trace = Trace(continuing: nil)
        var error = APIError(ProblemType(status: refusal.status), refusal.detail)
        if refusal.status == .serviceUnavailable { error.fields.add("Retry-After", "1") }
        var answer = finished(response(to: error, trace), trace)
        answer.status = refusal.status
        return answer
    }

    package func finished(_ request: Request?, _ response: Response, duration: Duration) {
        log.exchange(request, response, duration: duration)
    }
}
