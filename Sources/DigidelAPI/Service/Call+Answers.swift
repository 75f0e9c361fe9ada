import HTTP

extension Call {
    // MARK: Reading

    /// 200 with the object, or 304 when the client has it. Throws `.notFound` when there is none.
    func show<Item: Resource>(_ item: Item?, called name: String) throws(APIError) -> Response {
        var query = try query()
        try query.finish()
        guard let item else { throw .notFound(name) }
        return try answer(.ok, item)
    }

    /// An object's representation, with the ETag of its revision and variant.
    func answer<Item: Resource>(_ status: Status, _ item: Item) throws(APIError) -> Response {
        var json = JSONWriter()
        item.writeObject(to: &json, as: representation)
        var response = try answer(status, json.bytes, tag: tag(of: item, json.bytes))
        if status == .created { response.fields.add("Location", representation.baseURL + item.path) }
        return response
    }

    /// An object's tag, without quotes; `json` is the object.
    private func tag(of item: some Resource, _ json: [UInt8]) -> String {
        let variant = representation.variant + (item.phase.map { "-\($0)" } ?? "")
        return item.revision.map { "\($0)-\(variant)" } ?? contentTag(json)
    }

    /// A page of a list, with links to the others.
    func answer<Item: Resource>(_ page: Page<Item>, _ list: ListInput) throws(APIError) -> Response {
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
        var response = try answer(json.bytes, in: list.format)
        response.fields.add("Link", links.field)
        return response
    }

    /// A page of a list as CSV; the links to the others are in the field Link.
    func answer<Item: Resource>(
        _ page: Page<Item>, _ list: ListInput, asCSV columns: ListColumns
    ) throws(APIError) -> Response {
        let csv = try ListCSV(columns, in: representation.language).bytes(page.items, as: representation)
        var response = try answer(csv, in: list.format)
        if !list.isWhole { response.fields.add("Link", PageLinks(page, list, call: self).field) }
        return response
    }

    /// JSON with an ETag that is made of it.
    func answer(_ status: Status, _ json: [UInt8]) throws(APIError) -> Response {
        try answer(status, json, tag: contentTag(json))
    }

    /// JSON with an ETag; to a reader 304 without it when he has it. Throws `.preconditionFailed` to a reader who wants
    /// another. What a writer demands has been checked before it was written.
    func answer(_ status: Status, _ json: [UInt8], tag: String) throws(APIError) -> Response {
        let etag = EntityTag(tag)
        let isRead = request.method == .get || request.method == .head
        switch isRead ? Preconditions(request).outcome(for: etag) : .proceed {
        case .proceed: return answer(status, json, etag)
        case .notModified: return notModified(etag)
        case .failed: throw .stale
        }
    }

    /// An answer without an ETag to a reader, unless his conditions forbid it.
    func answer(_ response: Response) throws(APIError) -> Response {
        switch Preconditions(request).outcome(for: nil) {
        case .proceed: return response
        case .notModified:
            var notModified = Response(.notModified)
            notModified.fields["Cache-Control"] = response.fields["Cache-Control"]
            return notModified
        case .failed: throw .stale
        }
    }

    /// The answer to be kept for whoever asks the same without a key, with the fields that every answer carries.
    func kept(_ json: [UInt8], tag: String, _ common: CommonFields) -> KeptAnswer {
        let etag = EntityTag(tag)
        return KeptAnswer(
            etag, full: kept(answer(.ok, json, etag), common), notModified: kept(notModified(etag), common))
    }

    private func kept(_ response: Response, _ common: CommonFields) -> Response {
        var response = response
        common.add(to: &response, for: request)
        response.route = route.template
        route.deprecation?.add(to: &response.fields)
        return response
    }

    private func answer(_ status: Status, _ json: [UInt8], _ etag: EntityTag) -> Response {
        var response = Response(status, fields: fields(etag), body: json)
        if let language = representation.language {
            response.fields.add("Content-Language", language.rawValue)
        }
        response.fields.add("Content-Type", "application/json")
        return response
    }

    /// 304 (RFC 9110, 15.4.5).
    private func notModified(_ etag: EntityTag) -> Response {
        Response(.notModified, fields: fields(etag))
    }

    /// What 200 and 304 have in common.
    private func fields(_ etag: EntityTag) -> Fields {
        [
            "ETag": etag.field,
            "Cache-Control": caller == nil ? "public, no-cache" : "private, no-cache",
            "Vary": "Accept-Language, Authorization",
        ]
    }

    /// A tag for what has no revision.
    func contentTag(_ bytes: [UInt8]) -> String {
        "\(fingerprint(of: bytes))-\(representation.variant)"
    }

    // MARK: Writing

    /// The object that is to be changed. Throws `.notFound` when there is none, `.preconditionRequired` without
    /// If-Match, and `.preconditionFailed` when that is not its revision (RFC 9110, 13.1.1; decisions.md, 5).
    func changeable<Item: Resource>(_ item: Item?, called name: String) throws(APIError) -> Item {
        guard let item else { throw .notFound(name) }
        guard request.fields["If-Match"] != nil else {
            throw APIError(.preconditionRequired, "Send the ETag that a GET gave you in If-Match.")
        }
        try checkRevision(of: item)
        return item
    }

    /// Throws `.preconditionFailed` when a writer's conditions do not hold for an object's revision.
    private func checkRevision(of item: some Resource) throws(APIError) {
        if let field = request.fields["If-Match"] {
            guard field == "*" || Self.names(field, item.revision) else { throw .stale }
        }
        // If-None-Match compares weakly (RFC 9110, 13.1.2).
        if let unwanted = request.fields["If-None-Match"],
            unwanted == "*" || Self.names(unwanted, item.revision, takesWeak: true)
        {
            throw APIError(.preconditionFailed, "If-None-Match forbids to change what is there.")
        }
    }

    /// Throws `.preconditionFailed` when a writer's conditions do not hold for an object that is put there whether or not
    /// it is there already: If-Match never holds for nothing, If-None-Match always (RFC 9110, 13.1).
    func checkConditions(onStored item: (some Resource)?) throws(APIError) {
        if let item { return try checkConditions(on: item) }
        guard request.fields["If-Match"] == nil else {
            throw APIError(.preconditionFailed, "Nothing is here yet that If-Match could name.")
        }
    }

    /// Throws `.preconditionFailed` when a writer's conditions do not hold for an object that needs none.
    func checkConditions(on item: some Resource) throws(APIError) {
        guard item.revision == nil else { return try checkRevision(of: item) }
        var json = JSONWriter()
        item.writeObject(to: &json, as: representation)
        guard Preconditions(request).outcome(for: EntityTag(tag(of: item, json.bytes))) == .proceed else {
            throw .stale
        }
    }

    /// Whether one of a field's tags is of that revision.
    private static func names(_ field: String, _ revision: Int?, takesWeak: Bool = false) -> Bool {
        EntityTag.list(field).contains { tag in
            Self.revision(named: takesWeak && tag.hasPrefix("W/") ? tag.dropFirst(2) : tag) == revision
        }
    }

    /// The revision in a tag such as `"3-sv"`: what follows the number tells representations apart.
    private static func revision(named tag: Substring) -> Int? {
        var scanner = TextScanner(String(tag))
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
            // What a PUT would take: every language, read-only members included.
            let whole = Representation(baseURL: representation.baseURL, language: nil, hasKey: true)
            input = try item.document(as: whole).merged(with: input)
        }
        var body = ObjectInput(input)
        body.ignore("id", "createdAt", "updatedAt", "revision", "state", "lockedAt", "successors", "_links")
        return body
    }

    /// 201 with the new object and its Location.
    func created<Item: Resource>(_ item: Item?) throws(APIError) -> Response {
        guard let item else { throw APIError(.internalError, "Nothing was created.") }
        return try answer(.created, item)
    }

    /// The changed object. `updated` is nil when its revision was not the expected one any more.
    func changed<Item: Resource>(_ updated: Item?) throws(APIError) -> Response {
        guard let updated else { throw .stale }
        return try answer(.ok, updated)
    }
}

extension Call {
    /// Where the client has asked, without the query.
    fileprivate var listAddress: String { representation.baseURL + request.path.dropFirst("/v1".count) }

    /// Where the client has asked.
    var address: String { listAddress + (request.query.map { "?\($0)" } ?? "") }
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
        base = call.listAddress
        own = call.address
        kept = (call.request.query ?? "").split(separator: "&").map(String.init).filter {
            !$0.hasPrefix("page=") && !$0.hasPrefix("cursor=")
        }
    }

    func page(_ number: Int, cursor: String? = nil) -> String {
        let own = cursor.map { ["page=\(number)", "cursor=\($0)"] } ?? ["page=\(number)"]
        return base + "?" + (kept + own).joined(separator: "&")
    }
}
