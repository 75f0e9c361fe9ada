import HTTP

/// That an endpoint goes away: since when it should not be used (RFC 9745), when it ends (RFC 8594), and the page that says
/// what takes its place. openapi.yaml says `deprecated: true` of it.
package struct Deprecation: Sendable, Equatable {
    let since: Instant
    /// Nil when that is not decided.
    let sunset: Instant?
    /// The address of the page.
    let page: String

    /// Adds the fields that tell of it.
    func add(to fields: inout Fields) {
        fields.add("Deprecation", "@\(since.microseconds / 1_000_000)")
        fields.add("Link", "<\(page)>; rel=\"deprecation\"; type=\"text/html\"")
        guard let sunset else { return }
        fields.add("Sunset", HTTPDate.string(secondsSince1970: sunset.microseconds / 1_000_000))
        fields.add("Link", "<\(page)>; rel=\"sunset\"; type=\"text/html\"")
    }
}
