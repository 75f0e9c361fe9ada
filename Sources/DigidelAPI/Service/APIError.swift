package import HTTP

/// Why a request is not done, as it is told to the client. What the service itself did wrong is never in it.
package struct APIError: Error, Sendable {
    package let type: ProblemType
    package let detail: String
    package var faults: [Fault] = []
    /// What is in the way of a conflict.
    package var existing: Existing?
    /// The limit that was reached, to be counted.
    package var limit: LaneMetrics.Limit?
    /// Fields of the answer that the status calls for, such as `Allow`.
    package var fields = Fields()

    /// A stored count that a request collides with.
    package struct Existing: Sendable {
        package let id: String
        package let revision: Int
        package let path: String
    }

    package init(_ type: ProblemType, _ detail: String, faults: [Fault] = []) {
        self.type = type
        self.detail = detail
        self.faults = faults
    }

    /// 400: what a schema can say. The first thousand faults are told: an answer must not be much larger than what it
    /// answers.
    package static func malformed(_ faults: [Fault]) -> APIError {
        APIError(.malformed, "The request has \(counted(faults)).", faults: Array(faults.prefix(1000)))
    }

    /// 422: rules of the network.
    package static func ruleBroken(_ faults: [Fault]) -> APIError {
        APIError(.ruleBroken, "The request breaks \(counted(faults, of: "rule")).", faults: faults)
    }

    /// 409: what is stored does not allow it.
    package static func conflict(_ code: String, _ detail: String, pointer: String = "") -> APIError {
        APIError(.conflict, detail, faults: [Fault(pointer, code, detail)])
    }

    package static func notFound(_ what: String) -> APIError {
        APIError(.notFound, "There is no such \(what).")
    }

    /// 412: somebody else has changed it.
    package static let stale = APIError(
        .preconditionFailed, "If-Match is not the object's current ETag; read it again.")

    /// 429, with the seconds to wait (RFC 6585, 4).
    package static func tooManyRequests(_ detail: String, retryAfter seconds: Int) -> APIError {
        var error = APIError(.tooManyRequests, detail)
        error.fields.add("Retry-After", "\(seconds)")
        return error
    }

    /// 401, with the challenge that RFC 9110, 11.6.1 asks for; it says whether a key was sent (RFC 6750, 3.1).
    package static func unauthorized(_ detail: String, isKeyWrong: Bool = false) -> APIError {
        var error = APIError(.unauthorized, detail)
        error.fields.add("WWW-Authenticate", isKeyWrong ? #"Bearer error="invalid_token""# : "Bearer")
        return error
    }

    /// 401: the Authorization field is of another scheme, or malformed.
    package static let noBearer = unauthorized(
        "Send the key as Authorization: Bearer and the key.", isKeyWrong: true)

    /// 401: nobody has that key.
    static let wrongKey = unauthorized(
        "The key is unknown, has expired or has been revoked.", isKeyWrong: true)

    private static func counted(_ faults: [Fault], of noun: String = "fault") -> String {
        faults.count == 1 ? "one \(noun)" : "\(faults.count) \(noun)s"
    }
}
