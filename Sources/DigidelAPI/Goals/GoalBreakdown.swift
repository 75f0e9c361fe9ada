import Postgres

/// Where, by whom, how or for whom what was counted towards a goal has come about; the body of
/// `GET /v1/goals/{id}/breakdown` (domain.md, section 4).
struct GoalBreakdown {
    /// What a breakdown may be by.
    static let ways: [Grouping] = [
        .county, .municipality, .organisation, .kind, .channel, .gender, .age, .priorUse, .evidence,
    ]

    let goal: Goal
    let by: Grouping
    let sums: CountSums
    /// The positions of the rows whose value the reader does not see.
    let hidden: Set<Int>
    private let asOf: Instant

    init(_ goal: Goal, by: Grouping, _ sums: CountSums, asOf: Instant?, for caller: Caller?) {
        self.goal = goal
        self.by = by
        self.sums = sums
        self.asOf = asOf ?? max(sums.asOf ?? goal.record.updatedAt, goal.record.updatedAt)
        hidden = sums.hiddenRows(from: caller, measure: goal.content.measure)
    }

    /// Without the baseline.
    private var total: Int { sums.rows.reduce(0) { $0 + $1.value } }

    func write(to json: inout JSONWriter, as representation: Representation) {
        json.object { json in
            json.member("goal", goal.id)
            json.member("by", by.rawValue)
            json.member("total", total)
            json.name("rows")
            json.array(sums.rows.enumerated()) { json, row in
                write(row.element, isHidden: hidden.contains(row.offset), to: &json, as: representation)
            }
            json.member("asOf", asOf)
            json.member("version", sums.version + goal.ownVersion)
            let item = representation.baseURL + goal.path
            json.links(["self": "\(item)/breakdown?by=\(by.rawValue)", "item": item])
        }
    }

    private func write(
        _ row: CountSums.Row, isHidden: Bool, to json: inout JSONWriter, as representation: Representation
    ) {
        json.object { json in
            json.nullable("key", row.keys[0])
            json.nullable("name", row.areaName ?? row.organisationName, in: representation.language)
            json.nullable("value", isHidden ? nil : row.value)
            json.member("suppressed", isHidden)
            if by.isArea {
                json.nullable("population", row.population)
                json.nullable(
                    "perThousand", isHidden ? nil : row.perThousand)
            }
        }
    }
}
