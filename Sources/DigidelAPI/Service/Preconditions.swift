import HTTP

/// A strong entity tag (RFC 9110, 8.8.3).
struct EntityTag: Sendable {
    /// As it stands in an ETag field, in its quotes.
    let field: String

    /// The tag of these characters, without quotes.
    init(_ opaque: String) {
        field = "\"\(opaque)\""
    }

    /// The tags in an If-Match or If-None-Match field, weak ones with their `W/`, up to the first that is none. Nothing
    /// is escaped in a tag.
    static func list(_ field: String) -> [Substring] {
        var tags: [Substring] = []
        var rest = field[...].utf8.drop(while: isBetweenTags)
        while !rest.isEmpty {
            let quoted = rest.starts(with: "W/".utf8) ? rest.dropFirst(2) : rest
            guard quoted.first == quote, let end = quoted.dropFirst().firstIndex(of: quote) else { break }
            let tag = Substring(rest[...end])
            rest = rest[rest.index(after: end)...]
            let next = rest.drop(while: isBetweenTags)
            // A comma is what tells tags apart.
            guard next.isEmpty || rest[..<next.startIndex].contains(UInt8(ascii: ",")) else { break }
            tags.append(tag)
            rest = next
        }
        return tags
    }

    private static let quote = UInt8(ascii: "\"")

    /// Commas and blanks, which may surround the tags of a list (RFC 9110, 5.6.1).
    private static func isBetweenTags(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}

/// Tells contents apart: FNV-1a, 64 bits. It is the same on every instance and after a restart, which Swift's own
/// hash is not.
func fingerprint(of bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
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
