/// An answer (RFC 9110, 3.4). Its Date, Content-Length, Connection and Transfer-Encoding are the writer's business:
/// such fields here are left out.
package struct Response: Sendable {
    package var status: Status
    package var fields: Fields
    /// The content. The answer to a HEAD has the body that GET would have: the writer sends its length only.
    package var body: [UInt8]
    /// The trace that the answer belongs to: the writer sends it as `traceparent`.
    package var trace: Trace?
    /// What is left of the client's quota: the writer sends it as `RateLimit-Policy` and `RateLimit`.
    package var rateLimit: RateLimit?
    /// What goes on after `body`, part by part: the answer has no length then, and its connection serves no other request.
    package var stream: (any BodyStream)?
    /// The template of the route that answers, for the responder's own log and metrics; it is not sent.
    package var route: String?
    /// The id of the key that was sent, for the responder's own log; it is not sent.
    package var keyID: String?

    /// An answer; see the properties.
    package init(_ status: Status, fields: Fields = Fields(), body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
