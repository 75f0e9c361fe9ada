import HTTP
import Postgres

extension App {
    /// What was counted, by any groups.
    func showStatistics(_ call: Call) async throws -> Response {
        var query = try call.query()
        let input = StatisticsInput(&query, call)
        let format: StatisticsFormat? = query.choice("format")
        try query.finish()
        let chosen = format ?? .accepted(by: call.request.fields["Accept"])
        if let asOf = input.selection.asOf { try await settle(asOf) }
        let body = try await shared(call, as: chosen.rawValue) {
            guard call.caller == nil else { return try await statistics(input, chosen, call) }
            await caches.statisticsTurn.take()
            defer { caches.statisticsTurn.pass() }
            return try await statistics(input, chosen, call)
        }
        return try call.answer(body, in: chosen)
    }

    /// Statistics in the form that is wanted; throws `.malformed` when there are too many of them.
    private func statistics(
        _ input: StatisticsInput, _ format: StatisticsFormat, _ call: Call
    ) async throws -> [UInt8] {
        let sums = try await database.countSums(input.selection, by: input.groupings, limit: input.mostRows)
        guard let sums else {
            throw APIError.malformed([
                Fault(
                    "groupBy", "malformed",
                    "These are more than \(input.mostRows) rows; group by less, or ask for less.")
            ])
        }
        let statistics = Statistics(groupBy: input.groupBy, sums, for: call.caller)
        let address = call.address
        var json = JSONWriter(capacity: 512 + 96 * sums.rows.count)
        switch format {
        case .csv: return statistics.csv
        case .json: statistics.write(to: &json, address: address)
        case .jsonStat:
            guard let cube = JSONStat(statistics, address: address) else {
                throw APIError.malformed([
                    Fault("groupBy", "malformed", "As JSON-stat this has too many cells; group by less.")
                ])
            }
            cube.write(to: &json, as: call.representation)
        }
        return json.bytes
    }
}

/// What statistics are wanted.
struct StatisticsInput {
    let groupBy: [Grouping]
    let selection: CountSelection

    /// How many are given at once; fewer where small cells have to be looked for.
    var mostRows: Int { groupBy.contains(where: \.isOfPeople) ? 20_000 : 100_000 }

    /// Totals never mix measures, so there is always a column for them.
    var groupings: [Grouping] { groupBy.contains(.measure) ? groupBy : groupBy + [.measure] }

    init(_ query: inout QueryInput, _ call: Call) {
        let groupBy: [Grouping] = query.choices("groupBy")
        if Set(groupBy).count < groupBy.count { query.fault("groupBy", "Must name each column once.") }
        if groupBy.count(where: \.isOfPeople) > 1 {
            query.fault("groupBy", "Takes one of gender, age and priorUse: reports tell each by itself.")
        }
        self.groupBy = groupBy
        let campaigns = query.ids("campaign")
        let series = query.ids("series")
        var conditions: [SQL] = call.showsDrafts ? ["true"] : ["announced_at is not null"]
        if !campaigns.isEmpty { conditions.append("id = any(\(campaigns))") }
        if !series.isEmpty { conditions.append("series = any(\(series))") }
        let measures: [Measure] = query.choices("measure")
        selection = CountSelection(
            campaigns: .joined(conditions, by: " and "),
            measures: measures.isEmpty ? Measure.allCases : measures,
            scope: GoalScope(areas: query.ids("area")), from: query.date("from"), to: query.date("to"),
            asOf: query.instant("asOf"))
    }
}
