import HTTP
import Postgres

/// Which things of one kind a list has, as the query asks (api.md, List).
protocol ListFilter: Sendable {
    associatedtype Item: Resource & RowDecodable
    /// What the list may be sorted by, and its columns as CSV.
    var columns: ListColumns { get }
    /// The table that the items come from, or what stands for one.
    var source: SQL { get }
    /// What is selected of it.
    var selection: SQL { get }
    /// What holds of all items; nil is not asked for.
    var conditions: [SQL?] { get }
    /// Words or lists' elements that are looked for in the items of a table, through an index of their own (`matches`,
    /// `overlaps`); nil when none are.
    var search: SQL? { get }
    /// A query of how many items there are, where there is a better way than to count.
    var total: SQL? { get }
    /// Reads its parameters; adds faults to `query`.
    init(_ query: inout QueryInput, _ call: Call) throws(APIError)
}

extension ListFilter {
    var selection: SQL { "*" }
    var search: SQL? { nil }
    var total: SQL? { nil }

    /// Whether nothing is asked for in particular.
    var isEverything: Bool { search == nil && conditions.allSatisfy { $0 == nil } }
}

extension App {
    /// A page of a list, or the whole of it as CSV. `complete` tells the filter what is not in the request.
    func list<Filter: ListFilter>(
        _ kind: Filter.Type, _ call: Call, completing complete: (inout Filter) -> Void = { _ in }
    ) async throws -> Response {
        var query = try call.query()
        var filter = try Filter(&query, call)
        complete(&filter)
        let list = ListInput(&query, filter.columns, accepting: call.request.fields["Accept"])
        try query.finish()
        let page: Page<Filter.Item> = try await database.page(list, filter)
        switch list.format {
        case .json: return try call.answer(page, list)
        case .csv:
            guard !list.isWhole || page.nextCursor == nil else { throw APIError.listTooLong }
            return try call.answer(page, list, asCSV: filter.columns)
        }
    }
}

extension SQL {
    /// Whether a column has one of these values; nil without values. Of one value the rows come in the order of an index, of
    /// several not.
    static func isOne<Value: ParameterConvertible>(_ column: SQL, of values: [Value]) -> SQL? {
        switch values.count {
        case 0: nil
        case 1: "\(column) = \(values[0])"
        default: "\(column) = any(\(values))"
        }
    }

    /// Whether a column that is a list has that value; nil without one.
    static func has(_ column: SQL, _ value: String?) -> SQL? {
        value.map { "\($0) = any(\(column))" }
    }

    /// Whether a column that is a list has one of these values; nil without values.
    static func overlaps(_ column: SQL, _ values: [some ParameterConvertible]) -> SQL? {
        values.isEmpty ? nil : "\(column) && \(values)::text[]"
    }

    /// Whether all hold; nil when nothing is asked for.
    static func all(_ conditions: SQL?...) -> SQL? {
        let asked = conditions.compactMap(\.self)
        return asked.isEmpty ? nil : .joined(asked, by: " and ")
    }

    /// Whether a column is one of these areas or something below them; nil without areas.
    static func isWithin(_ column: SQL, _ areas: [String]) -> SQL? {
        areas.isEmpty ? nil : "\(column) in \(SQL.areas(below: areas))"
    }

    /// Whether a period has days in common with the one from `from` to `to`; nil where nothing is asked.
    static func overlaps(
        from first: SQL, to last: SQL, _ from: CalendarDate?, _ to: CalendarDate?
    ) -> SQL? {
        all(from.map { "\(last) >= \($0)" }, to.map { "\(first) <= \($0)" })
    }

    /// Whether localised columns have all words of a text (migration 0013); nil without a text.
    static func matches(_ columns: SQL, _ text: String?) -> SQL? {
        text.map { "search_document(\(columns)) @@ search_query(\($0))" }
    }

    /// The ids of areas and of everything below them, as a subquery.
    static func areas(below ids: [String]) -> SQL {
        """
        (
            select areas.id from areas
            where areas.id = any(\(ids)) or areas.parent = any(\(ids)) or areas.country = any(\(ids))
        )
        """
    }

    /// How many rows a table has (migration 0013), those within `parents` or all of them, where nothing else is asked.
    static func total(of table: StaticString, within parents: [String]? = nil) -> SQL {
        let scope: SQL = parents.map { "parent = any(\($0))" } ?? "true"
        return """
            select coalesce(sum(records), 0)::bigint from list_totals
            where list = \(table.description) and \(scope)
            """
    }
}

extension APIError {
    /// 400: more than is given at once.
    fileprivate static let listTooLong = malformed([
        Fault(
            "format", "malformed",
            "The list has more than \(ListInput.mostRows) rows; ask for less by its filters, or page by page with limit."
        )
    ])
}
