import Foundation

/// What each kind of goal needs, and what belongs to another.
extension GoalInput {
    /// So many decimals are kept of a figure, and one with more is refused, so that all that is made of it is exact.
    static let decimals = 6

    /// A fault for each member that a goal of that kind needs and has not, or has and cannot have.
    static func kindFaults(_ kind: Goal.Kind?, _ scope: GoalScope, _ input: ObjectInput) -> [Fault] {
        var faults: [Fault] = []
        if !input.has("target"), kind != .coverage || !input.has("targetPercent") {
            faults.append(Fault("/target", "malformed", "Is required."))
        }
        guard let kind else { return faults }
        let members: [(name: String, owner: Goal.Kind, isRequired: Bool)] = [
            ("measure", .contribution, true), ("indicator", .stock, true), ("predicate", .coverage, true),
            ("targetPercent", .coverage, false),
        ]
        for member in members where (member.owner == kind) != input.has(member.name) {
            if member.owner != kind {
                faults.append(notOfKind("/\(member.name)", "Is for \(member.owner.rawValue) goals", kind))
            } else if member.isRequired {
                let detail = "Is required for a \(kind.rawValue) goal."
                faults.append(Fault("/\(member.name)", "malformed", detail))
            }
        }
        guard kind != .contribution else { return faults }
        let limits = [
            ("areas", kind == .coverage || scope.areas.isEmpty),
            ("organisations", scope.organisations.isEmpty),
            ("kinds", scope.kinds.isEmpty), ("channels", scope.channels.isEmpty),
        ]
        return faults
            + limits.filter { !$0.1 }.map { notOfKind("/scope/\($0.0)", "Limits what is counted", kind) }
    }

    private static func notOfKind(_ pointer: String, _ reason: String, _ kind: Goal.Kind) -> Fault {
        Fault(pointer, "notOfThisKind", "\(reason); this is a \(kind.rawValue) goal.")
    }

    /// What a coverage goal cannot do without.
    var areaFaults: [Fault] {
        guard predicate != nil, campaign == nil, scope.areas.isEmpty else { return [] }
        return [
            Fault(
                "/scope/areas", "areasMissing",
                "Without a campaign the areas say which municipalities the goal is about.")
        ]
    }

    /// A fault for each figure with more decimals than are kept.
    var decimalFaults: [Fault] {
        let figures: [(pointer: String, value: Decimal?)] =
            [
                ("/baseline/value", baseline.value), ("/target", target), ("/targetPercent", targetPercent),
            ] + milestones.enumerated().map { ("/milestones/\($0)/value", $1.value) }
        return figures.compactMap { pointer, value in
            guard let value, value.rounded(Self.decimals) != value else { return nil }
            return Fault(pointer, "tooManyDecimals", "Must have at most \(Self.decimals) decimals.")
        }
    }
}
