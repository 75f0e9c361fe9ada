import Foundation
import Postgres

/// Which news is wanted.
struct NewsFilter: ListFilter {
    typealias Item = News
    private let since: CalendarDate?
    private let kinds: [News.Kind]

    init(_ query: inout QueryInput, _ call: Call) {
        since = query.date("since")
        kinds = query.choices("kind")
    }

    let columns = ListColumns(
        [
            .init("kind", "kind"), .init("id", "id"), .localised("title", "title"),
            .init("createdAt", "created_at", "timestamptz"), .unsorted("href"),
        ], by: "-createdAt", ties: ["kind", "id"])
    let source: SQL = "news"

    var conditions: [SQL?] {
        [
            since.map { "created_at >= \($0)::timestamp at time zone \(TimeZone.standardName)" },
            .isOne("kind", of: kinds),
        ]
    }
}
