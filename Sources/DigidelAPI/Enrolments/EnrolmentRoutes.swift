import HTTP
import Postgres

extension App {
    func listEnrolments(_ call: Call) async throws -> Response {
        guard try await visibleCampaign(call) != nil else { throw APIError.notFound("campaign") }
        return try await list(EnrolmentFilter.self, call)
    }

    func showEnrolment(_ call: Call) async throws -> Response {
        guard try await visibleCampaign(call) != nil else { throw APIError.notFound("campaign") }
        return try call.show(try await enrolment(call), called: "enrolment")
    }

    /// 201 with a new enrolment, 200 with one that was there (decisions.md, 43).
    func putEnrolment(_ call: Call) async throws -> Response {
        let campaign = try await campaignToEnrol(call)
        let organisation = call.parameter("organisation")
        guard try await database.organisation(id: organisation) != nil else {
            throw APIError.notFound("organisation")
        }
        let current = try await enrolment(call)
        try call.checkConditions(onStored: current)
        var body = try call.body()
        let input = try EnrolmentInput(&body)
        try personalDataFaults(.at("/exemptReason", input.exemptReason)).check()
        if let current, input.isSame(as: current) { return try call.answer(.ok, current) }
        let enrolled = try await database.enrol(
            organisation, in: campaign.id, input, on: campaign.today(at: call.now))
        await changed(campaign.id)
        return current == nil ? try call.created(enrolled) : try call.changed(enrolled)
    }

    func deleteEnrolment(_ call: Call) async throws -> Response {
        var query = try call.query()
        try query.finish()
        let campaign = try await campaignToEnrol(call)
        guard let current = try await enrolment(call) else { throw APIError.notFound("enrolment") }
        try call.checkConditions(on: current)
        let deleted = try await database.unenrol(current.organisation, from: campaign.id)
        guard let deleted else { throw APIError.notFound("enrolment") }
        await changed(campaign.id)
        return try call.answer(.ok, deleted)
    }

    private func enrolment(_ call: Call) async throws -> Enrolment? {
        try await database.enrolment(of: call.parameter("organisation"), in: call.parameter("id"))
    }

    /// The campaign in the path. Throws `.notFound`, and `.conflict` when its figures, completeness among them, are final.
    private func campaignToEnrol(_ call: Call) async throws -> Campaign {
        guard let campaign = try await visibleCampaign(call) else { throw APIError.notFound("campaign") }
        guard campaign.state != .locked else {
            throw APIError.conflict(
                "campaignLocked", "The campaign's figures are final, and who takes part is one of them.")
        }
        return campaign
    }
}
