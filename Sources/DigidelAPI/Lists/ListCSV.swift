/// A list as CSV: a column for each of its columns, named as the members (api.md; decisions.md, 50).
struct ListCSV {
    private let columns: [(name: String, path: [String])]

    /// Without a language, a localised text has a column for each.
    init(_ columns: ListColumns, in language: Language?) {
        self.columns = columns.columns.flatMap { column in
            guard column.isLocalised, language == nil else { return [(column.member, column.path)] }
            return Language.allCases.map {
                ("\(column.member).\($0.rawValue)", column.path + [$0.rawValue])
            }
        }
    }

    func bytes(_ items: [some Resource], as representation: Representation) throws(APIError) -> [UInt8] {
        var csv = CSVWriter()
        csv.row(columns.map(\.name))
        for item in items {
            let object = try item.document(as: representation)
            for column in columns { csv.cell(object.member(at: column.path)) }
            csv.endRow()
        }
        return csv.bytes
    }
}

extension CSVWriter {
    /// A list of texts or numbers is joined by semicolons; what has members of its own is written as JSON.
    fileprivate mutating func cell(_ value: JSONValue) {
        switch value {
        case .null: cell("")
        case .string(let text): cell(text: text)
        case .bool, .number: cell(value.json)
        case .array(let values):
            let texts = values.compactMap(\.scalar)
            cell(text: texts.count == values.count ? texts.joined(separator: "; ") : value.json)
        case .object: cell(text: value.json)
        }
    }
}

extension JSONValue {
    /// What stands at a path of members; null when there is nothing.
    fileprivate func member(at path: [String]) -> JSONValue {
        path.reduce(self) { value, name in
            guard case .object(let members) = value else { return .null }
            return members[name] ?? .null
        }
    }

    /// A text as it is, a number or a truth value as JSON; nil for others.
    fileprivate var scalar: String? {
        switch self {
        case .string(let text): text
        case .bool, .number: json
        case .null, .array, .object: nil
        }
    }

    fileprivate var json: String {
        var json = JSONWriter()
        json.value(self)
        return json.text
    }
}
