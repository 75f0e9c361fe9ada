import HTTP
import Postgres

extension App {
    func listCampaigns(_ call: Call) async throws -> Response {
        var query = try call.query()
        let filter = CampaignFilter(&query, now: call.now)
        let list = ListInput(&query, CampaignFilter.sorting(now: call.now))
        try query.finish()
        return try call.answer(try await database.campaigns(filter, list, at: call.now), list)
    }

    func showCampaign(_ call: Call) async throws -> Response {
        try call.show(try await database.campaign(id: call.parameter("id"), at: call.now), called: "campaign")
    }

    func createCampaign(_ call: Call) async throws -> Response {
        var body = try call.body()
        let givenID = body.slug("id")
        let input = try CampaignInput(&body)
        let id = try newID(givenID, from: input.name)
        try await check(input, id: id)
        let campaign = try await database.createCampaign(id: id, input, at: call.now)
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

    private func check(_ input: CampaignInput, id: String) async throws {
        try (input.ruleFaults(id: id) + (try await database.faults(in: input.references))).check()
    }
}
