import Foundation
import Postgres

@testable import DigidelAPI

/// Every revision of every count, as the database keeps them, summed in the plainest way there is: what the service
/// says is compared with it.
struct CountHistory {
    /// One revision of a count.
    struct Revision {
        let id: String
        let isAccepted: Bool
        let recordedAt: Instant
        let from: CalendarDate
        let to: CalendarDate
        let value: Int
        /// By the names of groupings; nil where the report does not say.
        let coordinates: [String: String?]
        /// By dimension and key.
        let breakdowns: [String: [String: Int]]

        func coordinate(_ name: String) -> String? { coordinates[name] ?? nil }
    }

    private let revisions: [Revision]
    /// The area itself and those it lies in, by id.
    private let above: [String: [String]]

    init(_ service: TestApp) async throws {
        var parents: [String: String] = [:]
        var levels: [String: String] = [:]
        for row in try await service.app.database.query("select id, parent, level from areas") {
            let id: String = try row.get("id")
            parents[id] = try row.get("parent")
            levels[id] = try row.get("level")
        }
        above = Dictionary(
            uniqueKeysWithValues: levels.keys.map { id in
                (id, Array(sequence(first: id) { parents[$0] }))
            })
        var revisions: [Revision] = []
        for row in try await service.app.database.query(
            "select *, breakdowns::text as parts from participant_counts order by id, revision")
        {
            var coordinates: [String: String?] = [:]
            for name in ["campaign", "measure", "organisation", "kind", "channel", "evidence", "area"] {
                let value: String? = try row.get(name)
                coordinates.updateValue(value, forKey: name)
            }
            let area: String = try row.get("area")
            for place in above[area] ?? [] { coordinates.updateValue(place, forKey: levels[place] ?? "") }
            let to: CalendarDate = try row.get("to_date")
            for (name, label) in Self.periods(of: to) { coordinates.updateValue(label, forKey: name) }
            let parts: String? = try row.get("parts")
            revisions.append(
                Revision(
                    id: try row.get("id"), isAccepted: try row.get("status") == "accepted",
                    recordedAt: try row.get("recorded_at"), from: try row.get("from_date"), to: to,
                    value: try row.get("value"), coordinates: coordinates,
                    breakdowns: try parts.map(Self.breakdowns) ?? [:]))
        }
        self.revisions = revisions
    }

    /// When something was recorded, each instant once.
    var instants: [Instant] { Set(revisions.map(\.recordedAt)).sorted() }

    /// What counted as known at an instant, or counts now.
    func counts(asOf: Instant? = nil) -> [Revision] {
        let known = revisions.filter { revision in asOf.map { revision.recordedAt <= $0 } ?? true }
        let current = Dictionary(known.map { ($0.id, $0) }) { _, later in later }
        return current.values.filter(\.isAccepted)
    }

    /// Whether a count lies in one of some areas.
    func lies(_ count: Revision, in areas: [String]) -> Bool {
        let own = above[count.coordinate("area") ?? ""] ?? []
        return areas.contains(where: own.contains)
    }

    /// The sums of some counts by their groups.
    static func sums(_ counts: [Revision], by groupings: [String]) -> [[String?]: Int] {
        var sums: [[String?]: Int] = [:]
        for count in counts {
            let people = groupings.first { ["gender", "age", "priorUse"].contains($0) }
            let parts = people.flatMap { count.breakdowns[$0] } ?? [:]
            let cells: [(String?, Int)] = parts.isEmpty ? [(nil, count.value)] : parts.map { ($0, $1) }
            for (part, value) in cells {
                let keys = groupings.map { $0 == people ? part : count.coordinate($0) }
                sums[keys, default: 0] += value
            }
        }
        return sums
    }

    /// The labels of the periods that a day is in.
    private static func periods(of day: CalendarDate) -> [String: String] {
        let text = day.description
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents(
            [.yearForWeekOfYear, .weekOfYear, .month],
            from: Date(timeIntervalSince1970: Double(day.dayNumber) * 86400))
        let week = String(format: "%04d-W%02d", parts.yearForWeekOfYear ?? 0, parts.weekOfYear ?? 0)
        return [
            "day": text, "week": week, "month": String(text.prefix(7)), "year": String(text.prefix(4)),
            "quarter": "\(text.prefix(4))-Q\(((parts.month ?? 1) + 2) / 3)",
        ]
    }

    private static func breakdowns(_ text: String) throws -> [String: [String: Int]] {
        guard case .object(let dimensions) = try JSONValue(parsing: Array(text.utf8)) else { return [:] }
        return dimensions.mapValues { cells in
            guard case .object(let cells) = cells else { return [:] }
            return cells.compactMapValues(\.integer)
        }
    }
}

extension Answer {
    /// The values of statistics by their keys in the order of some columns.
    func sums(by groupings: [String]) -> [[String?]: Int] {
        var sums: [[String?]: Int] = [:]
        for item in self["items"]?.list ?? [] {
            let keys = groupings.map { item[$0]?.string }
            // Twice the same keys are no sum.
            sums[keys] = sums[keys] == nil ? item["value"]?.integer : -1
        }
        return sums
    }
}
