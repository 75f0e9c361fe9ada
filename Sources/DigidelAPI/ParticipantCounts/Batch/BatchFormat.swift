import HTTP

/// What a batch's body is written in.
package enum BatchFormat: String, Sendable, CaseIterable {
    /// One array of objects (RFC 8259).
    case json = "application/json"
    /// A header and a row for each count (RFC 4180).
    case csv = "text/csv"
    /// An object on each line.
    case ndjson = "application/x-ndjson"

    /// The media types, for a route's `Accept`.
    static var mediaTypes: [String] { allCases.map(\.rawValue) }

    /// The format that a Content-Type names; nil for any other. Parameters are not looked at: a body is UTF-8 whatever
    /// they say.
    init?(contentType field: String?) {
        guard let mediaType = MediaType(field) else { return nil }
        self.init(rawValue: mediaType.name)
    }
}
