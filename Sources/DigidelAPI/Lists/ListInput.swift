import Foundation
package import Postgres

/// How a kind of list may be sorted: each member's SQL expression, never null, and its type.
package struct Sorting: Sendable {
    package struct Column: Sendable {
        let member: String
        let expression: SQL
        let type: SQL

        package init(_ member: String, _ expression: SQL, _ type: SQL = "text") {
            self.member = member
            self.expression = expression
            self.type = type
        }

        /// Whether PostgreSQL takes `text` as a value of the type; a cursor may be anybody's invention.
        fileprivate func canHold(_ text: String) -> Bool {
            switch type.text {
            case "bigint": Int(text) != nil
            case "integer": Int32(text) != nil
            case "numeric": text.utf8.count <= 100 && text.wholeMatch(of: /-?[0-9]+(\.[0-9]+)?/) != nil
            case "boolean": ["true", "false"].contains(text)
            case "uuid": UUID(uuidString: text) != nil
            case "date": CalendarDate(text) != nil || Self.infinities.contains(text)
            case "timestamptz": Instant(column: text) != nil || Self.infinities.contains(text)
            default: !text.utf8.contains(0)
            }
        }

        private static let infinities = ["-infinity", "infinity"]

        /// A localised name: its Swedish text, else the first there is.
        static let name = Column(
            "name", "coalesce(name ->> 'sv', name ->> 'nb', name ->> 'da', name ->> 'en')")
    }

    let columns: [Column]
    let defaultMember: String
    /// What decides between equals: together they are unique.
    let ties: [String]

    /// Without `ties` the last column decides.
    package init(_ columns: [Column], by defaultMember: String, ties: [String]? = nil) {
        self.columns = columns
        self.defaultMember = defaultMember
        self.ties = ties ?? columns.suffix(1).map(\.member)
    }
}

/// Which part of a list is wanted, and in which order.
package struct ListInput: Sendable {
    package struct Key: Sendable {
        let column: Sorting.Column
        let descends: Bool
    }

    let page: Int
    let limit: Int
    let keys: [Key]
    /// The sort as it was asked for, which a cursor must agree with.
    let sort: String
    /// The values of the keys in the last row of the page before; nil without a cursor.
    let cursor: [String]?

    /// Reads `page`, `limit`, `sort` and `cursor`; adds faults to `query`.
    init(_ query: inout QueryInput, _ sorting: Sorting) {
        page = query.integer("page", in: 0...1_000_000) ?? 1
        limit = query.integer("limit", in: 1...200) ?? 20
        let members = sorting.columns.map(\.member).joined(separator: ", ")
        let rule = "members joined by commas, each with - in front to descend; the members are \(members)"
        let sort =
            query.value("sort", rule: rule) { Self.keys($0, sorting) == nil ? nil : $0 }
            ?? sorting.defaultMember
        self.sort = sort
        keys = Self.keys(sort, sorting) ?? []
        let columns = keys.map(\.column)
        cursor = query.value("cursor", rule: "a cursor that a list with the same sort has given") { text in
            guard let words = Self.decode(text), words.first == sort, words.count == columns.count + 1 else {
                return nil
            }
            let values = Array(words.dropFirst())
            return zip(columns, values).allSatisfy { $0.canHold($1) } ? values : nil
        }
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

    private static func keys(_ sort: String, _ sorting: Sorting) -> [Key]? {
        var keys: [Key] = []
        for word in sort.split(separator: ",", omittingEmptySubsequences: false) {
            let member = word.hasPrefix("-") ? word.dropFirst() : word
            guard let column = sorting.columns.first(where: { $0.member == member }),
                !keys.contains(where: { $0.column.member == member })
            else { return nil }
            keys.append(Key(column: column, descends: word.hasPrefix("-")))
        }
        for column in sorting.columns where sorting.ties.contains(column.member) {
            if !keys.contains(where: { $0.column.member == column.member }) {
                keys.append(Key(column: column, descends: false))
            }
        }
        return keys.isEmpty ? nil : keys
    }
}
