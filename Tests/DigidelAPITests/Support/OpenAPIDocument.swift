import Foundation

/// What the contract does not say, or says wrongly.
struct ContractError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// openapi.yaml: its operations, and the schemas of their bodies.
struct OpenAPIDocument: Sendable {
    /// The whole document.
    let root: Node
    /// The operations, in the document's order.
    let operations: [Operation]

    /// One method on one path.
    struct Operation: Sendable {
        /// In capitals: `GET`.
        let method: String
        /// The key below `paths`: `/goals/{id}`.
        let path: String
        /// The path it is served under: `/v1/goals/{id}`; without the version when its own server has none.
        let route: String
        /// The `operationId`.
        let id: String
        /// Whether the operation is refused without a key.
        let needsKey: Bool
        /// The operation object.
        let node: Node
    }

    /// The openapi.yaml of this package, read once.
    static func load() throws -> OpenAPIDocument { try ours.get() }

    /// The outcome of reading this package's openapi.yaml.
    private static let ours = Result {
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let file = package.appending(path: "openapi.yaml").standardized
        let text = try String(contentsOf: file, encoding: .utf8)
        return try OpenAPIDocument(yaml: text)
    }

    /// A document from its text.
    init(yaml: String) throws {
        root = try Node(yaml: yaml)
        operations = try Self.operations(of: root)
    }

    /// The operation of a method and a path template, given as in `paths` or as it is served.
    func operation(_ method: String, _ template: String) throws -> Operation {
        let found = operations.first {
            $0.method == method && ($0.route == template || $0.path == template)
        }
        guard let found else { throw ContractError("\(method) \(template) is not in the contract") }
        return found
    }

    /// The schema of a request body; nil when the operation takes none.
    func requestSchema(_ method: String, _ template: String, mediaType: String) throws -> Node? {
        guard let body = try operation(method, template).node["requestBody"] else { return nil }
        return try schema(in: resolve(body), mediaType: mediaType, of: "the body of \(method) \(template)")
    }

    /// The schema of a response body; nil when the response has none.
    func responseSchema(
        _ method: String, _ template: String, status: Int, mediaType: String
    ) throws -> Node? {
        let response = try response(method, template, status: status)
        guard response["content"] != nil else { return nil }
        return try schema(in: response, mediaType: mediaType, of: "\(status) of \(method) \(template)")
    }

    /// The response object of a status; refusals that are not named are `default`.
    func response(_ method: String, _ template: String, status: Int) throws -> Node {
        let responses = try operation(method, template).node["responses"]
        guard let response = responses?["\(status)"] ?? (status >= 400 ? responses?["default"] : nil) else {
            throw ContractError("\(method) \(template) does not answer \(status)")
        }
        return try resolve(response)
    }

    /// The node itself, or what its `$ref` points to.
    func resolve(_ node: Node) throws -> Node {
        var node = node
        for _ in 0..<20 {
            guard let reference = node["$ref"]?.string else { return node }
            node = try target(of: reference)
        }
        throw ContractError("\(node["$ref"]?.string ?? "") leads in a circle")
    }

    /// What a reference within this document points to.
    func target(of reference: String) throws -> Node {
        guard reference.hasPrefix("#/") else { throw ContractError("\(reference) leads out of the document") }
        var node = root
        for step in reference.dropFirst(2).split(separator: "/") {
            let name = step.replacing("~1", with: "/").replacing("~0", with: "~")
            guard let next = node[String(name)] else { throw ContractError("\(reference) leads nowhere") }
            node = next
        }
        return node
    }

    /// The schema of a media type in a request body or response.
    private func schema(in holder: Node, mediaType: String, of place: String) throws -> Node {
        guard let schema = holder["content"]?[mediaType]?["schema"] else {
            throw ContractError("\(place) is never \(mediaType)")
        }
        return schema
    }
}

extension OpenAPIDocument {
    /// Faults of an answer: a status, media type, field or body that the contract does not have. Names in
    /// `fields` are compared without regard to case.
    func faults(
        inAnswerTo method: String, _ template: String, status: Int, fields: [String: String], body: Data
    ) throws -> [SchemaFault] {
        let response = try response(method, template, status: status)
        let fields = Dictionary(fields.map { ($0.lowercased(), $1) }) { first, _ in first }
        var faults = try fieldFaults(fields, response)
        guard response["content"] != nil else {
            return body.isEmpty ? faults : faults + [SchemaFault(pointer: "", reason: "there is a body")]
        }
        let type = mediaType(fields["content-type"] ?? "")
        let schema = try responseSchema(method, template, status: status, mediaType: type)
        if let schema, type == "application/json" || type.hasSuffix("+json") {
            faults += try SchemaValidator(document: self).faults(in: Node(json: body), against: schema)
        }
        return faults
    }

    /// Faults of a JSON request body.
    func faults(
        inRequest method: String, _ template: String, mediaType: String = "application/json", body: Data
    ) throws -> [SchemaFault] {
        guard let schema = try requestSchema(method, template, mediaType: mediaType) else {
            return body.isEmpty ? [] : [SchemaFault(pointer: "", reason: "there is a body")]
        }
        return try SchemaValidator(document: self).faults(in: Node(json: body), against: schema)
    }

    /// Required fields that are missing, and fields whose value does not fit.
    private func fieldFaults(_ fields: [String: String], _ response: Node) throws -> [SchemaFault] {
        var faults: [SchemaFault] = []
        for (name, header) in response["headers"]?.object?.entries ?? [] {
            let header = try resolve(header)
            if let text = fields[name.lowercased()] {
                let schema = header["schema"] ?? .null
                let isNumber = try resolve(schema)["type"] == .string("integer")
                let value = isNumber ? Int(text).map { .integer($0) } ?? .string(text) : Node.string(text)
                let found = try SchemaValidator(document: self).faults(in: value, against: schema)
                faults += found.map { SchemaFault(pointer: name, reason: $0.reason) }
            } else if header["required"] == .boolean(true) {
                faults.append(SchemaFault(pointer: name, reason: "the field is missing"))
            }
        }
        return faults
    }

    /// A media type without its parameters.
    private func mediaType(_ field: String) -> String {
        String(field.prefix { $0 != ";" }).trimmingCharacters(in: .whitespaces).lowercased()
    }
}

extension OpenAPIDocument {
    private static let methods: Set = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    /// Every operation below `paths`.
    private static func operations(of root: Node) throws -> [Operation] {
        guard let paths = root["paths"]?.object else { throw ContractError("there are no paths") }
        return try paths.entries.flatMap { path, item in
            try (item.object?.entries ?? []).map { method, node in
                guard methods.contains(method) else {
                    throw ContractError("\(path) has the member \(method)")
                }
                guard let id = node["operationId"]?.string else {
                    throw ContractError("\(method) \(path) has no operationId")
                }
                let servers = node["servers"] ?? root["servers"]
                return Operation(
                    method: method.uppercased(), path: path, route: version(of: servers) + path, id: id,
                    needsKey: needsKey(node["security"] ?? root["security"]), node: node)
            }
        }
    }

    /// `/v1` for a server whose address ends so, nothing for one without a version.
    private static func version(of servers: Node?) -> String {
        let last = servers?.list?.first?["url"]?.string?.split(separator: "/").last ?? ""
        return last.wholeMatch(of: /v[0-9]+/) == nil ? "" : "/\(last)"
    }

    /// Whether each alternative asks for something.
    private static func needsKey(_ security: Node?) -> Bool {
        guard let alternatives = security?.list, !alternatives.isEmpty else { return false }
        return alternatives.allSatisfy { $0.object?.names.isEmpty == false }
    }
}
