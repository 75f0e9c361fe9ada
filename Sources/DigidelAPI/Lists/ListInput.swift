import Foundation
import Postgres

/// Which part of a list is wanted, in which order and form.
package struct ListInput: Sendable {
    package struct Key: Sendable {
        let column: ListColumns.Column
        let expression: SQL
        let type: SQL
        let descends: Bool
    }

    /// The forms of lists.
    enum Format: String, AnswerFormat {
        case json, csv

        var mediaType: String {
            switch self {
            case .json: "application/json"
            case .csv: "text/csv"
            }
        }
    }

    /// How much a whole list may have: 250 000 rows are some 50 MB.
    static let mostRows = 250_000

    let format: Format
    /// Whether everything is wanted at once (decisions.md, 78).
    let isWhole: Bool
    let page: Int
    let limit: Int
    let keys: [Key]
    /// The sort as it was asked for, which a cursor must agree with.
    let sort: String
    /// The values of the keys in the last row of the page before; nil without a cursor.
    let cursor: [String]?

    /// Reads `format`, `page`, `limit`, `sort` and `cursor`; adds faults to `query`. `field` is the request's Accept.
    init(_ query: inout QueryInput, _ columns: ListColumns, accepting field: String? = nil) {
        format = query.choice("format") ?? .accepted(by: field)
        let page = query.integer("page", in: 0...1_000_000)
        let limit = query.integer("limit", in: 1...200)
        let members = columns.sortable.map(\.member).joined(separator: ", ")
        let rule = "members joined by commas, each with - in front to descend; the members are \(members)"
        let sort =
            query.value("sort", rule: rule) { Self.keys($0, columns) == nil ? nil : $0 }
            ?? columns.defaultMember
        self.sort = sort
        let keys = Self.keys(sort, columns) ?? []
        self.keys = keys
        cursor = query.value("cursor", rule: "a cursor that a list with the same sort has given") { text in
            guard let words = Self.decode(text), words.first == sort, words.count == keys.count + 1 else {
                return nil
            }
            let values = Array(words.dropFirst())
            return zip(keys, values).allSatisfy { $0.column.canHold($1) } ? values : nil
        }
        isWhole = format == .csv && page == nil && limit == nil && cursor == nil
        self.page = page ?? 1
        self.limit = isWhole ? Self.mostRows : limit ?? 20
    }

    /// The cursor that continues after a row with those key values.
    func cursor(after values: [String]) -> String {
        let data = (try? JSONEncoder().encode([sort] + values)) ?? Data()
        return data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
    }

    private static func decode(_ cursor: String) -> [String]? {
        let base64 = cursor.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        return Data(base64Encoded: base64 + padding).flatMap {
            try? JSONDecoder().decode([String].self, from: $0)
        }
    }

    private static func keys(_ sort: String, _ columns: ListColumns) -> [Key]? {
        var keys: [Key] = []
        func add(_ column: ListColumns.Column?, descends: Bool) -> Bool {
            guard let column, let (expression, type) = column.sorting else { return false }
            keys.append(Key(column: column, expression: expression, type: type, descends: descends))
            return true
        }
        for word in sort.split(separator: ",", omittingEmptySubsequences: false) {
            let member = word.hasPrefix("-") ? word.dropFirst() : word
            guard !keys.contains(where: { $0.column.member == member }),
                add(columns.columns.first { $0.member == member }, descends: word.hasPrefix("-"))
            else { return nil }
        }
        for column in columns.columns where columns.ties.contains(column.member) {
            if !keys.contains(where: { $0.column.member == column.member }) {
                _ = add(column, descends: false)
            }
        }
        return keys.isEmpty ? nil : keys
    }
}
