import Foundation
import HTTP
import Postgres

extension App {
    func listParticipantCounts(_ call: Call) async throws -> Response {
        try await list(ParticipantCountFilter.self, call)
    }

    func showParticipantCount(_ call: Call) async throws -> Response {
        try call.show(try await visibleCount(call), called: "participant count")
    }

    func listCountRevisions(_ call: Call) async throws -> Response {
        guard try await visibleCount(call) != nil else { throw APIError.notFound("participant count") }
        return try await list(RevisionFilter.self, call)
    }

    /// A report by POST: 201, or 200 when it is there already with the same content.
    func createParticipantCount(_ call: Call) async throws -> Response {
        do {
            return try await takeReport(call)
        } catch let error as APIError {
            // Nothing is committed by it, so that nothing is waited for.
            metrics.record([.rejected: 1])
            throw error
        }
    }

    private func takeReport(_ call: Call) async throws -> Response {
        let caller = try call.identified
        var body = try call.body()
        let reason: RevisionReason? = body.choice("reason")
        let input = try ParticipantCountInput(&body)
        let intake = CountIntake(
            app: self, caller: caller, author: call.countAuthor, now: call.now, reason: reason)
        switch try await intake.take([input]).first {
        case .created(let count), .revised(let count):
            tally([.created: 1])
            return try call.created(count)
        case .unchanged(let count):
            tally([.unchanged: 1])
            return try call.answer(.ok, count)
        case .rejected(let error): throw error
        case nil: throw APIError(.internalError, "The count was neither stored nor refused.")
        }
    }

    /// A correction by PUT: a new revision, unless it says what is stored.
    func replaceParticipantCount(_ call: Call) async throws -> Response {
        let count = try call.changeable(try await visibleCount(call), called: "participant count")
        var body = try call.body()
        body.ignore("id", "revision", "status", "late", "recordedAt", "_links")
        let reason: RevisionReason? = body.choice("reason")
        let input = try ParticipantCountInput(&body)
        try count.content.fixedFaults(in: input).check()
        if count.status == .withdrawn {
            throw APIError.conflict("countWithdrawn", "The count was withdrawn; report a new one.")
        }
        if count.content == input {
            tally([.unchanged: 1])
            return try call.answer(.ok, count)
        }
        return try await correct(count, to: input, call, reason) { rules throws(APIError) in
            try rules.check()
            return try rules.revision(of: count, author: call.countAuthor, reason: reason ?? .other)
        }
    }

    /// A withdrawal by DELETE: a last revision, which does not count.
    func withdrawParticipantCount(_ call: Call) async throws -> Response {
        let count = try call.changeable(try await visibleCount(call), called: "participant count")
        var query = try call.query()
        let given: RevisionReason? = query.choice("reason")
        try query.finish()
        if count.status == .withdrawn { return try call.answer(.ok, count) }
        return try await correct(count, to: count.content, call, given) { rules throws(APIError) in
            try rules.checkCampaign()
            return try rules.revision(
                of: count, status: .withdrawn, author: call.countAuthor, reason: given ?? .withdrawal)
        }
    }

    /// Records the revision that `judge` makes of the rules. Throws `.stale` when another revision came first.
    private func correct(
        _ count: ParticipantCount, to input: ParticipantCountInput, _ call: Call, _ reason: RevisionReason?,
        judge: (CountRules) throws(APIError) -> CountRevision
    ) async throws -> Response {
        let caller = try call.identified
        while true {
            for facts in try await database.facts(for: [input], at: call.now, FactCache()) {
                let rules = CountRules(
                    input: input, facts: facts, caller: caller, now: call.now, reason: reason)
                try rules.checkCaller()
                switch try await record([try judge(rules)]).first {
                case .recorded(let revised):
                    tally([revised.status == .withdrawn ? .withdrawn : .revised: 1])
                    return try call.answer(.ok, revised)
                case .notRecorded, nil:
                    // The campaign or the organisation has changed, or the count has.
                    let current = try await database.participantCount(id: count.uuid)
                    guard current?.currentRevision == count.currentRevision else { throw APIError.stale }
                }
            }
        }
    }

    /// The count that the path names; another organisation's is not there for a partner.
    private func visibleCount(_ call: Call) async throws -> ParticipantCount? {
        let caller = try call.identified
        guard let id = call.uuid("id") else { return nil }
        let count = try await database.participantCount(id: id)
        return count.flatMap { caller.mayWrite(for: $0.content.organisation) ? $0 : nil }
    }
}

extension Call {
    /// Who records in this request.
    var countAuthor: CountAuthor { CountAuthor(key: caller?.key, traceID: trace.traceID) }
}
