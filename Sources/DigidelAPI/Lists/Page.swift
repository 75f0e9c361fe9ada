import Postgres

/// One page of a list.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    package let totalRecords: Int
    /// Continues after the last item; nil on the last page.
    package let nextCursor: String?
}

extension Queryable {
    /// The part of a list that is wanted. The total and the page come from one snapshot.
    func page<Filter: ListFilter>(
        _ list: ListInput, _ filter: Filter
    ) async throws(PostgresError) -> Page<Filter.Item> {
        // What is found is few; behind a fence it is not looked for row by row in the order of the list.
        let source: SQL =
            if let search = filter.search {
                "(select * from \(filter.source) where \(search) offset 0) as \(filter.source)"
            } else {
                filter.source
            }
        let conditions = SQL.joined(["true"] + filter.conditions.compactMap(\.self), by: " and ")
        let after = list.cursor.map { list.condition(after: $0) } ?? "true"
        let offset = list.cursor == nil ? max(0, list.page - 1) * list.limit : 0
        // Page 0 is there, and empty.
        let limit = list.page == 0 && list.cursor == nil ? 0 : list.limit + 1
        let rows = try await query(
            """
            select total.records, item.*
            from (
                select (\(filter.total ?? "select count(*) from \(source) where \(conditions)")) as records
            ) as total
            left join lateral (
                select \(filter.selection), array[\(list.sortKey)] as sort_key
                from \(source)
                where \(conditions) and \(after) and total.records > 0
                order by \(list.order)
                limit \(SQL(number: limit)) offset \(offset)
            ) as item on true
            """)
        return try Page(rows, list)
    }
}

extension Page where Item: RowDecodable {
    /// The rows of one page and, to know whether there are more, the row after it.
    fileprivate init(_ rows: Rows, _ list: ListInput) throws(PostgresError) {
        var items: [Item] = []
        totalRecords = try rows.first?.get("records") ?? 0
        for row in rows.prefix(list.limit) {
            // The row that has the total has no thing in it when the page is empty.
            guard try !row.isNull("sort_key") else { continue }
            items.append(try Item(row: row))
        }
        self.items = items
        nextCursor =
            rows.count > list.limit ? list.cursor(after: try rows[list.limit - 1].get("sort_key")) : nil
    }
}

extension ListInput {
    fileprivate var sortKey: SQL {
        SQL.joined(keys.map { "(\($0.expression))::text" }, by: ", ")
    }

    fileprivate var order: SQL {
        SQL.joined(
            keys.map { $0.descends ? "\($0.expression) desc" : "\($0.expression)" }, by: ", ")
    }

    /// What comes after a row: greater in the first key, or equal there and greater in the second, and so on.
    fileprivate func condition(after values: [String]) -> SQL {
        var alternatives: [SQL] = []
        for (index, key) in keys.enumerated() {
            var parts: [SQL] = zip(keys, values).prefix(index).map {
                "\($0.expression) = \($1)::\($0.type)"
            }
            let value: SQL = "\(values[index])::\(key.type)"
            parts.append(
                key.descends ? "\(key.expression) < \(value)" : "\(key.expression) > \(value)")
            alternatives.append(SQL.joined(parts, by: " and "))
        }
        let following = SQL.joined(alternatives, by: " or ")
        // An index begins where the first key does.
        guard let first = keys.first else { return "true" }
        let comparison: SQL = first.descends ? "<=" : ">="
        return "(\(first.expression) \(comparison) \(values[0])::\(first.type) and (\(following)))"
    }
}
