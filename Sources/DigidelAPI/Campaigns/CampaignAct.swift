/// What is done to a campaign by an act and not by the clock (domain.md, section 2; decisions.md, 2 and 55).
enum CampaignAct {
    /// Shows a draft to everybody.
    case announce
    /// Makes the figures final.
    case lock
    /// Ends it; it takes no counts any more.
    case cancel
}

extension Campaign {
    /// Throws `.conflict` when the campaign, as it is now, cannot be what the act makes of it.
    func checkDone(_ act: CampaignAct) throws(APIError) {
        switch (act, state) {
        case (.announce, .cancelled), (.lock, .cancelled):
            throw .conflict("campaignNotOpen", "The campaign was cancelled.")
        case (.lock, .draft):
            throw .conflict("campaignNotOpen", "The campaign is a draft; announce it first.")
        case (.cancel, .locked):
            throw .conflict("campaignLocked", "The campaign's figures are final.")
        default: break
        }
    }
}
