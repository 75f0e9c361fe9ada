import Foundation
package import Postgres

/// What a strategy says will be, such as what becomes mandatory when, and for whom (domain.md, section 5).
package struct StrategyItem: Resource {
    package static let collection = "items"
    package var id: String { uuid.text }
    package var revision: Int? { record.revision }
    package var path: String { "/\(Strategy.collection)/\(strategy)/\(Self.collection)/\(id)" }
    let uuid: UUID
    let strategy: String
    let content: StrategyItemInput
    let record: Record

    package enum Kind: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case obligation, milestone, publication
    }

    /// What the strategy divides itself into.
    struct FocusArea {
        let number: Int
        let name: LocalisedText
    }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("strategy", strategy)
        if let focusArea = content.focusArea {
            json.member("focusArea") { json in
                json.member("number", focusArea.number)
                json.member("name", focusArea.name, in: representation.language)
            }
        }
        json.member("date", content.date)
        json.member("year", content.year)
        json.member("kind", content.kind.rawValue)
        json.member("title", content.title, in: representation.language)
        json.member("affectedGroups", content.affectedGroups)
        json.members(record)
    }
}

/// What a client says of an item of a strategy.
struct StrategyItemInput: CheckedInput {
    let focusArea: StrategyItem.FocusArea?
    let date: CalendarDate?
    /// When the date is not known.
    let year: Int?
    let kind: StrategyItem.Kind
    let title: LocalisedText
    let affectedGroups: [String]

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        focusArea = input.object("focusArea", StrategyItem.FocusArea.init) ?? nil
        date = input.date("date")
        year = input.integer("year", in: 1900...9999)
        let kind: StrategyItem.Kind? = input.choice("kind", required: true)
        let title = input.localised("title", limit: 300, required: true)
        affectedGroups = input.texts("affectedGroups") ?? []
        try input.finish()
        guard let kind, let title else { throw .malformed(input.faults) }
        self.kind = kind
        self.title = title
    }

    var texts: [PlacedText] {
        .at("/focusArea/name", focusArea?.name) + .at("/title", title)
            + .at("/affectedGroups", affectedGroups)
    }

    var ruleFaults: [Fault] {
        guard (date == nil) == (year == nil) else { return [] }
        return [Fault("/date", "dateOrYear", "Give the date or, when that is not known, the year.")]
    }

    var stored: ColumnValues {
        [
            "focus_area_number": focusArea?.number, "focus_area_name": focusArea?.name, "date": date,
            "year": year, "kind": kind, "title": title, "affected_groups": affectedGroups,
        ]
    }
}

extension StrategyItem.FocusArea {
    init?(_ input: inout ObjectInput) {
        let number = input.integer("number", in: 1...999, required: true)
        let name = input.localised("name", limit: 200, required: true)
        guard let number, let name else { return nil }
        self.init(number: number, name: name)
    }
}

extension StrategyItem: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        uuid = try row.get("id")
        strategy = try row.get("strategy")
        content = try StrategyItemInput(row: row)
        record = try Record(row: row)
    }
}

extension StrategyItemInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        let number: Int? = try row.get("focus_area_number")
        focusArea = try number.map { number throws(PostgresError) in
            StrategyItem.FocusArea(number: number, name: try row.get("focus_area_name"))
        }
        date = try row.get("date")
        year = try row.get("year")
        kind = try row.get("kind")
        title = try row.get("title")
        affectedGroups = try row.get("affected_groups")
    }
}
