import Foundation
import Postgres

/// Takes reports, one or many, as if they had come one after another: asks the rules, records what keeps them, and
/// compares with what is stored under the same externalId.
struct CountIntake {
    /// What a report comes to.
    enum Outcome: Sendable {
        case created(ParticipantCount)
        case revised(ParticipantCount)
        /// It says what is stored, or was to be skipped.
        case unchanged(ParticipantCount)
        case rejected(APIError)
    }

    var app: App
    let caller: Caller
    let author: CountAuthor
    let now: Instant
    /// What to do with a report whose externalId belongs to a count with other content.
    var onExisting = BatchOptions.Existing.fail
    /// Why a stored count is revised, or one is reported after the campaign was locked.
    var reason: RevisionReason?

    /// A report on its way.
    private struct Report {
        let index: Int
        let input: ParticipantCountInput
        /// The count that it is to revise.
        var stored: ParticipantCount?
        /// The rules were asked about facts just read, not about those that are kept.
        var isJudgedAnew = false
        /// What kept it from being recorded was not that its externalId was met for the first time.
        var isTriedAgain = false
    }

    /// One outcome per report, in their order. Throws what the database throws; what was recorded by then stays.
    func take(_ inputs: [ParticipantCountInput]) async throws -> [Outcome] {
        var outcomes: [Int: Outcome] = [:]
        var reports = inputs.enumerated().map { Report(index: $0, input: $1) }
        // Most need one round; another one when a campaign or a count has just been changed by somebody else.
        while !reports.isEmpty { reports = try await round(reports, &outcomes) }
        return inputs.indices.compactMap { outcomes[$0] }
    }

    /// Tries to get every report its outcome; returns those that need another round. Of those under one externalId the
    /// first comes first, and the others see what it has become.
    private func round(_ waiting: [Report], _ outcomes: inout [Int: Outcome]) async throws -> [Report] {
        let (reports, others) = firstOfEachKey(waiting)
        var next = others
        // What a transaction sees may be undone, and nobody else sees it.
        let cache = app.isInTransaction ? FactCache() : app.caches.facts
        let facts = try await app.database.facts(for: reports.map(\.input), at: now, cache)
        var kept: [(report: Report, revision: CountRevision)] = []
        var colliding: [(report: Report, refusal: APIError?)] = []
        for (report, facts) in zip(reports, facts) {
            let rules = CountRules(
                input: report.input, facts: facts, caller: caller, now: now, reason: reason)
            do throws(APIError) {
                try rules.checkCaller()
            } catch {
                outcomes[report.index] = .rejected(error)
                continue
            }
            do throws(APIError) {
                kept.append((report, try revision(report, rules)))
            } catch {
                colliding.append((report, error))
            }
        }
        for ((report, revision), outcome) in zip(kept, try await record(kept.map(\.revision))) {
            switch outcome {
            case .recorded(let count):
                outcomes[report.index] = revision.revision == 1 ? .created(count) : .revised(count)
            case .notRecorded: colliding.append((report, nil))
            }
        }
        let keys = colliding.compactMap(\.report.input.reporterKey)
        let stored = try await app.database.participantCounts(reportedAs: keys)
        for (report, refusal) in colliding {
            let count = report.input.reporterKey.flatMap { stored[$0] }
            if let outcome = compare(report, count, refusal) {
                outcomes[report.index] = outcome
            } else {
                next.append(again(report, count, isRefused: refusal != nil))
            }
        }
        // Another round was not needed because of the facts if an externalId was met for the first time.
        if next.contains(where: { $0.isJudgedAnew || $0.isTriedAgain }) { cache.clear() }
        return next.sorted { $0.index < $1.index }
    }

    /// Records what the rules allow.
    private func record(_ revisions: [CountRevision]) async throws(PostgresError) -> [CountOutcome] {
        do {
            return try await app.record(revisions)
        } catch
            where error.constraint == "participant_counts_enrolled" && !app.isInTransaction
            && revisions.allSatisfy({ $0.revision == 1 })
        {
            // An enrolment was taken back a moment ago: ask the rules again, about facts that are read again.
            return revisions.map { _ in .notRecorded }
        }
    }

    private func firstOfEachKey(_ reports: [Report]) -> (first: [Report], others: [Report]) {
        var keys: Set<ReporterKey> = []
        var (first, others): ([Report], [Report]) = ([], [])
        for report in reports {
            let isFirst = report.input.reporterKey.map { keys.insert($0).inserted } ?? true
            if isFirst { first.append(report) } else { others.append(report) }
        }
        return (first, others)
    }

    /// What is to be recorded; throws what the rules have against it.
    private func revision(_ report: Report, _ rules: CountRules) throws(APIError) -> CountRevision {
        try rules.check()
        let isLocked = rules.facts.campaign?.state == .locked
        return try rules.revision(
            of: report.stored, author: author,
            reason: report.stored == nil ? (isLocked ? reason : nil) : reason ?? .other)
    }

    /// The outcome of a report that the rules refuse, or whose externalId is taken; nil when it needs another round.
    private func compare(_ report: Report, _ stored: ParticipantCount?, _ refusal: APIError?) -> Outcome? {
        // What was taken once is answered the same whatever the rules say today: resending is always safe.
        if let stored, stored.content == report.input, stored.status == .accepted {
            return .unchanged(stored)
        }
        if let refusal { return report.isJudgedAnew ? .rejected(refusal) : nil }
        guard let stored else { return nil }
        if stored.status == .withdrawn { return .rejected(.taken(by: stored)) }
        switch onExisting {
        case .fail: return .rejected(.taken(by: stored))
        case .skip: return .unchanged(stored)
        case .revise:
            let faults = stored.content.fixedFaults(in: report.input)
            return faults.isEmpty ? nil : .rejected(.ruleBroken(faults))
        }
    }

    private func again(_ report: Report, _ stored: ParticipantCount?, isRefused: Bool) -> Report {
        var report = report
        if isRefused {
            report.isJudgedAnew = true
        } else {
            report.isTriedAgain = stored == nil || report.stored != nil
            report.stored = stored
        }
        return report
    }
}

extension CountRules {
    /// The revision that the count gets by this: its first one, or the one after `stored`. A correction makes no report
    /// late that was in time.
    func revision(
        of stored: ParticipantCount?, status: ParticipantCount.Status = .accepted, author: CountAuthor,
        reason: RevisionReason?
    ) throws(APIError) -> CountRevision {
        guard let campaign = facts.campaign, let organisation = facts.organisation else {
            throw APIError(.internalError, "Nothing is known of the count's campaign or organisation.")
        }
        return CountRevision(
            id: stored?.uuid ?? .version7(), revision: (stored?.currentRevision ?? 0) + 1, content: input,
            status: status, late: stored?.late ?? isLate, reason: reason, kind: organisation.kind,
            author: author,
            campaignRevision: campaign.revision, organisationRevision: organisation.revision,
            isEnrolled: facts.isEnrolled, today: campaign.today)
    }
}

extension APIError {
    /// 409: the externalId belongs to another count.
    fileprivate static func taken(by stored: ParticipantCount) -> APIError {
        let detail =
            stored.status == .withdrawn
            ? "The count with this externalId was withdrawn; report under another externalId."
            : "The externalId belongs to a count with other content; correct that one with PUT, or choose another externalId."
        var error = APIError.conflict("externalIdTaken", detail, pointer: "/externalId")
        error.existing = .init(id: stored.id, revision: stored.currentRevision, path: stored.path)
        return error
    }
}
