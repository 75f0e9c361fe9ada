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
    /// Paths in the examples, in steps, which parameters take their values from.
    let examplePaths: [[Substring]]

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

    /// The openapi.yaml that the program carries.
    static func load() throws -> OpenAPIDocument { try ours.get() }

    /// The outcome of reading it, which takes a while and is done once.
    private static let ours = Result {
        try OpenAPIDocument(yaml: String(decoding: EmbeddedFiles.openAPI, as: UTF8.self))
    }

    /// A document from its text.
    init(yaml: String) throws {
        root = try Node(yaml: yaml)
        operations = try Self.operations(of: root)
        examplePaths = Self.paths(inExamplesOf: root)
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
