import Foundation
import Postgres

/// Why a count was corrected (domain.md, section 3).
enum CorrectionReason: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
    case typo, lateData, doubleCount, scope, definition, withdrawal, other
}

/// A revision of a count that is to be recorded: the whole content, and who says so.
struct CountRevision: Sendable {
    let id: UUID
    /// 1 for a new count, else one more than the revision that it follows.
    let revision: Int
    let content: ParticipantCountInput
    let status: ParticipantCount.Status
    let late: Bool
    let reason: CorrectionReason?
    /// The organisation's, as it is now.
    let kind: Organisation.Kind
    let author: CountAuthor
    /// The campaign's revision that the rules were asked about: if it has another by now, nothing is recorded.
    let campaignRevision: Int
    /// The day by the campaign's calendar, on which an organisation enrols itself by reporting.
    let today: CalendarDate

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
    /// The externalId, or the number of the revision, is taken.
    case taken
    /// The campaign has changed since the rules were asked; ask them again.
    case campaignChanged
}
