import HTTP

/// A strong entity tag (RFC 9110, 8.8.3).
struct EntityTag: Sendable {
    /// As it stands in an ETag field, in its quotes.
    let field: String

    /// The tag of these characters, without quotes.
    init(_ opaque: String) {
        field = "\"\(opaque)\""
    }

    /// The tags in an If-Match or If-None-Match field, weak ones with their `W/`. Nothing is escaped in a tag; what is
    /// none is passed over.
    static func list(_ field: String) -> [Substring] {
        var tags: [Substring] = []
        var rest = Substring(field)
        while let opening = rest.firstIndex(of: "\"") {
            guard let closing = rest[rest.index(after: opening)...].firstIndex(of: "\"") else { break }
            let isWeak = rest[..<opening].hasSuffix("W/")
            tags.append(rest[(isWeak ? rest.index(opening, offsetBy: -2) : opening)...closing])
            rest = rest[rest.index(after: closing)...]
        }
        return tags
    }
}

/// A request's conditions on what its target is now (RFC 9110, 13).
struct Preconditions {
    /// What the conditions make of a request.
    enum Outcome {
        case proceed
        /// The client has it: 304.
        case notModified
        /// 412.
        case failed
    }

    private let request: Request

    init(_ request: Request) {
        self.request = request
    }

    /// In the order of RFC 9110, 13.2.2. `tag` is that of what would be read; nil when it has none.
    func outcome(for tag: EntityTag?) -> Outcome {
        // If-Match compares strongly, so that a weak tag never matches; If-None-Match weakly.
        if let expected = request.fields["If-Match"], expected != "*",
            !EntityTag.list(expected).contains(where: { $0 == tag?.field ?? "" })
        {
            return .failed
        }
        guard let known = request.fields["If-None-Match"] else { return .proceed }
        guard known == "*" || matchesWeakly(known, tag) else { return .proceed }
        return request.method == .get || request.method == .head ? .notModified : .failed
    }

    private func matchesWeakly(_ known: String, _ tag: EntityTag?) -> Bool {
        guard let tag else { return false }
        return known == tag.field
            || EntityTag.list(known).contains { $0 == tag.field || $0 == "W/\(tag.field)" }
    }
}
