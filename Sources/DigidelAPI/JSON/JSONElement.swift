import Postgres

/// An object in a list that is stored as one JSON column, such as `funding`.
protocol JSONElement: Sendable {
    /// Nil, and faults, when it is none.
    init?(_ input: inout ObjectInput)
    func write(to json: inout JSONWriter)
}

extension LocalisedText: JSONElement {
    /// As stored, a member for each language.
    init?(_ input: inout ObjectInput) {
        var texts: [Language: String] = [:]
        for language in Language.allCases { texts[language] = input.text(language.rawValue, limit: .max) }
        guard !texts.isEmpty else { return nil }
        self.init(texts)
    }

    func write(to json: inout JSONWriter) { json.write(self, in: nil) }
}

/// A list of objects as a value of a statement.
struct JSONList<Element: JSONElement>: ParameterConvertible {
    let elements: [Element]

    init(_ elements: [Element]) {
        self.elements = elements
    }

    var parameter: Parameter {
        var json = JSONWriter()
        json.array(elements) { json, element in element.write(to: &json) }
        return json.text
    }
}

/// A column that holds JSON.
extension JSONValue: ColumnDecodable {
    init?(column text: String) {
        guard let value = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
        self = value
    }
}

extension Row {
    /// The objects of a JSON column. Throws `.decoding` when it holds anything else.
    func list<Element: JSONElement>(_ column: String) throws(PostgresError) -> [Element] {
        let value: JSONValue = try get(column)
        var input = ObjectInput(.object([column: value]))
        let elements = input.objects(column, Element.init)
        guard input.faults.isEmpty else {
            throw .decoding(column: column, "is not a list of \(Element.self)")
        }
        return elements
    }
}

extension JSONWriter {
    mutating func member<Element: JSONElement>(_ name: String, _ elements: [Element]) {
        self.name(name)
        array(elements) { json, element in element.write(to: &json) }
    }
}
