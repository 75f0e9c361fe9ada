/// A request method (RFC 9110, 9) that this server knows; any other token is answered with 501.
package enum Method: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
    case trace = "TRACE"
    case connect = "CONNECT"

    /// What the server as a whole allows, as the value of an `Allow` field (RFC 9110, 10.2.1): the answer to
    /// `OPTIONS *` and to CONNECT.
    package static let allowedByServer = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
}

extension Method {
    /// The method that these bytes spell; method names are case-sensitive (RFC 9110, 9.1).
    init?(_ name: Span<UInt8>) {
        let known = Method.allCases.first { name.spells($0.rawValue) }
        guard let known else { return nil }
        self = known
    }
}
