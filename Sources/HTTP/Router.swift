/// Finds the endpoint for a method and a path.
package struct Router<Endpoint: Sendable>: Sendable {
    /// What stands at a path.
    package enum Match: Sendable {
        /// The parameters are percent-decoded.
        case found(Endpoint, parameters: [String: String])
        /// The path is known, but not with this method: for 405 and for OPTIONS (RFC 9110, 10.2.1). Sorted; HEAD
        /// stands where GET does, and OPTIONS always.
        case methodNotAllowed(allowed: [Method])
        case notFound
    }

    private var tree = RouteTree()
    private var templates: [Template] = []
    private var endpoints: [Endpoint] = []

    /// A router without endpoints.
    package init() {}

    /// Adds an endpoint. A template is a path whose segments are literal or `{name}`: "/v1/goals/{id}/progress".
    package mutating func add(_ method: Method, _ template: String, _ endpoint: Endpoint) {
        let index = tree.insert(template, index: templates.count)
        if index == templates.count {
            templates.append(Template(names: RouteTree.parameterNames(template)))
        }
        precondition(
            !templates[index].endpoints.contains { $0.method == method },
            "\(method) \(template) is added twice")
        templates[index].endpoints.append((method, endpoints.count))
        endpoints.append(endpoint)
    }

    /// The endpoint at a raw path. A literal segment wins over a parameter; OPTIONS is left to the caller.
    package func match(_ method: Method, _ path: String) -> Match {
        guard let (index, values) = tree.find(path) else { return .notFound }
        let template = templates[index]
        guard let endpoint = template.endpoint(for: method) else {
            return .methodNotAllowed(allowed: template.allowed)
        }
        let parameters = Dictionary(zip(template.names, values)) { first, _ in first }
        return .found(endpoints[endpoint], parameters: parameters)
    }
}

/// What stands at one template. It knows endpoints by their numbers: code for endpoints of any type is slow.
private struct Template {
    /// The names of its parameters in their order.
    let names: [String]
    var endpoints: [(method: Method, number: Int)] = []

    /// HEAD is found as GET when it has no endpoint of its own (RFC 9110, 9.3.2).
    func endpoint(for method: Method) -> Int? {
        let found = endpoints.first { $0.method == method }
        if found == nil, method == .head { return endpoint(for: .get) }
        return found?.number
    }

    /// The methods for an `Allow` field (RFC 9110, 10.2.1).
    var allowed: [Method] {
        var methods = Set(endpoints.map(\.method))
        if methods.contains(.get) { methods.insert(.head) }
        methods.insert(.options)
        return methods.sorted { $0.rawValue < $1.rawValue }
    }
}
