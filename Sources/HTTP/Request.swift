/// A request as the application sees it (RFC 9110, 3.4).
package struct Request: Sendable {
    package var method: Method
    /// The target's path as it came, percent-encodings kept: it starts with "/", or is "*".
    package var path: String
    /// What follows the target's first "?", as it came.
    package var query: String?
    package var fields: Fields
    /// All of it: a message whose body was cut short is never handed on.
    package var body: [UInt8]
    /// The client's IP address; of IPv6 that of his network, since one subscriber has all its addresses.
    package var remoteAddress: String?

    /// A request for a target in origin-form (RFC 9112, 3.2.1).
    package init(_ method: Method, _ target: String, fields: Fields = Fields(), body: [UInt8] = []) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(
            method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil,
            fields: fields, body: body)
    }

    /// A request from the parts of its head.
    init(method: Method, path: String, query: String?, fields: Fields, body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
    }
}
