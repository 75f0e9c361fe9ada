/// Why the HTTP layer does not take a message: the answer's status, a sentence for the person who reads it, and the
/// section of the standard that was not kept.
///
/// The connection is closed after the answer, but where the message's end is known without doubt and near (a body
/// that is too large for its route and yet small).
package struct Refusal: Error, Sendable, Equatable {
    package var status: Status
    package var detail: String
    /// For instance "RFC 9112, 3.2".
    package var section: String

    /// A refusal; see the properties.
    package init(_ status: Status, _ detail: String, _ section: String) {
        self.status = status
        self.detail = detail
        self.section = section
    }

    /// A message that does not keep to the grammar: 400 (RFC 9110, 15.5.1).
    static func malformed(_ detail: String, _ section: String) -> Refusal {
        Refusal(.badRequest, detail, section)
    }
}

extension Refusal {
    /// A body beyond what its route takes (RFC 9110, 15.5.14).
    package static func bodyTooLarge(limit: Int) -> Refusal {
        Refusal(
            .contentTooLarge, "The body is larger than the \(limit) bytes that are taken here.",
            "RFC 9110, 15.5.14")
    }

    /// The client stopped in the middle of a message (RFC 9112, 8).
    package static let incomplete = Refusal(
        .badRequest, "The connection's sending side was closed before the request was complete.",
        "RFC 9112, 8")

    /// The client has as many connections as one may have (RFC 9110, 15.6.4).
    package static let tooManyConnections = Refusal(
        .serviceUnavailable, "There are too many connections from this address; use those that are open.",
        "RFC 9110, 15.6.4")

    /// The client has as many streams as one may have (RFC 6585, 4).
    package static let tooManyStreams = Refusal(
        .tooManyRequests, "There are too many streams from this address; close some, or poll instead.",
        "RFC 6585, 4")

    /// There is no room for another stream (RFC 9110, 15.6.4).
    package static let noRoomForStream = Refusal(
        .serviceUnavailable, "There are as many streams as there may be; try again later, or poll instead.",
        "RFC 9110, 15.6.4")

    /// The head did not come in time (RFC 9110, 15.5.9).
    package static let headTimeout = Refusal(
        .requestTimeout, "The request's head was not complete in time.", "RFC 9110, 15.5.9")

    /// The body did not come in time (RFC 9110, 15.5.9).
    package static let bodyTimeout = Refusal(
        .requestTimeout, "The request's body stopped, or came too slowly.", "RFC 9110, 15.5.9")
}
