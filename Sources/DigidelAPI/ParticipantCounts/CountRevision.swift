import Foundation
import Postgres

/// A revision of a count that is to be recorded: the whole content, and who says so.
struct CountRevision: Sendable {
    let id: UUID
    /// 1 for a new count, else one more than the revision that it follows.
    let revision: Int
    let content: ParticipantCountInput
    let status: ParticipantCount.Status
    let late: Bool
    let reason: RevisionReason?
    /// The organisation's, as it is now.
    let kind: Organisation.Kind
    let author: CountAuthor
    /// The campaign's revision that the rules were asked about: if it has another by now, nothing is recorded.
    let campaignRevision: Int
    /// The organisation's, in the same way.
    let organisationRevision: Int
    /// Whether the organisation is known to take part in the campaign; else recording enrols it.
    var isEnrolled: Bool
    /// The day by the campaign's calendar, on which an organisation enrols itself by reporting.
    let today: CalendarDate

    /// The same, enrolling the organisation even if it is known to take part.
    var enrolling: CountRevision {
        var revision = self
        revision.isEnrolled = false
        return revision
    }

    /// What becomes of the count when it is recorded at that instant.
    func recorded(at instant: Instant) -> ParticipantCount {
        ParticipantCount(
            uuid: id, content: content, status: status, late: late, recordedAt: instant,
            currentRevision: revision)
    }
}

/// By whom and in which request a revision is made.
struct CountAuthor: Sendable {
    /// Nil for the set-up key.
    let key: UUID?
    /// See `Trace.traceID`.
    let traceID: String
}

/// What came of recording a revision.
enum CountOutcome: Sendable {
    case recorded(ParticipantCount)
    /// The externalId, or the number of the revision, is taken, or the campaign or the organisation has changed since the
    /// rules were asked.
    case notRecorded

    /// The count as it is recorded.
    var recorded: ParticipantCount? {
        if case .recorded(let count) = self { count } else { nil }
    }
}
