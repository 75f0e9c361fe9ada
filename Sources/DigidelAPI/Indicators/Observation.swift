import Foundation
package import Postgres

/// What an indicator was on a day, in its latest version.
package struct Observation: Resource {
    package static let collection = "observations"
    /// An indicator has one observation of a day, so its date tells its observations apart.
    package var id: String { date.description }
    package var revision: Int? { nil }
    package var path: String { "/\(Indicator.collection)/\(indicator)/\(Self.collection)/\(date)" }
    let indicator: String
    let date: CalendarDate
    let content: ObservationInput
    let recordedAt: Instant

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("indicator", indicator)
        json.member("date", date)
        json.member("value", content.value)
        json.member("source", content.source)
        json.member("recordedAt", recordedAt)
    }
}

/// What a coordinator says of an observation.
struct ObservationInput: Sendable, Equatable {
    let value: Decimal
    /// Where the figure is from, if it says more than the indicator's own source.
    let source: String?

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        input.ignore("indicator", "date", "recordedAt", "_links")
        let value = input.decimal("value", in: GoalInput.figures, required: true)
        source = input.text("source", limit: 500)
        try input.finish()
        guard let value else { throw .malformed(input.faults) }
        self.value = value
    }

    /// The rules for an observation of that date; `today` is the last that there can be one of.
    func ruleFaults(date: CalendarDate, today: CalendarDate) -> [Fault] {
        var faults = personalDataFaults(.at("/source", source))
        let decimals = GoalInput.decimals
        if value.rounded(decimals) != value {
            faults.append(Fault("/value", "tooManyDecimals", "Must have at most \(decimals) decimals."))
        }
        if date > today {
            faults.append(
                Fault("date", "periodInFuture", "Must not be after today, \(today): nobody can know yet."))
        }
        return faults
    }
}

extension Observation: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        indicator = try row.get("indicator")
        date = try row.get("date")
        content = try ObservationInput(row: row)
        recordedAt = try row.get("recorded_at")
    }
}

extension ObservationInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        value = try row.get("value")
        source = try row.get("source")
    }
}
