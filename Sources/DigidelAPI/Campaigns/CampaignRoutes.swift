import HTTP
import Postgres

extension App {
    func listCampaigns(_ call: Call) async throws -> Response {
        try await list(CampaignFilter.self, call)
    }

    func showCampaign(_ call: Call) async throws -> Response {
        try call.show(try await visibleCampaign(call), called: "campaign")
    }

    func createCampaign(_ call: Call) async throws -> Response {
        var body = try call.body()
        let givenID = body.slug("id")
        let isDraft = body.bool("draft") ?? false
        let input = try CampaignInput(&body)
        let id = try newID(givenID, from: input.name)
        try await check(input, id: id)
        let campaign = try await database.createCampaign(
            id: id, input, isDraft: isDraft, at: call.now)
        await changed(id)
        return try call.created(campaign)
    }

    /// PUT and PATCH.
    func changeCampaign(_ call: Call) async throws -> Response {
        let current = try await database.campaign(id: call.parameter("id"), at: call.now)
        let campaign = try call.changeable(current, called: "campaign")
        var body = try call.replacement(for: campaign)
        let input = try CampaignInput(&body)
        try await check(input, id: campaign.id)
        guard try await !database.hasCountsOutside(campaign, input) else {
            throw APIError.conflict(
                "periodOutsideCampaign",
                "Counts are stored that lie outside these dates, measures or countries; widen them or correct the counts."
            )
        }
        let updated = try await database.updateCampaign(campaign, input, at: call.now)
        await changed(campaign.id)
        return try call.changed(updated)
    }

    func announceCampaign(_ call: Call) async throws -> Response { try await perform(.announce, call) }
    func lockCampaign(_ call: Call) async throws -> Response { try await perform(.lock, call) }
    func cancelCampaign(_ call: Call) async throws -> Response { try await perform(.cancel, call) }

    /// 200 with the campaign, also when the act was done before.
    private func perform(_ act: CampaignAct, _ call: Call) async throws -> Response {
        try call.checkNoContent()
        let id = call.parameter("id")
        if let campaign = try await database.perform(act, on: id, at: call.now) {
            await changed(id)
            return try call.answer(.ok, campaign)
        }
        guard let campaign = try await database.campaign(id: id, at: call.now) else {
            throw APIError.notFound("campaign")
        }
        try campaign.checkDone(act)
        return try call.answer(.ok, campaign)
    }

    /// The campaign in the path; nil when there is none, and for a draft that the caller may not know of.
    func visibleCampaign(_ call: Call) async throws -> Campaign? {
        let campaign = try await database.campaign(id: call.parameter("id"), at: call.now)
        return campaign?.announcedAt != nil || call.showsDrafts ? campaign : nil
    }

    private func check(_ input: CampaignInput, id: String) async throws {
        try (input.ruleFaults(id: id) + (try await database.faults(in: input.references))).check()
    }
}
