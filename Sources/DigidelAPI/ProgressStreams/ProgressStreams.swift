import EventLoop
import Foundation
import HTTP
import Synchronization

/// The live streams of goals' progress that this instance serves, shared by its lanes.
///
/// What has changed is read once, by the `ProgressFeed` of the goal and language, however many clients there are; each
/// lane's `ProgressAudience` writes it to its own clients.
package final class ProgressStreams: Sendable {
    /// How often something happens.
    package struct Pace: Sendable {
        /// Between two comments that keep a connection alive.
        package var heartbeat: Duration = .seconds(15)
        /// Between two events of one goal at least: what changes meanwhile is told together.
        package var events: Duration = .milliseconds(100)
        /// Until the progress is read although nobody has told of a change: the notice may have been lost, or the day
        /// have ended. Seldom, since as many goals as there are may be streamed and idle.
        package var rereads: Duration = .seconds(5)

        /// The defaults.
        package init() {}
    }

    private struct Entry {
        let feed: ProgressFeed
        /// What the feed has published last.
        var event: ProgressEvent?
        /// One for each lane that has clients.
        var audiences: [ProgressAudience] = []
    }

    private struct State {
        var entries: [ProgressFeed.Key: Entry] = [:]
        var perKey: [UUID?: Int] = [:]
    }

    let pace: Pace
    private let mostPerKey: Int
    private let state = Mutex(State())
    private let clients = Atomic<Int>(0)
    private let events = Atomic<Int>(0)

    /// No streams yet; a key may have so many.
    package init(perKey: Int = 100, pace: Pace = Pace()) {
        mostPerKey = perKey
        self.pace = pace
    }

    // MARK: What becomes old

    /// A change to a campaign's figures is committed; nil stands for any campaign.
    func changed(_ campaign: String?) {
        let feeds = state.withLock { $0.entries.values.map(\.feed) }
        for feed in feeds { feed.changed(campaign) }
    }

    /// Keys have changed: whoever sees drafts has to show that he still may, by connecting again.
    func keysChanged() {
        let feeds = state.withLock { $0.entries.values.map(\.feed) }
        for feed in feeds where feed.key.showsDrafts { end(feed) }
    }

    // MARK: Feeds and audiences

    /// The audience that a client belongs to, which has been told what the feed has published. Call on the client's lane.
    func audience(for start: ProgressSubscription.Start) -> ProgressAudience {
        state.withLock { state in
            var entry = state.entries[start.key] ?? Entry(feed: ProgressFeed(for: start, in: self))
            defer { state.entries[start.key] = entry }
            if let audience = entry.audiences.first(where: { $0.lane === start.lane }) { return audience }
            let audience = ProgressAudience(
                of: entry.feed, in: self, on: start.lane, event: entry.event ?? ProgressEvent(start.answer))
            entry.audiences.append(audience)
            return audience
        }
    }

    /// The last client of an audience has gone.
    func close(_ audience: ProgressAudience) {
        let feed = audience.feed
        state.withLock { state in
            guard state.entries[feed.key]?.feed === feed else { return }
            state.entries[feed.key]?.audiences.removeAll { $0 === audience }
            if state.entries[feed.key]?.audiences.isEmpty == true { state.entries[feed.key] = nil }
        }
    }

    /// Whether anybody listens to the feed.
    func isHeard(_ feed: ProgressFeed) -> Bool {
        state.withLock { $0.entries[feed.key]?.feed === feed }
    }

    /// Has all clients of a feed told.
    func publish(_ event: ProgressEvent, by feed: ProgressFeed) {
        let audiences = state.withLock { state in
            guard state.entries[feed.key]?.feed === feed else { return [ProgressAudience]() }
            state.entries[feed.key]?.event = event
            return state.entries[feed.key]?.audiences ?? []
        }
        for audience in audiences { audience.lane.async { audience.tell(event) } }
    }

    /// Ends all streams of a feed.
    func end(_ feed: ProgressFeed) {
        let audiences = state.withLock { state in
            guard state.entries[feed.key]?.feed === feed else { return [ProgressAudience]() }
            return state.entries.removeValue(forKey: feed.key)?.audiences ?? []
        }
        for audience in audiences { audience.lane.async { audience.end() } }
    }

    // MARK: Places and figures

    /// Takes a place for a stream of that caller, until `leave`; throws `.tooManyRequests` when his key has as many as one
    /// may have.
    func enter(_ caller: Caller?) throws(APIError) {
        guard let caller else { return }
        let isFree = state.withLock { state in
            guard state.perKey[caller.key, default: 0] < mostPerKey else { return false }
            state.perKey[caller.key, default: 0] += 1
            return true
        }
        guard isFree else {
            var error = APIError(
                .tooManyRequests,
                "This key has \(mostPerKey) streams open already; close some, share one among your readers, or poll."
            )
            error.fields.add("Retry-After", "60")
            error.limit = .streamsPerKey
            throw error
        }
    }

    /// Gives the place back.
    func leave(_ caller: Caller?) {
        guard let caller else { return }
        state.withLock { state in
            let count = state.perKey[caller.key, default: 0]
            state.perKey[caller.key] = count > 1 ? count - 1 : nil
        }
    }

    /// A client has come, or gone.
    func count(clients change: Int) {
        clients.wrappingAdd(change, ordering: .relaxed)
    }

    /// Events have been sent.
    func count(events count: Int) {
        events.wrappingAdd(count, ordering: .relaxed)
    }

    /// Streams that are open now.
    package var clientCount: Int { clients.load(ordering: .relaxed) }
    /// Events that have been sent so far.
    var eventCount: Int { events.load(ordering: .relaxed) }
    /// Goals and languages that are streamed now.
    var feedCount: Int { state.withLock { $0.entries.count } }
}
