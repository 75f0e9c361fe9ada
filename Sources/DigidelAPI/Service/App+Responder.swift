import EventLoop
package import HTTP

extension App: Responder {
    /// Refuses what need not be read: unknown paths, methods, media types and codings, and writes without a key.
    package func admit(_ head: Request) -> Admission {
        var route: Route?
        do throws(APIError) {
            if head.method == .options {
                return .refused(
                    finished(try options(head), head, Trace(continuing: head.fields["traceparent"])))
            }
            let (found, _) = try find(head)
            route = found
            if found.access != .open { try checkCredentials(head) }
            try checkContent(head, found)
            return .body(limit: found.bodyLimit ?? bodyLimit)
        } catch {
            return .refused(refusal(of: head, error, Trace(continuing: head.fields["traceparent"]), route))
        }
    }

    /// That there is a key; whether it is one of ours is asked when the body is there.
    private func checkCredentials(_ head: Request) throws(APIError) {
        guard let field = head.fields["Authorization"] else {
            throw .unauthorized("This needs a key: send Authorization: Bearer and the key.")
        }
        if Self.bearer(field) == nil { throw .noBearer }
    }

    private func checkContent(_ head: Request, _ route: Route) throws(APIError) {
        guard route.method != .get, route.method != .delete else { return }
        guard let mediaType = MediaType(head.fields["Content-Type"]),
            route.mediaTypes.contains(mediaType.name)
        else {
            let taken = route.mediaTypes.joined(separator: ", ")
            var error = APIError(.unsupportedMediaType, "Send \(taken) and say so in Content-Type.")
            error.fields.add("Accept", taken)
            throw error
        }
        // Stored under a coding that nobody undid, a body would be wrong (RFC 9110, 8.4 and 12.5.3).
        guard head.fields.values(of: "Content-Encoding").allSatisfy({ $0.isSame(as: "identity") }) else {
            var error = APIError(.unsupportedMediaType, "Send the body without Content-Encoding.")
            error.fields.add("Accept-Encoding", "identity")
            throw error
        }
        // RFC 9110, 14.5.
        if head.fields["Content-Range"] != nil {
            throw .malformed([
                Fault("", "malformed", "A part cannot be written; send the whole, without Content-Range.")
            ])
        }
    }

    /// What waits for nothing: public answers that are kept, and liveness, which is answered however much the service
    /// has to do.
    package func respondAtOnce(to request: Request) -> Response? {
        guard request.method == .get || request.method == .head else { return nil }
        var answer = request.path == "/health/live" ? healthAtOnce(request) : keptAnswer(to: request)
        answer?.trace = Trace(continuing: request.fields["traceparent"])
        return answer
    }

    private func healthAtOnce(_ request: Request) -> Response? {
        guard Preconditions(request).outcome(for: nil) == .proceed else { return nil }
        var response = Self.healthy
        commonFields.add(to: &response, for: request)
        response.route = request.path
        return response
    }

    /// A request with a key is not the public's, and one with a query is not for what is kept.
    private func keptAnswer(to request: Request) -> Response? {
        guard request.query == nil, request.fields["Authorization"] == nil else { return nil }
        let language = Language(accepting: request.fields["Accept-Language"])
        let now = clock()
        guard
            var response = caches.answers.answer(
                for: .init(path: request.path, language: language), at: now)?.response(to: request)
        else { return nil }
        let counted = count(request, by: nil, at: now)
        // Refusals are not kept.
        if counted?.refusal != nil { return nil }
        response.rateLimit = counted?.rateLimit
        return response
    }

    package func respond(to refusal: Refusal, of request: Request?) -> Response {
        let trace = Trace(continuing: request?.fields["traceparent"])
        switch refusal {
        case .tooManyConnections: metrics.recordRefusal(by: .connectionsPerAddress)
        case .noRoomForStream: metrics.recordRefusal(by: .streams)
        case .tooManyStreams: metrics.recordRefusal(by: .streamsPerAddress)
        default: break
        }
        var error = APIError(ProblemType(status: refusal.status), refusal.detail)
        switch refusal.status {
        case .serviceUnavailable: error.fields.add("Retry-After", "1")
        case .tooManyRequests: error.fields.add("Retry-After", "60")
        default: break
        }
        var answer = finished(response(to: error, trace), request, trace)
        answer.status = refusal.status
        return answer
    }

    package func finished(_ request: Request?, _ response: Response, duration: Duration) {
        metrics.record(request, response, microseconds: duration.microseconds)
        log.exchange(request, response, microseconds: duration.microseconds)
    }
}
