import Postgres

/// The rules that a count must keep (domain.md, section 3), judged on facts alone.
struct CountRules {
    let input: ParticipantCountInput
    let facts: CountFacts
    let caller: Caller
    let now: Instant
    /// Why the count is corrected, or reported after the campaign was locked.
    var reason: RevisionReason?

    /// 403: another organisation's count. Comes before everything that would tell about that organisation.
    func checkCaller() throws(APIError) {
        try caller.checkMayWrite(for: input.organisation, at: "/organisation")
    }

    /// Throws 422 with every rule that the report breaks, or 409 for what the campaign's state does not allow.
    func check() throws(APIError) {
        try faults().check()
        try checkCampaign()
    }

    /// 422: every rule that the report breaks.
    private func faults() -> [Fault] {
        referenceFaults() + measureFaults() + periodFaults() + areaFaults()
            + (input.breakdowns?.faults(value: input.value) ?? [])
            + personalDataFaults(.at("/note", input.note))
    }

    /// Throws 409 for what the campaign's state does not allow now; after the lock a coordinator needs a reason.
    func checkCampaign() throws(APIError) {
        guard let campaign = facts.campaign else { return }
        switch campaign.state {
        case .draft: throw .conflict("campaignNotOpen", "The campaign is a draft; it takes no counts yet.")
        case .cancelled: throw .conflict("campaignNotOpen", "The campaign was cancelled; it takes no counts.")
        case .locked where caller.role < .coordinator:
            throw .conflict(
                "campaignLocked", "The campaign's figures are final; ask the coordination office.")
        case .locked where reason == nil:
            throw .ruleBroken([
                Fault(
                    "/reason", "reasonMissing", "The campaign's figures are final; say why they must change.")
            ])
        default: break
        }
        guard caller.role < .coordinator else { return }
        // Without opensAt, reporting opens on the first day: no period that lies in the campaign is over before.
        if let opensAt = campaign.opensAt, now < opensAt {
            throw .conflict("reportingClosed", "Reporting opens at \(opensAt).")
        }
        if let closesAt = campaign.closesAt, now > closesAt {
            throw .conflict(
                "reportingClosed", "Reporting closed at \(closesAt); ask the coordination office.")
        }
    }

    /// Whether the report comes after the day it was due.
    var isLate: Bool { facts.campaign?.dueAt.map { now > $0 } ?? false }

    private func referenceFaults() -> [Fault] {
        var faults: [Fault] = []
        if facts.campaign == nil {
            faults.append(Fault("/campaign", "unknownCampaign", "There is no such campaign."))
        }
        switch facts.organisation?.membership {
        case nil:
            faults.append(
                Fault(
                    "/organisation", "unknownOrganisation", "There is no such organisation.")
            )
        case .suspended, .left:
            faults.append(
                Fault(
                    "/organisation", "notMember", "The organisation is not an active member of the network."))
        case .applied where !facts.isEnrolled:
            faults.append(
                Fault(
                    "/organisation", "notEnrolled",
                    "The organisation has applied but is no member yet; a coordinator can enrol it."))
        case .applied, .active: break
        }
        if let activity = input.activity, !facts.hasActivity {
            faults.append(Fault("/activity", "unknownActivity", "There is no activity \(activity.text)."))
        }
        if let servicePoint = input.servicePoint, !facts.hasServicePoint {
            faults.append(
                Fault("/servicePoint", "unknownServicePoint", "There is no service point \(servicePoint)."))
        }
        return faults
    }

    private func measureFaults() -> [Fault] {
        var faults: [Fault] = []
        if let measures = facts.campaign?.measures, !measures.contains(input.measure) {
            let accepted = measures.map(\.rawValue).joined(separator: ", ")
            faults.append(Fault("/measure", "measureNotAccepted", "The campaign counts \(accepted)."))
        }
        if input.measure == .newlyIncluded, input.evidence == nil {
            faults.append(
                Fault(
                    "/evidence", "evidenceMissing",
                    "newlyIncluded needs it: selfAssessed, guideAssessed or estimated."))
        }
        return faults
    }

    private func periodFaults() -> [Fault] {
        if input.from > input.to {
            return [Fault("/to", "periodReversed", "Must not be before from, \(input.from).")]
        }
        guard let campaign = facts.campaign else { return [] }
        var faults: [Fault] = []
        let (first, last) = (campaign.startsOn, campaign.endsOn)
        if input.from < first || input.to > last {
            let pointer = input.from < first ? "/from" : "/to"
            faults.append(
                Fault(pointer, "periodOutsideCampaign", "The campaign goes from \(first) to \(last)."))
        }
        if input.to > campaign.today {
            faults.append(Fault("/to", "periodInFuture", "Must not be after today, \(campaign.today)."))
        }
        return faults
    }

    private func areaFaults() -> [Fault] {
        guard let country = facts.country else {
            return [Fault("/area", "unknownArea", "There is no such area; see /v1/areas.")]
        }
        guard let countries = facts.campaign?.countries, !countries.contains(country) else { return [] }
        let names = countries.map(\.rawValue).joined(separator: ", ")
        return [Fault("/area", "areaOutsideCampaign", "The campaign goes on in \(names).")]
    }
}
