import HTTP
import Postgres

extension App {
    /// What was counted, by any groups.
    func showStatistics(_ call: Call) async throws -> Response {
        var query = try call.query()
        let input = StatisticsInput(&query, call)
        let format: StatisticsFormat? = query.choice("format")
        try query.finish()
        let chosen = format ?? StatisticsFormat(accepting: call.request.fields["Accept"])
        if let asOf = input.selection.asOf { try await settle(asOf) }
        guard let sums = try await database.countSums(input.selection, by: input.groupings) else {
            throw APIError.malformed([
                Fault(
                    "groupBy", "malformed",
                    "These are more than 100 000 rows; group by less, or ask for less.")
            ])
        }
        return try call.answer(Statistics(groupBy: input.groupBy, sums, for: call.caller), in: chosen)
    }
}

/// What statistics are wanted.
struct StatisticsInput {
    let groupBy: [Grouping]
    let selection: CountSelection

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

extension Call {
    /// Statistics in the form that is wanted.
    fileprivate func answer(_ statistics: Statistics, in format: StatisticsFormat) throws(APIError)
        -> Response
    {
        let address = "\(representation.baseURL)/statistics" + (request.query.map { "?\($0)" } ?? "")
        let body: [UInt8]
        switch format {
        case .csv: body = statistics.csv
        case .json:
            var json = JSONWriter(capacity: 512 + 96 * statistics.sums.rows.count)
            statistics.write(to: &json, address: address)
            body = json.bytes
        case .jsonStat:
            guard let cube = JSONStat(statistics, address: address) else {
                throw .malformed([
                    Fault("groupBy", "malformed", "As JSON-stat this has too many cells; group by less.")
                ])
            }
            var json = JSONWriter(capacity: 512 + 32 * statistics.sums.rows.count)
            cube.write(to: &json, as: representation)
            body = json.bytes
        }
        var response = try answer(.ok, body)
        response.fields["Vary"] = "Accept, Accept-Language, Authorization"
        if response.status == .ok {
            response.fields["Content-Type"] =
                format == .csv ? "text/csv; charset=utf-8; header=present" : format.mediaType
        }
        return response
    }
}
