/// What the server asks and tells the application. One responder per lane; every call is made on that lane.
package protocol Responder: Sendable {
    /// Decides on a request that has a body, when its head has come and before any of the body is read (route known,
    /// method allowed, media type, credentials present). Not asked about a request without a body.
    func admit(_ head: Request) -> Admission

    /// The answer if it can be given at once, without waiting for anything (a cached answer): no task is made for
    /// it. Nil: `respond(to:)` is asked.
    func respondAtOnce(to request: Request) -> Response?

    /// The answer. One request per connection at a time; the connection's lane is kept across suspensions.
    func respond(to request: Request) async -> Response

    /// The answer to a message that the server itself refuses (bad syntax, too large, too slow): a problem document.
    /// `request` is nil when its head could not be read.
    func respond(to refusal: Refusal, of request: Request?) -> Response

    /// One finished exchange, for log and metrics, told when its answer is ready to be written. `request` is nil when
    /// its head could not be read, and is without its body; `duration` runs from the request's first byte.
    func finished(_ request: Request?, _ response: Response, duration: Duration)
}

/// Whether a request's body is wanted.
package enum Admission: Sendable {
    /// It is, up to so many bytes.
    case body(limit: Int)
    /// It is not: the answer is known already.
    case refused(Response)
}
