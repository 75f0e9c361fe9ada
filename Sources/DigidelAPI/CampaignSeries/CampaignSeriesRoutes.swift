import HTTP

extension App {
    func listCampaignSeries(_ call: Call) async throws -> Response {
        try await list(CampaignSeriesFilter.self, call)
    }

    func showCampaignSeries(_ call: Call) async throws -> Response {
        try call.show(try await database.campaignSeries(id: call.parameter("id")), called: "campaign series")
    }

    func createCampaignSeries(_ call: Call) async throws -> Response {
        var body = try call.body()
        let id = body.slug("id")
        let input = try CampaignSeriesInput(&body)
        try await check(input)
        return try call.created(
            try await database.createCampaignSeries(id: try newID(id, from: input.name), input))
    }

    /// PUT and PATCH.
    func changeCampaignSeries(_ call: Call) async throws -> Response {
        let current = try await database.campaignSeries(id: call.parameter("id"))
        let series = try call.changeable(current, called: "campaign series")
        var body = try call.replacement(for: series)
        let input = try CampaignSeriesInput(&body)
        try await check(input)
        return try call.changed(try await database.updateCampaignSeries(series, input))
    }
}
