/// A tree of path segments that leads to the indexes of routes.
struct RouteTree: Sendable {
    /// The segments that may follow, and the route that ends here.
    private struct Node: Sendable {
        var literals: [(text: String, node: Int)] = []
        var parameter: Int?
        var route: Int?
    }

    private var nodes = [Node()]

    /// The index of the template's route: `index` when the template is new.
    mutating func insert(_ template: String, index: Int) -> Int {
        precondition(template.first == "/", "\(template) does not begin with a slash")
        var node = 0
        for segment in template.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            node = child(of: node, segment)
        }
        let route = nodes[node].route ?? index
        nodes[node].route = route
        return route
    }

    /// The node behind a segment of a template, made when it is new.
    private mutating func child(of node: Int, _ segment: Substring) -> Int {
        let isParameter = Self.parameterName(segment) != nil
        let known =
            isParameter ? nodes[node].parameter : nodes[node].literals.first { $0.text == segment }?.node
        if let known { return known }
        nodes.append(Node())
        if isParameter {
            nodes[node].parameter = nodes.count - 1
        } else {
            nodes[node].literals.append((String(segment), nodes.count - 1))
        }
        return nodes.count - 1
    }

    /// The route at a path and the decoded values of its parameters in their order; nil when there is none, also when
    /// the path cannot be decoded.
    func find(_ path: String) -> (route: Int, values: [String])? {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        var values: [String] = []
        guard let route = find(path.utf8.span, from: 1, below: 0, &values) else { return nil }
        return (route, values)
    }

    /// A segment begins at `start`.
    private func find(
        _ path: Span<UInt8>, from start: Int, below node: Int, _ values: inout [String]
    ) -> Int? {
        let end = path.firstIndex(of: UInt8(ascii: "/"), in: start..<path.count) ?? path.count
        var decoded: String?
        if path.firstIndex(of: UInt8(ascii: "%"), in: start..<end) != nil {
            decoded = try? PercentEncoding.decode(path.string(start..<end))
            if decoded == nil { return nil }
        }
        for literal in nodes[node].literals
        where decoded?.utf8.span.spells(literal.text) ?? path.extracting(start..<end).spells(literal.text) {
            if let route = find(path, behind: end, at: literal.node, &values) { return route }
        }
        guard let parameter = nodes[node].parameter, start < end else { return nil }
        values.append(decoded ?? path.string(start..<end))
        if let route = find(path, behind: end, at: parameter, &values) { return route }
        values.removeLast()
        return nil
    }

    /// The route at a node when nothing is left of the path behind a segment, or below it.
    private func find(
        _ path: Span<UInt8>, behind end: Int, at node: Int, _ values: inout [String]
    ) -> Int? {
        end == path.count ? nodes[node].route : find(path, from: end + 1, below: node, &values)
    }

    /// The names of a template's parameters in their order.
    static func parameterNames(_ template: String) -> [String] {
        template.split(separator: "/").compactMap(parameterName)
    }

    /// The name in "{name}"; nil for a literal segment.
    private static func parameterName(_ segment: Substring) -> String? {
        guard segment.first == "{", segment.last == "}" else { return nil }
        return String(segment.dropFirst().dropLast())
    }
}
