import Foundation
import HTTP
import Synchronization

/// Public answers of the last seconds, to be given again without a task and without SQL.
///
/// A change makes them forgotten once it is committed: on this instance before its own answer is sent, on the others
/// when PostgreSQL tells them (`Caches`). Should such a notice be lost, an answer is read anew after a second all
/// the same.
final class AnswerCache: Sendable {
    /// What was asked: a path without a query, and the language of the answer.
    struct Key: Hashable {
        let path: String
        let language: Language
    }

    /// A point in the order of changes.
    struct ReadPoint {
        fileprivate let changes: Int
    }

    /// After this an answer is read anew, by the first who asks; the others go on getting the one there is.
    static let refreshMicroseconds = 1_000_000
    /// After this it is not given any more, even if the database cannot be read.
    static let lifeMicroseconds = 5_000_000
    /// Answers are few, as goals are; whoever asks for goals in many spellings of their path gains nothing.
    private static let capacity = 1000

    /// One answer and how long it is good.
    private struct Entry {
        let answer: KeptAnswer
        /// Whose changes change it; nil for one that every campaign's changes may change.
        let campaign: String?
        let since: Instant
        var refreshAt: Instant
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// How many changes there have been, and which was the last of each campaign.
        var changes = 0
        var lastChange: [String: Int] = [:]
        var lastOfAll = 0
    }

    private let state = Mutex(State())

    /// The answer, if there is one that is good.
    func answer(for key: Key, at now: Instant) -> KeptAnswer? {
        state.withLock { state in
            guard let entry = state.entries[key],
                (entry.since.microseconds..<entry.since.microseconds + Self.lifeMicroseconds)
                    .contains(now.microseconds)
            else { return nil }
            if entry.refreshAt <= now {
                state.entries[key]?.refreshAt = now.advanced(microseconds: Self.refreshMicroseconds)
                return nil
            }
            return entry.answer
        }
    }

    /// Take it before reading what an answer is made of.
    var readPoint: ReadPoint { ReadPoint(changes: state.withLock { $0.changes }) }

    /// Keeps an answer made of what was read since `readPoint`, unless that has changed meanwhile.
    func keep(
        _ answer: KeptAnswer, for key: Key, campaign: String?, since readPoint: ReadPoint, at now: Instant
    ) {
        state.withLock { state in
            let lastChange = campaign.map { state.lastChange[$0] ?? 0 } ?? state.changes
            guard max(lastChange, state.lastOfAll) <= readPoint.changes else { return }
            if state.entries.count >= Self.capacity { state.entries.removeAll() }
            state.entries[key] = Entry(
                answer: answer, campaign: campaign, since: now,
                refreshAt: now.advanced(microseconds: Self.refreshMicroseconds))
        }
    }

    /// Something of a campaign has changed and is committed.
    func campaignChanged(_ campaign: String) {
        state.withLock { state in
            state.changes += 1
            state.lastChange[campaign] = state.changes
            state.entries = state.entries.filter { $0.value.campaign.map { $0 != campaign } ?? false }
        }
    }

    /// How many answers are kept.
    var count: Int { state.withLock { $0.entries.count } }

    /// Anything may have changed.
    func clear() {
        state.withLock { state in
            state.changes += 1
            state.lastOfAll = state.changes
            state.lastChange.removeAll()
            state.entries.removeAll()
        }
    }
}

/// A public answer in both its forms, complete but for the trace.
final class KeptAnswer: Sendable {
    private let etag: EntityTag
    private let full: Response
    private let notModified: Response

    /// Both forms of an answer; they have all their fields but `traceparent`.
    init(_ etag: EntityTag, full: Response, notModified: Response) {
        self.etag = etag
        self.full = full
        self.notModified = notModified
    }

    /// The form that a request's conditions ask for; nil when they do not hold.
    func response(to request: Request) -> Response? {
        switch Preconditions(request).outcome(for: etag) {
        case .proceed: full
        case .notModified: notModified
        case .failed: nil
        }
    }
}
