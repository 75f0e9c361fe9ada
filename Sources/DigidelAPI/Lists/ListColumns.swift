import Foundation
package import Postgres

/// The members of a list's items: what the list may be sorted by, and the columns that it has as CSV, in their order.
package struct ListColumns: Sendable {
    package struct Column: Sendable {
        let member: String
        /// What it is sorted by: an SQL expression, never null, and its type; nil when it cannot be sorted by.
        let sorting: (expression: SQL, type: SQL)?
        /// Where the member stands in an item.
        let path: [String]
        /// Whether it is a text in several languages.
        var isLocalised = false

        private init(_ member: String, sorting: (expression: SQL, type: SQL)?, path: [String]? = nil) {
            self.member = member
            self.sorting = sorting
            self.path = path ?? [member]
        }

        package init(_ member: String, _ expression: SQL, _ type: SQL = "text") {
            self.init(member, sorting: (expression, type))
        }

        /// A member that cannot be sorted by, such as a list; `path` when it is not a member of the item itself.
        static func unsorted(_ member: String, at path: [String]? = nil, isLocalised: Bool = false) -> Column
        {
            var column = Column(member, sorting: nil, path: path)
            column.isLocalised = isLocalised
            return column
        }

        /// A localised text: sorted by its Swedish text, else the first there is.
        static func localised(_ member: String, _ column: SQL) -> Column {
            var localised = Column(
                member,
                """
                coalesce(
                    \(column) ->> 'sv', \(column) ->> 'nb', \(column) ->> 'da', \(column) ->> 'en', '')
                """)
            localised.isLocalised = true
            return localised
        }

        static let name = localised("name", "name")
        static let description = localised("description", "description")

        /// Whether PostgreSQL takes `text` as a value to be sorted by; a cursor may be anybody's invention.
        func canHold(_ text: String) -> Bool {
            switch sorting?.type.text {
            case nil: false
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
    }

    let columns: [Column]
    let defaultMember: String
    /// What decides between equals: together they are unique.
    let ties: [String]

    /// Without `ties` the first column decides.
    package init(_ columns: [Column], by defaultMember: String = "createdAt", ties: [String]? = nil) {
        self.columns = columns
        self.defaultMember = defaultMember
        self.ties = ties ?? columns.prefix(1).map(\.member)
    }

    /// Those that the list may be sorted by.
    var sortable: [Column] { columns.filter { $0.sorting != nil } }
}

extension [ListColumns.Column] {
    /// The columns of a `Record`.
    static let record: Self = [
        .init("createdAt", "created_at", "timestamptz"), .init("updatedAt", "updated_at", "timestamptz"),
        .init("revision", "revision", "integer"),
    ]
}
