/// A query's parameters in their order, decoded as forms encode them: `+` is a blank
/// (application/x-www-form-urlencoded; the URL standard, 5.1).
package struct QueryString: Sendable {
    /// A parameter; its value is empty when there is no "=".
    package struct Parameter: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    package private(set) var parameters: [Parameter] = []

    /// The parameters of `Request.query`; none when there is no query.
    package init(_ raw: String?) throws(PercentEncodingError) {
        guard let raw else { return }
        for part in raw.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decode(sides[0])
            let value = sides.count > 1 ? try Self.decode(sides[1]) : ""
            parameters.append(Parameter(name: name, value: value))
        }
    }

    /// A name or a value.
    private static func decode(_ text: Substring) throws(PercentEncodingError) -> String {
        let decoded = try PercentEncoding.decode(text, plusIsBlank: true)
        if decoded.utf8.contains(0) { throw .nul }
        return decoded
    }

    package var isEmpty: Bool { parameters.isEmpty }

    /// The first value of that name.
    package subscript(_ name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// Every value of that name.
    package func values(of name: String) -> [String] {
        parameters.filter { $0.name == name }.map(\.value)
    }
}

extension QueryString: Sequence {
    package func makeIterator() -> IndexingIterator<[Parameter]> { parameters.makeIterator() }
}
