import Foundation
package import HTTP

/// One request on its way through the service: what was asked, by whom, and in which language to answer.
package struct Call: Sendable {
    package let request: Request
    package let route: Route
    /// What stood for each `{name}` of the route's template.
    package let parameters: [String: String]
    package let caller: Caller?
    package let trace: Trace
    package let now: Instant
    /// What answers look like for this call.
    package let representation: Representation

    /// The path parameter `{name}`; the route's template has it.
    package func parameter(_ name: String) -> String {
        parameters[name] ?? ""
    }

    /// A path parameter that is the id of a thing without a slug; nil when it is none.
    func uuid(_ name: String) -> UUID? { UUID(uuidString: parameter(name)) }

    /// The day by the calendar of what belongs to no campaign (decisions.md, 26).
    var today: CalendarDate { CalendarDate(now, in: .ofCampaign(nil)) }

    /// Whether everybody who asks for the same path in the same language gets the same answer.
    var isPlainAndPublic: Bool { caller == nil && request.query == nil }

    /// Whether the caller may know of drafts (decisions.md, 2).
    var showsDrafts: Bool { caller.map { $0.role >= .coordinator } ?? false }

    /// The query's parameters; throws `.malformed` when they are not properly encoded.
    package func query() throws(APIError) -> QueryInput {
        try QueryInput(request.query)
    }

    /// The body as an object; throws `.malformed` when it is none.
    package func body() throws(APIError) -> ObjectInput {
        ObjectInput(try json())
    }

    /// The body as JSON; throws `.malformed` when it is none, or when there are parameters, which no request with a
    /// body has.
    package func json() throws(APIError) -> JSONValue {
        var query = try query()
        try query.finish()
        do {
            return try JSONValue(parsing: request.body)
        } catch {
            throw .malformed([Fault("", "malformed", error.detail)])
        }
    }

    /// Throws `.malformed` when the request says something in its query or its body; an empty object says nothing.
    func checkNoContent() throws(APIError) {
        var query = try query()
        try query.finish()
        guard !request.body.isEmpty else { return }
        var body = try body()
        try body.finish()
    }

    /// The caller, where the route lets nobody in without a key.
    package var identified: Caller {
        get throws(APIError) {
            guard let caller else { throw .unauthorized("Send a key: Authorization: Bearer …") }
            return caller
        }
    }
}

/// How things are shown: in which language, with which links, to whom.
package struct Representation: Sendable {
    /// Where the API is, without a slash at the end; links are built from it, never from the Host field.
    package let baseURL: String
    /// Nil shows every language, as a map.
    package let language: Language?
    /// Whether a key was sent: contact mailboxes are shown to keys only.
    package let hasKey: Bool

    /// Tells representations of one revision apart in ETags.
    var variant: String {
        (language?.rawValue ?? "all") + (hasKey ? "-key" : "")
    }
}
