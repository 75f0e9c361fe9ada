import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A refusal: what the service says in a problem document (RFC 9457).
struct Problem: Error, Decodable, Sendable {
    /// One fault of the input.
    struct Fault: Decodable, Sendable {
        var pointer: String
        var code: String
        var detail: String
    }

    /// Address of a page that explains this kind of problem.
    var type: String
    var title: String
    var status: Int
    var detail: String?
    /// The trace id, by which the service's operators find the request.
    var instance: String?
    /// All faults of the input.
    var errors: [Fault]?

    /// Reads a refusal; a proxy's may have no problem document.
    init(body: Data, response: HTTPURLResponse) {
        let isProblem = response.value(forHTTPHeaderField: "Content-Type")?.hasPrefix(
            "application/problem+json")
        if isProblem == true, let problem = try? JSONDecoder().decode(Self.self, from: body) {
            self = problem
        } else {
            type = "about:blank"
            title = HTTPURLResponse.localizedString(forStatusCode: response.statusCode)
            status = response.statusCode
        }
    }

    /// Whether the same request may succeed later. 409 may when the try before is still being worked on.
    var isPassing: Bool {
        [408, 429, 500, 502, 503, 504].contains(status)
            || errors?.contains { $0.code == "idempotencyKeyInUse" } == true
    }
}

extension Problem: CustomStringConvertible {
    var description: String {
        let faults = (errors ?? []).map { "\n  \($0.pointer): \($0.detail) (\($0.code))" }
        return "\(status) \(title). \(detail ?? "")\(faults.joined())"
    }
}
