package import HTTP

/// The kinds of problem documents (RFC 9457, 3.1.1); each has a page under `/v1/problems/` that explains it.
package enum ProblemType: String, Sendable, CaseIterable {
    case malformed
    case unauthorized
    case forbidden
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case notAcceptable = "not-acceptable"
    case requestTimeout = "request-timeout"
    case conflict
    case lengthRequired = "length-required"
    case preconditionFailed = "precondition-failed"
    case contentTooLarge = "content-too-large"
    case uriTooLong = "uri-too-long"
    case unsupportedMediaType = "unsupported-media-type"
    case expectationFailed = "expectation-failed"
    case ruleBroken = "rule-broken"
    case preconditionRequired = "precondition-required"
    case tooManyRequests = "too-many-requests"
    case fieldsTooLarge = "fields-too-large"
    case internalError = "internal-error"
    case notImplemented = "not-implemented"
    case unavailable
    case versionNotSupported = "version-not-supported"

    /// The kind that goes with a status, for refusals of the HTTP layer.
    package init(status: Status) {
        self =
            Self.allCases.first { $0.status == status }
            ?? (status.rawValue < 500 ? .malformed : .internalError)
    }

    package var status: Status { page.status }
    package var title: String { page.title }
    /// What it means and what to do.
    package var explanation: String { page.explanation }

    private var page: (status: Status, title: String, explanation: String) {
        switch self {
        case .malformed:
            (
                .badRequest, "The request is malformed",
                "Something in the request cannot be read as this API describes it: a member of the wrong type or out of its range, an unknown member or parameter, broken JSON or broken HTTP. `errors` names every place and what would pass. Nothing was stored."
            )
        case .unauthorized:
            (
                .unauthorized, "A valid key is needed",
                "Send `Authorization: Bearer` and a key that has been issued, has not expired and has not been revoked. The coordination office issues keys."
            )
        case .forbidden:
            (
                .forbidden, "The key may not do this",
                "The key is valid but its role or its organisation does not allow this. A partner's key writes for its own organisation only."
            )
        case .notFound:
            (
                .notFound, "Nothing is here",
                "There is no such path or object, or it is one that this key may not know of. Paths have no trailing slash."
            )
        case .methodNotAllowed:
            (
                .methodNotAllowed, "The method is not allowed here",
                "The path exists; `Allow` lists the methods that it takes."
            )
        case .notAcceptable:
            (
                .notAcceptable, "No acceptable format",
                "Ask for a format that this resource has; JSON always is one."
            )
        case .requestTimeout:
            (
                .requestTimeout, "The request took too long",
                "The rest of the request did not come in time. Send it again."
            )
        case .conflict:
            (
                .conflict, "It conflicts with what is there",
                "The request is well formed but what is stored does not allow it now: an id or externalId is taken, reporting is closed, or a value is in use. `errors` says which, `existing` names what is in the way."
            )
        case .lengthRequired:
            (.lengthRequired, "The length is missing", "Send Content-Length or a chunked body.")
        case .preconditionFailed:
            (
                .preconditionFailed, "It has changed meanwhile",
                "The ETag in If-Match is not the current one. Read the object again, look at what has changed, and repeat with the new ETag."
            )
        case .contentTooLarge:
            (.contentTooLarge, "The body is too large", "Send less at once.")
        case .uriTooLong:
            (.uriTooLong, "The address is too long", "The request line may have 8,192 bytes.")
        case .unsupportedMediaType:
            (
                .unsupportedMediaType, "The format is not taken here",
                "`Accept` lists the formats that this resource takes. Set Content-Type to the one that you send."
            )
        case .expectationFailed:
            (.expectationFailed, "The expectation cannot be met", "Only `Expect: 100-continue` is known.")
        case .ruleBroken:
            (
                .unprocessableContent, "A rule is broken",
                "The request can be read but breaks a rule of the network. `errors` names every field, the rule and what would pass. Nothing was stored."
            )
        case .preconditionRequired:
            (
                .preconditionRequired, "If-Match is needed",
                "Read the object first and send its ETag in If-Match, so that nobody's change is overwritten unseen."
            )
        case .tooManyRequests:
            (
                .tooManyRequests, "Too many requests",
                "Every key, and every address that asks without one, may ask so often as `RateLimit-Policy` says; `RateLimit` says what is left. Wait as many seconds as `Retry-After` says. Ask for a GET again with If-None-Match, send counts in batches, and follow a goal by its live stream instead of polling. Nothing was stored."
            )
        case .fieldsTooLarge:
            (.requestHeaderFieldsTooLarge, "The header is too large", "Send fewer or shorter header fields.")
        case .internalError:
            (
                .internalServerError, "Something went wrong here",
                "It is not your fault and has been logged with this trace id. Nothing was stored unless a later read shows it."
            )
        case .notImplemented:
            (.notImplemented, "Not known here", "The method or coding is not one of this server's.")
        case .unavailable:
            (
                .serviceUnavailable, "Not available just now",
                "The database does not answer or the service is full. Try again after `Retry-After` seconds; a count with an externalId can be sent again safely."
            )
        case .versionNotSupported:
            (.httpVersionNotSupported, "HTTP version not supported", "Use HTTP/1.1.")
        }
    }
}
