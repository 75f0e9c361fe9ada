import Foundation
import HTTP
import Postgres

extension App {
    func listParticipantCounts(_ call: Call) async throws -> Response {
        var query = try call.query()
        let filter = ParticipantCountFilter(&query, caller: try call.identified)
        let list = ListInput(&query, ParticipantCountFilter.sorting)
        try query.finish()
        return try call.answer(try await database.participantCounts(filter, list), list)
    }

    /// Another organisation's count is not there for a partner.
    func showParticipantCount(_ call: Call) async throws -> Response {
        let caller = try call.identified
        guard let id = UUID(uuidString: call.parameter("id")) else {
            throw APIError.notFound("participant count")
        }
        let count = try await database.participantCount(id: id)
        return try call.show(
            count.flatMap { caller.mayWrite(for: $0.content.organisation) ? $0 : nil },
            called: "participant count")
    }

    func createParticipantCount(_ call: Call) async throws -> Response {
        let caller = try call.identified
        var body = try call.body()
        let input = try ParticipantCountInput(&body)
        guard let facts = try await database.countFacts(input, at: call.now) else {
            throw APIError(.internalError, "Nothing is known of the count's campaign.")
        }
        let rules = CountRules(input: input, facts: facts, caller: caller, now: call.now)
        try rules.checkCaller()
        let refusal = rules.refusal()
        if refusal == nil, let created = try await store(input, rules) {
            await changed(input.campaign)
            return try call.created(created)
        }
        // What was taken once is answered the same whatever the rules say today: resending is always safe.
        guard let externalID = input.externalID,
            let stored = try await database.participantCount(
                organisation: input.organisation, externalID: externalID)
        else { throw refusal ?? APIError(.internalError, "The count was neither stored nor found.") }
        return try call.resent(input, stored: stored, refusal: refusal)
    }

    /// Nil when the externalId is taken.
    private func store(_ input: ParticipantCountInput, _ rules: CountRules) async throws -> ParticipantCount?
    {
        guard let kind = rules.facts.organisationKind, let campaign = rules.facts.campaign else { return nil }
        return try await database.createParticipantCount(
            input, kind: kind, isLate: rules.isLate, actor: rules.caller.key,
            on: campaign.today(at: rules.now))
    }
}

extension Call {
    /// A report under an externalId that is taken: 200 with what is stored when it says the same, else the rule that
    /// it breaks, else 409.
    fileprivate func resent(
        _ input: ParticipantCountInput, stored: ParticipantCount, refusal: APIError?
    ) throws(APIError) -> Response {
        if stored.content == input, stored.status == .accepted { return try answer(.ok, stored) }
        if let refusal { throw refusal }
        let detail =
            stored.status == .withdrawn
            ? "The count with this externalId was withdrawn; report under another externalId."
            : "The externalId belongs to a count with other content; correct that one with PUT, or choose another externalId."
        var error = APIError.conflict("externalIdTaken", detail, pointer: "/externalId")
        error.existing = .init(id: stored.id, revision: stored.currentRevision, path: stored.path)
        throw error
    }
}
