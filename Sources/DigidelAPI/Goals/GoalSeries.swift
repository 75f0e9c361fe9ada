import Foundation
import Postgres

/// How a goal's value has come about in time; the body of `GET /v1/goals/{id}/series` (domain.md, section 4).
struct GoalSeries {
    /// How long a bucket is.
    enum Interval: String, Sendable, CaseIterable {
        case day, week, month, quarter, year

        /// As PostgreSQL writes it.
        var length: String { self == .quarter ? "3 months" : "1 \(rawValue)" }

        /// How many days the shortest bucket has.
        var shortestDays: Int {
            switch self {
            case .day: 1
            case .week: 7
            case .month: 28
            case .quarter: 90
            case .year: 365
            }
        }

        /// A bucket's label as reporters write periods (decisions.md, 56), for `to_char`.
        var label: String {
            switch self {
            case .day: "YYYY-MM-DD"
            case .week: #"IYYY-"W"IW"#
            case .month: "YYYY-MM"
            case .quarter: #"YYYY-"Q"Q"#
            case .year: "YYYY"
            }
        }
    }

    /// A day, week, month, quarter or year, or what of it belongs to the goal.
    struct Bucket {
        let from: CalendarDate
        let to: CalendarDate
        let label: String
        /// What was counted in reports for periods that end in it, or by how much the value of another kind of goal changed.
        let value: Decimal
        /// Whether one of those periods began before it.
        let spans: Bool
    }

    /// More are not answered for; 50 years of days are 18 263.
    static let mostBuckets = 20_000

    let goal: Goal
    let interval: Interval
    /// The value before the goal's first day.
    let start: Decimal
    /// From the goal's first day to the day that is asked about, without gaps.
    let buckets: [Bucket]
    let version: Int
    let asOf: Instant

    func write(to json: inout JSONWriter, as representation: Representation) {
        json.object { json in
            json.member("goal", goal.id)
            json.member("interval", interval.rawValue)
            json.name("buckets")
            var cumulative = start
            json.array(buckets) { json, bucket in
                cumulative += bucket.value
                json.object { json in
                    json.member("from", bucket.from)
                    json.member("to", bucket.to)
                    json.member("label", bucket.label)
                    json.member("value", bucket.value)
                    json.member("cumulative", cumulative)
                    json.member("spans", bucket.spans)
                }
            }
            json.member("asOf", asOf)
            json.member("version", version)
            let item = representation.baseURL + goal.path
            json.links(["self": "\(item)/series?interval=\(interval.rawValue)", "item": item])
        }
    }
}
