import Postgres

/// Which counts are summed: those of some campaigns and measures, within a scope, for periods that end on certain days,
/// as they were known at an instant or are now.
struct CountSelection: Sendable {
    /// What holds for the campaigns, as a condition on `campaigns`.
    let campaigns: SQL
    let measures: [Measure]
    var scope = GoalScope()
    var from: CalendarDate?
    var to: CalendarDate?
    var asOf: Instant?

    /// Where the sums can be read from.
    enum Source {
        /// By the last day of the periods.
        case days
        /// By one dimension and month.
        case months(CountDimension)
        /// All changes, one by one: what is asked for is not kept as sums.
        case changes
    }

    /// The least that answers: sums by month are of no use for parts of a month in which something was counted, which
    /// only the database knows (`areMonthsWhole`).
    func source(for groupings: [Grouping]) -> Source {
        let dimensions = Set(groupings.compactMap(\.dimension) + scope.dimensions)
        guard let dimension = dimensions.first else { return .days }
        let isByMonth = dimensions.count == 1 && !groupings.contains(where: \.needsDay)
        return isByMonth ? .months(dimension) : .changes
    }
}

extension GoalScope {
    /// What has to be known of a count to tell whether it is in the scope.
    var dimensions: [CountDimension] {
        var dimensions: [CountDimension] = []
        if !areas.isEmpty { dimensions.append(.area) }
        if !organisations.isEmpty { dimensions.append(.organisation) }
        if !kinds.isEmpty { dimensions.append(.kind) }
        if !channels.isEmpty { dimensions.append(.channel) }
        return dimensions
    }

    /// That a row of `cells` is in the scope.
    var conditions: [SQL] {
        var conditions: [SQL] = []
        if !areas.isEmpty { conditions.append("cells.area in \(SQL.areas(below: areas))") }
        if !organisations.isEmpty { conditions.append("cells.organisation = any(\(organisations))") }
        if !kinds.isEmpty { conditions.append("cells.kind = any(\(kinds))") }
        if !channels.isEmpty { conditions.append("cells.channel = any(\(channels))") }
        return conditions
    }
}

extension CountSelection {
    /// The instant to which things are known.
    var knownAt: SQL { "coalesce(\(asOf)::timestamptz, 'infinity')" }

    /// The campaigns as rows `id`, `locked_at`.
    var selected: SQL { "select id, locked_at from campaigns where \(campaigns)" }

    /// The rows to sum: `campaign`, `measure`, `to_date` (of sums by month: its first day), `from_date` (not of sums by
    /// month), the columns of the dimensions that are asked for, `amount`, `reports`. `selected` is beside it.
    func cells(from source: Source, for groupings: [Grouping] = []) -> SQL {
        switch source {
        case .days: counted("'day'", as: "counted.key::date as from_date")
        case .months(let dimension): counted("\(dimension)", as: dimension.column)
        case .changes: changes(people: groupings.compactMap(\.dimension).first(where: \.isOfPeople))
        }
    }

    private func counted(_ dimension: SQL, as column: SQL) -> SQL {
        """
        select selected.id as campaign, counted.measure, counted.starts_on as to_date, \(column), counted.amount,
            counted.reports
        from selected
        cross join lateral count_cells(
            selected.id, \(measures)::text[], \(dimension), \(knownAt), coalesce(\(from)::date, '-infinity'),
            coalesce(\(to)::date, 'infinity')) as counted
        """
    }

    private func changes(people dimension: CountDimension?) -> SQL {
        let parts: SQL =
            dimension.map { "left join lateral jsonb_each_text(breakdowns -> \($0)) as part on true" }
            ?? "cross join (values (null, null)) as part (key, value)"
        return """
            select count_changes.campaign, count_changes.measure, to_date, from_date, area, organisation, kind, channel, evidence,
                part.key as part, coalesce(part.value::bigint * count_changes.reports, delta) as amount,
                count_changes.reports
            from selected
            join count_changes on count_changes.campaign = selected.id
            \(parts)
            where count_changes.measure = any(\(measures)::text[]) and count_changes.recorded_at <= \(knownAt)
            """
    }

    /// That a row of `cells` is in the scope, and on one of the days where all changes are looked through.
    func condition(for source: Source) -> SQL {
        var conditions: [SQL] = ["true"] + scope.conditions
        if case .changes = source {
            if let from { conditions.append("cells.to_date >= \(from)") }
            if let to { conditions.append("cells.to_date <= \(to)") }
        }
        return SQL.joined(conditions, by: " and ")
    }

    /// That nothing was ever counted in the parts of months that the first and the last day leave out.
    func areMonthsWhole(for source: Source) -> SQL {
        guard case .months = source else { return "true" }
        var parts: [SQL] = []
        if let from {
            parts.append(
                "to_date >= date_trunc('month', \(from)::date::timestamp)::date and to_date < \(from)")
        }
        if let to {
            parts.append(
                "to_date > \(to) and to_date < (date_trunc('month', \(to)::date::timestamp) + interval '1 month')::date"
            )
        }
        guard !parts.isEmpty else { return "true" }
        return """
            not exists (
                select from selected
                join count_totals on count_totals.campaign = selected.id
                where measure = any(\(measures)::text[]) and (\(SQL.joined(parts, by: " or "))))
            """
    }
}

extension CountDimension {
    /// The dimension's key as the column that groupings and scopes know it by.
    fileprivate var column: SQL {
        switch self {
        case .area: "counted.key as area"
        case .organisation: "counted.key as organisation"
        case .kind: "counted.key as kind"
        case .channel: "counted.key as channel"
        case .evidence: "counted.key as evidence"
        case .gender, .age, .priorUse: "counted.key as part"
        }
    }
}
