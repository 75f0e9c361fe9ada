import Foundation
import HTTP

/// What pages of other sites may do (Fetch Standard, "HTTP-CORS protocol"): all of them read, those of the operator's
/// sites also write and send a key. A key is sent by the page itself; there are no cookies.
struct CrossOrigin: Sendable {
    /// The sites whose pages may write.
    let writers: Set<String>

    /// What the browser tells a page of an answer, besides the fields that it tells of every answer.
    private static let exposed = """
        API-Version, Deprecation, ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, \
        Retry-After, Sunset, traceparent, WWW-Authenticate
        """
    /// What a reading page may send, besides the fields that every page may.
    private static let sentByReaders =
        "Accept-Language, Cache-Control, If-Match, If-None-Match, Last-Event-ID, traceparent, tracestate"
    private static let sentByWriters = "\(sentByReaders), Authorization, Content-Type, Idempotency-Key"

    /// Fields of an answer to a read, whoever asks.
    static let toReaders: Fields = [
        "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": exposed,
    ]

    /// Fields of an answer to a write.
    func toWriter(_ request: Request) -> Fields {
        guard let origin = request.fields["Origin"] else { return [:] }
        guard writers.contains(origin) else { return ["Vary": "Origin"] }
        return [
            "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": Self.exposed,
            "Vary": "Origin",
        ]
    }

    /// Fields of the answer to a browser that asks what a page may do at a path that takes these methods.
    func toPreflight(_ request: Request, allowed: [Method]) -> Fields {
        guard let origin = request.fields["Origin"], request.fields["Access-Control-Request-Method"] != nil
        else { return [:] }
        let isWriter = writers.contains(origin)
        let methods = allowed.filter { $0 == .get || $0 == .head || (isWriter && $0 != .options) }
        var fields: Fields = ["Vary": "Origin"]
        guard !methods.isEmpty else { return fields }
        fields.add("Access-Control-Allow-Origin", isWriter ? origin : "*")
        fields.add("Access-Control-Allow-Methods", methods.map(\.rawValue).joined(separator: ", "))
        fields.add("Access-Control-Allow-Headers", isWriter ? Self.sentByWriters : Self.sentByReaders)
        // As long as browsers keep it.
        fields.add("Access-Control-Max-Age", "7200")
        return fields
    }

    /// Whether a text is an origin as browsers send it: scheme, host in small letters, the port unless it is the scheme's
    /// own (RFC 6454, 6.2).
    static func isOrigin(_ text: String) -> Bool {
        guard let url = URL(string: text), let host = url.host(percentEncoded: true), !host.isEmpty,
            let standard = ["https": 443, "http": 80][url.scheme], url.port != standard
        else { return false }
        let authority = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return text == "\(url.scheme ?? "")://\(authority.lowercased())" + (url.port.map { ":\($0)" } ?? "")
    }
}
