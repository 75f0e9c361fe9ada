import HTTP

/// The fields that every answer carries: the version, what pages of other sites may do, and what a browser must not do.
struct CommonFields: Sendable {
    private let crossOrigin: CrossOrigin
    private let toReads: Fields
    private let toOthers: Fields

    init(_ config: Config) {
        crossOrigin = CrossOrigin(writers: Set(config.corsOrigins))
        var fields: Fields = [
            "API-Version": APIInfo.version,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        ]
        // Told over plain HTTP it would mean nothing (RFC 6797, 7.2). For this host alone: what other names below it do
        // is not ours to say.
        if config.publicURL.hasPrefix("https:") {
            fields.add("Strict-Transport-Security", "max-age=31536000")
        }
        toOthers = fields
        fields.add(CrossOrigin.toReaders)
        toReads = fields
    }

    /// Adds them to the answer to a request, or to what could not be read as one.
    func add(to response: inout Response, for request: Request?) {
        // What could not be read as a request has nothing in its answer that a page may not know.
        let isRead = request.map { $0.method == .get || $0.method == .head } ?? true
        response.fields.add(isRead ? toReads : toOthers)
        if let request, !isRead, request.method != .options {
            response.fields.add(crossOrigin.toWriter(request))
        }
        // A page for people has a policy of its own, which the fields of a 304 must not replace (RFC 9111, 3.2).
        if response.status != .notModified, response.fields["Content-Security-Policy"] == nil {
            response.fields.add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        }
    }

    /// Adds what a browser wants to know that asks what a page may do at a path with these methods.
    func addPreflight(to response: inout Response, for request: Request, allowed: [Method]) {
        response.fields.add(crossOrigin.toPreflight(request, allowed: allowed))
    }
}
