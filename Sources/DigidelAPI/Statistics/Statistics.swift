import Foundation

/// What was counted, divided as the reader likes; the body of `GET /v1/statistics` (decisions.md, section 4).
struct Statistics {
    /// The columns that were asked for.
    let groupBy: [Grouping]
    let sums: CountSums
    /// The positions of the rows whose value the reader does not see.
    let hidden: Set<Int>

    init(groupBy: [Grouping], _ sums: CountSums, for caller: Caller?) {
        self.groupBy = groupBy
        self.sums = sums
        hidden = sums.hiddenRows(from: caller)
    }

    var finality: String { sums.isFinal ? "final" : "preliminary" }
    /// Whether rows have inhabitants beside them: those of the one way by area.
    var hasPopulation: Bool { sums.groupings.count(where: \.isArea) == 1 }
    /// Whether rows may be hidden.
    var hasPeople: Bool { sums.groupings.contains(where: \.isOfPeople) }

    /// A row's value, if the reader sees it.
    func value(_ index: Int) -> Int? { hidden.contains(index) ? nil : sums.rows[index].value }

    /// The same by inhabitants.
    private func perThousand(_ index: Int) -> Decimal? {
        hidden.contains(index) ? nil : sums.rows[index].perThousand
    }

    func write(to json: inout JSONWriter, address: String) {
        json.object { json in
            json.name("items")
            json.array(sums.rows.indices) { json, index in writeItem(index, to: &json) }
            json.member("groupBy", groupBy.map(\.rawValue))
            json.nullable("asOf", sums.asOf?.description)
            json.member("version", sums.version)
            json.member("finality", finality)
            json.links(["self": address])
        }
    }

    private func writeItem(_ index: Int, to json: inout JSONWriter) {
        let row = sums.rows[index]
        json.object { json in
            for (grouping, key) in zip(sums.groupings, row.keys) { json.nullable(grouping.rawValue, key) }
            json.nullable("value", value(index))
            if hasPeople { json.member("suppressed", hidden.contains(index)) }
            if hasPopulation {
                json.nullable("population", row.population)
                json.nullable("perThousand", perThousand(index))
            }
        }
    }

    /// The rows as CSV, with the columns named as the members (api.md).
    var csv: [UInt8] {
        var csv = CSVWriter()
        csv.row(
            sums.groupings.map(\.rawValue) + ["value"] + (hasPeople ? ["suppressed"] : [])
                + (hasPopulation ? ["population", "perThousand"] : []))
        for (index, row) in sums.rows.enumerated() {
            for key in row.keys { csv.cell(text: key ?? "") }
            csv.cell(value(index).map { "\($0)" } ?? "")
            if hasPeople { csv.cell(hidden.contains(index) ? "true" : "false") }
            if hasPopulation {
                csv.cell(row.population.map { "\($0)" } ?? "")
                csv.cell(perThousand(index)?.description ?? "")
            }
            csv.endRow()
        }
        return csv.bytes
    }
}
