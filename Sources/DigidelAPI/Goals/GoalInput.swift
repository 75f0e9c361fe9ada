import Foundation

/// What a client says of a goal. Dates that are not given are the campaign's (decisions.md, 25).
struct GoalInput: Sendable {
    let name: LocalisedText
    let description: LocalisedText?
    let campaign: String?
    let kind: Goal.Kind
    /// Of a contribution goal.
    let measure: Measure?
    /// Of a stock goal.
    let indicator: String?
    /// Of a coverage goal.
    let predicate: Predicate?
    let scope: GoalScope
    let direction: Goal.Direction
    let baseline: Baseline
    /// Nil when it is given in percent alone.
    let target: Decimal?
    /// Of a coverage goal's municipalities; it decides when both are given.
    let targetPercent: Decimal?
    let startsOn: CalendarDate?
    let endsOn: CalendarDate?
    let milestones: [Milestone]
    let tolerance: Decimal
    let cancelled: Bool
    /// Members that its kind needs and that are missing, or that are another kind's.
    let kindFaults: [Fault]

    /// What a figure may be.
    static let figures: ClosedRange<Decimal> = -1_000_000_000_000...1_000_000_000_000

    /// Throws `.malformed` with everything that is wrong. In what a patch was merged into, members that do not go together
    /// are rules that it breaks (`ruleFaults`): the patch itself may have been as a patch can be.
    init(_ input: inout ObjectInput, isMerged: Bool = false) throws(APIError) {
        let name = input.localised("name", limit: 200, required: true)
        description = input.localised("description", limit: 4000)
        campaign = input.slug("campaign")
        let kind: Goal.Kind? = input.choice("kind", required: true)
        measure = input.choice("measure")
        indicator = input.slug("indicator")
        predicate = Predicate.read(&input)
        scope = input.object("scope", GoalScope.init) ?? GoalScope()
        direction = input.choice("direction") ?? .up
        baseline = input.object("baseline", Baseline.init) ?? Baseline()
        targetPercent = input.decimal("targetPercent", in: 0...100)
        target = input.decimal("target", in: Self.figures)
        startsOn = input.date("startsOn")
        endsOn = input.date("endsOn")
        milestones = input.objects("milestones", Milestone.init)
        tolerance = input.value("tolerance", rule: "a number from 0 to below 0.5", \.tolerance) ?? 0.15
        cancelled = input.bool("cancelled") ?? false
        if campaign == nil {
            if startsOn == nil { input.fault("startsOn", "Is required for a goal without a campaign.") }
            if endsOn == nil { input.fault("endsOn", "Is required for a goal without a campaign.") }
        }
        let kindFaults = Self.kindFaults(kind, scope, input)
        if !isMerged { input.add(kindFaults) }
        try input.finish()
        guard let name, let kind else { throw .malformed(input.faults) }
        self.name = name
        self.kind = kind
        self.kindFaults = kindFaults
    }

    /// The target in figures; `denominator` is how many municipalities a coverage goal is about.
    func target(of denominator: Int?) -> Decimal? {
        targetPercent.map { ($0 * Decimal(denominator ?? 0) / 100).roundedUp } ?? target
    }

    /// The target to be stored: none when it follows from the percent.
    var storedTarget: Decimal? { targetPercent == nil ? target : nil }

    var references: [Reference?] {
        [
            Reference(.campaign, campaign, "/campaign"), Reference(.indicator, indicator, "/indicator"),
            Reference(.survey, predicate?.survey, "/predicate/survey"),
        ] + Reference.all(.area, scope.areas, "/scope/areas")
            + Reference.all(.organisation, scope.organisations, "/scope/organisations")
    }

    /// The rules of domain.md, section 4, once the dates are known and how many municipalities there are; `campaign` is the
    /// goal's, if it has one.
    func ruleFaults(
        startsOn: CalendarDate, endsOn: CalendarDate, campaign: Campaign?, denominator: Int?
    ) -> [Fault] {
        guard kindFaults.isEmpty else { return kindFaults }
        let target = target(of: denominator) ?? 0
        var faults = personalDataFaults(
            .at("/name", name) + .at("/description", description)
                + .at("/baseline/source", baseline.source))
        faults += periodFaults(startsOn, "startsOn", endsOn, "endsOn")
        if direction.sign * (target - baseline.value) <= 0 {
            let side = direction == .up ? "above" : "below"
            faults.append(
                Fault(
                    targetPercent == nil ? "/target" : "/targetPercent", "targetNotAhead",
                    "The target is \(target); it must be \(side) the baseline, \(baseline.value)."))
        }
        if let measure, let measures = campaign?.content.measures, !measures.contains(measure) {
            let accepted = measures.map(\.rawValue).joined(separator: ", ")
            faults.append(Fault("/measure", "measureNotAccepted", "The campaign counts \(accepted)."))
        }
        return faults + areaFaults + decimalFaults
            + milestoneFaults(startsOn: startsOn, endsOn: endsOn, target: target)
    }

    /// Milestones lie inside the goal's dates, in order, and lead from the baseline to the target (decisions.md, 22).
    private func milestoneFaults(
        startsOn: CalendarDate, endsOn: CalendarDate, target: Decimal
    ) -> [Fault] {
        var faults: [Fault] = []
        let required = direction.sign * (target - baseline.value)
        var earlier: Milestone?
        for (index, milestone) in milestones.enumerated() {
            let pointer = "/milestones/\(index)"
            if milestone.date < startsOn || milestone.date >= endsOn {
                let last = endsOn - 1
                faults.append(
                    Fault("\(pointer)/date", "milestoneOutsideGoal", "Must be from \(startsOn) to \(last)."))
            }
            let change = direction.sign * (milestone.value - baseline.value)
            if change < 0 || change > required {
                faults.append(
                    Fault(
                        "\(pointer)/value", "milestoneOutsideGoal",
                        "Must lie between the baseline and the target."))
            }
            if let earlier,
                milestone.date <= earlier.date || direction.sign * (milestone.value - earlier.value) < 0
            {
                faults.append(
                    Fault(
                        pointer, "milestoneNotInOrder",
                        "Must be later than the milestone before, and not fall behind it."))
            }
            earlier = milestone
        }
        return faults
    }
}

extension GoalScope {
    init(_ input: inout ObjectInput) {
        areas = input.list("areas", rule: "an area's id such as se-0583", \.areaID) ?? []
        organisations = input.list("organisations", rule: "an organisation's id", \.slug) ?? []
        kinds = input.choices("kinds") ?? []
        channels = input.choices("channels") ?? []
    }
}

extension Baseline {
    init(_ input: inout ObjectInput) {
        value = input.decimal("value", in: GoalInput.figures, required: true) ?? 0
        date = input.date("date")
        source = input.text("source", limit: 500)
    }
}

extension Milestone {
    init?(_ input: inout ObjectInput) {
        let date = input.date("date", required: true)
        let value = input.decimal("value", in: GoalInput.figures, required: true)
        guard let date, let value else { return nil }
        self.init(date: date, value: value)
    }
}

extension JSONValue {
    fileprivate var tolerance: Decimal? {
        guard case .number(let number) = self, number >= 0, number < 0.5 else { return nil }
        return number
    }
}
