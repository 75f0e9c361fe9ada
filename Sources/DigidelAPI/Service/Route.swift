package import HTTP

/// An endpoint: where it is, who may use it, and what answers.
package struct Route: Sendable {
    /// Who is let in. What depends on the object itself (whose it is) the handler decides.
    package enum Access: Sendable, Equatable {
        /// Everybody; a key that is sent must be valid all the same.
        case open
        /// A key of at least that role.
        case key(Role)
    }

    /// What a request leaves behind.
    package enum Effect: Sendable {
        /// It only reads.
        case none
        /// Its handler runs in a transaction, which also writes the line in the audit trail.
        case audited
        /// Its handler records counts, whose revisions are lines of the audit trail themselves.
        case recorded
    }

    package typealias Handler = @Sendable (App) -> (Call) async throws -> Response

    package let method: Method
    package let template: String
    package let access: Access
    let effect: Effect
    /// Nil for an endpoint that stays.
    package let deprecation: Deprecation?
    /// Whether a reader without a key may get what a standby knows, some seconds late. Not for figures of goals and
    /// statistics: those are kept, and told by version and instant.
    let mayLag: Bool
    let handler: Handler

    init(
        method: Method, template: String, access: Access, effect: Effect,
        mayLag: Bool = false, mediaTypes: [String] = ["application/json"],
        bodyLimit: Int? = nil, deprecation: Deprecation? = nil, handler: @escaping Handler
    ) {
        self.deprecation = deprecation
        self.method = method
        self.template = template
        self.access = access
        self.effect = effect
        self.mayLag = mayLag
        self.mediaTypes = mediaTypes
        self.bodyLimit = bodyLimit
        self.handler = handler
    }

    static func get(
        _ template: String, _ handler: @escaping Handler, access: Access = .open,
        deprecation: Deprecation? = nil
    ) -> Route {
        Route(
            method: .get, template: template, access: access, effect: .none, deprecation: deprecation,
            handler: handler)
    }

    /// A list or a thing, which whoever has no key may read from a standby.
    static func published(_ template: String, _ handler: @escaping Handler) -> Route {
        Route(
            method: .get, template: template, access: .open, effect: .none, mayLag: true, handler: handler)
    }

    static func post(
        _ template: String, _ handler: @escaping Handler, access: Access, effect: Effect = .audited,
        mediaTypes: [String] = ["application/json"], bodyLimit: Int? = nil
    ) -> Route {
        Route(
            method: .post, template: template, access: access, effect: effect, mediaTypes: mediaTypes,
            bodyLimit: bodyLimit, handler: handler)
    }

    static func put(
        _ template: String, _ handler: @escaping Handler, access: Access, effect: Effect = .audited
    ) -> Route {
        Route(method: .put, template: template, access: access, effect: effect, handler: handler)
    }

    static func patch(
        _ template: String, _ handler: @escaping Handler, access: Access, effect: Effect = .audited
    ) -> Route {
        Route(
            method: .patch, template: template, access: access, effect: effect, mediaTypes: patchMediaTypes,
            handler: handler)
    }

    static func delete(
        _ template: String, _ handler: @escaping Handler, access: Access, effect: Effect = .audited
    ) -> Route {
        Route(method: .delete, template: template, access: access, effect: effect, handler: handler)
    }

    /// The media types that a body may have.
    let mediaTypes: [String]
    /// The longest body in bytes; nil for as long as the service takes one.
    let bodyLimit: Int?

    static let patchMediaTypes = ["application/merge-patch+json", "application/json"]
}
