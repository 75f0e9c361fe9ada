import Foundation

extension OpenAPIDocument {
    /// The address that the document's examples and servers have in place of a service's own.
    static let exampleURL = "https://api.example.se/digidel/v1"

    /// The document as JSON, with the service's own addresses in its servers; else it is openapi.yaml.
    func json(baseURL: String) -> [UInt8] {
        var json = JSONWriter(capacity: 1 << 20)
        root.naming(servers: baseURL).write(to: &json)
        return json.bytes
    }
}

extension Node {
    /// The same with other addresses in every list of servers.
    fileprivate func naming(servers baseURL: String) -> Node {
        switch self {
        case .list(let elements): return .list(elements.map { $0.naming(servers: baseURL) })
        case .object(let members):
            var named = Members()
            for (name, value) in members.entries {
                named[name] =
                    name == "servers" ? value.serving(at: baseURL) : value.naming(servers: baseURL)
            }
            return .object(named)
        default: return self
        }
    }

    /// A list of servers, or a part of it, with the service's address in place of the example's; some operations are
    /// above `/v1`.
    private func serving(at baseURL: String) -> Node {
        switch self {
        case .string(OpenAPIDocument.exampleURL): return .string(baseURL)
        case .string(let text) where text + "/v1" == OpenAPIDocument.exampleURL:
            return .string(baseURL.withoutVersion)
        case .list(let elements): return .list(elements.map { $0.serving(at: baseURL) })
        case .object(let members):
            var served = Members()
            for (name, value) in members.entries { served[name] = value.serving(at: baseURL) }
            return .object(served)
        default: return self
        }
    }
}
