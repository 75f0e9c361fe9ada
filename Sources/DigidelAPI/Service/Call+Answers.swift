import HTTP

extension Call {
    // MARK: Reading

    /// 200 with the object, or 304 when the client has it. Throws `.notFound` when there is none.
    func show<Item: Resource>(_ item: Item?, called name: String) throws(APIError) -> Response {
        var query = try query()
        try query.finish()
        guard let item else { throw .notFound(name) }
        return answer(.ok, item)
    }

    /// An object's representation, with the ETag of its revision and variant.
    func answer<Item: Resource>(_ status: Status, _ item: Item) -> Response {
        var json = JSONWriter()
        item.writeObject(to: &json, as: representation)
        var response =
            item.revision.map { revision in
                let variant = [representation.variant, item.phase].compactMap(\.self).joined(separator: "-")
                return answer(status, json.bytes, tag: "\(revision)-\(variant)")
            }
            ?? answer(status, json.bytes)
        if status == .created { response.fields.add("Location", representation.baseURL + item.path) }
        return response
    }

    /// A page of a list, with links to the others.
    func answer<Item: Resource>(_ page: Page<Item>, _ list: ListInput) -> Response {
        var json = JSONWriter(capacity: 512 * page.items.count + 1024)
        let links = PageLinks(page, list, call: self)
        json.object { json in
            json.name("items")
            json.array(page.items) { json, item in item.writeObject(to: &json, as: representation) }
            json.member("_meta") { json in
                json.member("totalRecords", page.totalRecords)
                json.member("page", list.page)
                json.member("limit", list.limit)
                json.member("count", page.items.count)
            }
            json.member("_links") { json in
                for link in links.all {
                    json.member(link.relation) { json in
                        json.member("href", link.address)
                        json.member("rel", link.relation)
                        json.member("method", "GET")
                    }
                }
            }
        }
        var response = answer(.ok, json.bytes)
        response.fields.add("Link", links.field)
        return response
    }

    /// JSON with an ETag that is made of it.
    func answer(_ status: Status, _ json: [UInt8]) -> Response {
        answer(status, json, tag: contentTag(json))
    }

    /// JSON with an ETag; 304 without it when the client's If-None-Match has the tag (RFC 9110, 13.1.2).
    func answer(_ status: Status, _ json: [UInt8], tag: String) -> Response {
        let etag = "\"\(tag)\""
        let isRead = request.method == .get || request.method == .head
        let isKnown = isRead && request.fields["If-None-Match"].map { Self.matches($0, etag) } ?? false
        var response = isKnown ? Response(.notModified) : Response(status, body: json)
        if !isKnown { response.fields.add("Content-Type", "application/json") }
        response.fields.add("ETag", etag)
        response.fields.add("Cache-Control", caller == nil ? "public, no-cache" : "private, no-cache")
        response.fields.add("Vary", "Accept-Language, Authorization")
        if let language = representation.language {
            response.fields.add("Content-Language", language.rawValue)
        }
        return response
    }

    /// Weak comparison, as If-None-Match asks for.
    private static func matches(_ field: String, _ etag: String) -> Bool {
        field == "*"
            || field.split(separator: ",").contains { tag in
                let tag = tag.trimmingWhitespace()
                return tag == etag || tag == "W/\(etag)"
            }
    }

    /// A tag for what has no revision: FNV-1a, 64 bits. It is the same on every instance and after a restart, which
    /// Swift's own hash is not.
    private func contentTag(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 36) + "-" + representation.variant
    }

    // MARK: Writing

    /// The object that is to be changed. Throws `.notFound` when there is none, `.preconditionRequired` without
    /// If-Match, and `.preconditionFailed` when that is not its revision (RFC 9110, 13.1.1; decisions.md, 5).
    func changeable<Item: Resource>(_ item: Item?, called name: String) throws(APIError) -> Item {
        guard let item else { throw .notFound(name) }
        guard let field = request.fields["If-Match"] else {
            throw APIError(.preconditionRequired, "Send the ETag that a GET gave you in If-Match.")
        }
        let isCurrent = request.fields.values(of: "If-Match").contains {
            Self.revision(named: $0) == item.revision
        }
        guard field == "*" || isCurrent else { throw .stale }
        return item
    }

    /// The revision in a tag such as `"3-sv"`: what follows the number tells representations apart.
    private static func revision(named tag: String) -> Int? {
        var scanner = TextScanner(tag)
        guard scanner.one(of: "\"") != nil, let revision = Int(scanner.digits()),
            scanner.one(of: "-\"") != nil
        else { return nil }
        return tag.hasSuffix("\"") ? revision : nil
    }

    /// What PUT or PATCH makes of an object: the body itself, or the object merged with it (RFC 7396). Members that
    /// are the service's to write are ignored (decisions.md, 41).
    func replacement<Item: Resource>(for item: Item) throws(APIError) -> ObjectInput {
        var input = try json()
        if request.method == .patch {
            guard case .object = input else {
                throw .malformed([Fault("", "malformed", "A merge patch is an object.")])
            }
            input = try item.document(baseURL: representation.baseURL).merged(with: input)
        }
        var body = ObjectInput(input)
        body.ignore("id", "createdAt", "updatedAt", "revision", "state", "lockedAt", "_links")
        return body
    }

    /// 201 with the new object and its Location.
    func created<Item: Resource>(_ item: Item?) throws(APIError) -> Response {
        guard let item else { throw APIError(.internalError, "Nothing was created.") }
        return answer(.created, item)
    }

    /// The changed object. `updated` is nil when its revision was not the expected one any more.
    func changed<Item: Resource>(_ updated: Item?) throws(APIError) -> Response {
        guard let updated else { throw .stale }
        return answer(.ok, updated)
    }
}

/// The links of a page, in the body and in the Link field (RFC 8288).
private struct PageLinks {
    let all: [(relation: String, address: String)]

    init<Item>(_ page: Page<Item>, _ list: ListInput, call: Call) {
        let address = PageAddress(call)
        let last = max(1, (page.totalRecords + list.limit - 1) / list.limit)
        var links = [("self", address.own), ("first", address.page(1))]
        if list.page > 1 { links.append(("prev", address.page(min(list.page - 1, last)))) }
        if let cursor = page.nextCursor {
            links.append(("next", address.page(list.page + 1, cursor: cursor)))
        }
        links.append(("last", address.page(last)))
        all = links
    }

    var field: String {
        all.map { "<\($0.address)>; rel=\"\($0.relation)\"" }.joined(separator: ", ")
    }
}

/// Addresses of the same list with another page.
private struct PageAddress {
    private let base: String
    private let kept: [String]
    let own: String

    init(_ call: Call) {
        base = call.representation.baseURL + call.request.path.dropFirst("/v1".count)
        let query = call.request.query.map { "?\($0)" } ?? ""
        own = base + query
        kept = (call.request.query ?? "").split(separator: "&").map(String.init).filter {
            !$0.hasPrefix("page=") && !$0.hasPrefix("cursor=")
        }
    }

    func page(_ number: Int, cursor: String? = nil) -> String {
        let own = cursor.map { ["page=\(number)", "cursor=\($0)"] } ?? ["page=\(number)"]
        return base + "?" + (kept + own).joined(separator: "&")
    }
}
