import Postgres

/// One page of a list.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    package let totalRecords: Int
    /// Continues after the last item; nil on the last page.
    package let nextCursor: String?
}

extension Queryable {
    /// A page of `columns` from `source` where all `conditions` hold. The total and the page come from one snapshot; `total`
    /// is a query of it, where there is a better way than to count.
    func page<Item: RowDecodable>(
        _ list: ListInput, _ columns: SQL, from source: SQL, where conditions: [SQL], total: SQL? = nil
    ) async throws(PostgresError) -> Page<Item> {
        let filter = SQL.joined(["true"] + conditions, by: " and ")
        let after = list.cursor.map { list.condition(after: $0) } ?? "true"
        let offset = list.cursor == nil ? max(0, list.page - 1) * list.limit : 0
        // Page 0 is there, and empty.
        let limit = list.page == 0 && list.cursor == nil ? 0 : list.limit + 1
        let rows = try await query(
            """
            select total.records, item.*
            from (select (\(total ?? "select count(*) from \(source) where \(filter)")) as records) as total
            left join lateral (
                select \(columns), array[\(list.sortKey)] as sort_key
                from \(source)
                where \(filter) and \(after) and total.records > 0
                order by \(list.order)
                limit \(limit) offset \(offset)
            ) as item on true
            """)
        return try Page(rows, list)
    }
}

extension Page where Item: RowDecodable {
    /// The rows of one page and, to know whether there are more, the row after it.
    fileprivate init(_ rows: Rows, _ list: ListInput) throws(PostgresError) {
        var items: [Item] = []
        var lastKey: [String] = []
        totalRecords = try rows.first?.get("records") ?? 0
        for row in rows.prefix(list.limit) {
            guard let key: [String] = try row.get("sort_key") else { continue }
            items.append(try Item(row: row))
            lastKey = key
        }
        self.items = items
        nextCursor = rows.count > list.limit ? list.cursor(after: lastKey) : nil
    }
}

extension ListInput {
    fileprivate var sortKey: SQL {
        SQL.joined(keys.map { "(\($0.column.expression))::text" }, by: ", ")
    }

    fileprivate var order: SQL {
        SQL.joined(
            keys.map { $0.descends ? "\($0.column.expression) desc" : "\($0.column.expression)" }, by: ", ")
    }

    /// What comes after a row: greater in the first key, or equal there and greater in the second, and so on.
    fileprivate func condition(after values: [String]) -> SQL {
        var alternatives: [SQL] = []
        for (index, key) in keys.enumerated() {
            var parts: [SQL] = zip(keys, values).prefix(index).map {
                "\($0.column.expression) = \($1)::\($0.column.type)"
            }
            let value: SQL = "\(values[index])::\(key.column.type)"
            parts.append(
                key.descends ? "\(key.column.expression) < \(value)" : "\(key.column.expression) > \(value)")
            alternatives.append(SQL.joined(parts, by: " and "))
        }
        return "(\(SQL.joined(alternatives, by: " or ")))"
    }
}
