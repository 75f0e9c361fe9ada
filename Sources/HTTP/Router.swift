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

    /// What stands at one template.
    private struct Route {
        var template: String
        var endpoints: [(method: Method, endpoint: Endpoint)]
    }

    private var tree = RouteTree()
    private var routes: [Route] = []

    /// A router without endpoints.
    package init() {}

    /// Adds an endpoint. A template is a path whose segments are literal or `{name}`: "/v1/goals/{id}/progress".
    package mutating func add(_ method: Method, _ template: String, _ endpoint: Endpoint) {
        let index = tree.insert(template, index: routes.count)
        if index == routes.count { routes.append(Route(template: template, endpoints: [])) }
        precondition(
            !routes[index].endpoints.contains { $0.method == method }, "\(method) \(template) is added twice")
        routes[index].endpoints.append((method, endpoint))
    }

    /// The endpoint at a raw path. A literal segment wins over a parameter; HEAD is found as GET when it has no
    /// endpoint of its own (RFC 9110, 9.3.2); OPTIONS is left to the caller.
    package func match(_ method: Method, _ path: String) -> Match {
        guard let (index, values) = tree.find(path) else { return .notFound }
        let route = routes[index]
        let found =
            route.endpoints.first { $0.method == method }
            ?? (method == .head ? route.endpoints.first { $0.method == .get } : nil)
        guard let found else { return .methodNotAllowed(allowed: allowed(route)) }
        guard !values.isEmpty else {
            return .found(found.endpoint, parameters: [:])
        }
        let names = RouteTree.parameterNames(route.template)
        let parameters = Dictionary(zip(names, values)) { first, _ in first }
        return .found(found.endpoint, parameters: parameters)
    }

    /// The methods for an `Allow` field (RFC 9110, 10.2.1).
    private func allowed(_ route: Route) -> [Method] {
        var methods = Set(route.endpoints.map(\.method))
        if methods.contains(.get) { methods.insert(.head) }
        methods.insert(.options)
        return methods.sorted { $0.rawValue < $1.rawValue }
    }
}
