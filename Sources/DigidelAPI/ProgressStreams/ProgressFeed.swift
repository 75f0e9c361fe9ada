import EventLoop
import Synchronization

/// What the streams of one goal in one language have in common: it reads the progress when that may have changed, and has
/// it told if it has. It lives on the lane of its first client, as long as there are any on any lane.
actor ProgressFeed {
    /// What is streamed.
    struct Key: Hashable {
        let goal: String
        /// Nil for all.
        let language: Language?
        let showsDrafts: Bool
    }

    /// Reads the progress as a poll would have it now.
    typealias Read = @Sendable () async throws -> ProgressAnswer

    private struct Notice {
        /// Whose changes are changes of the goal; nil when every campaign's may be.
        var campaign: String?
        /// The feed has been told of a change and has not begun to read.
        var isPending = false
    }

    nonisolated let key: Key
    nonisolated let lane: Lane
    nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }

    /// How long whoever sees drafts is believed to be allowed to.
    private static let draftLifetime: Duration = .seconds(60)

    private let began = MonotonicTime.now
    private let streams: ProgressStreams
    private let read: Read
    private let log: Log
    private let notice: Mutex<Notice>
    private var published: ProgressEvent?
    private var isReading = false
    /// Something has changed since the reading began.
    private var isStale = false
    private var readAt: MonotonicTime?
    /// The last reading failed, and that has been logged.
    private var isFailing = false
    private var timer: Timer?

    /// The feed of its first client, which begins to read at once.
    init(for start: ProgressSubscription.Start, in streams: ProgressStreams) {
        key = start.key
        lane = start.lane
        read = start.read
        log = start.log
        notice = Mutex(Notice(campaign: start.answer.campaign))
        self.streams = streams
        changed(nil)
    }

    /// A change to a campaign's figures is committed; called from any lane.
    nonisolated func changed(_ campaign: String?) {
        let isNews = notice.withLock { notice in
            guard !notice.isPending, campaign == nil || notice.campaign.map({ $0 == campaign }) ?? true else {
                return false
            }
            notice.isPending = true
            return true
        }
        if isNews { lane.async { self.assumeIsolated { $0.heard() } } }
    }

    private func heard() {
        if isReading { isStale = true } else { readSoon() }
    }

    /// Reads when the last event is long enough ago.
    private func readSoon() {
        let now = MonotonicTime.now
        let next = readAt.map { max(.zero, $0 + streams.pace.events - now) } ?? .zero
        wait(next)
    }

    private func wait(_ duration: Duration) {
        timer?.cancel()
        timer = lane.schedule(after: duration) { [weak self] in self?.assumeIsolated { $0.beginReading() } }
    }

    private func beginReading() {
        timer = nil
        guard streams.isHeard(self) else { return }
        isReading = true
        isStale = false
        readAt = .now
        // What is told from here on is not yet part of what is read.
        notice.withLock { $0.isPending = false }
        Task(executorPreference: lane) { await self.readOnce() }
    }

    private func readOnce() async {
        // A key that has expired since is told by connecting again.
        if key.showsDrafts, MonotonicTime.now - began > Self.draftLifetime { return streams.end(self) }
        do {
            let answer = try await read()
            isFailing = false
            notice.withLock { $0.campaign = answer.campaign }
            if answer.tag != published?.answer.tag {
                let event = ProgressEvent(answer)
                published = event
                streams.publish(event, by: self)
            }
        } catch let error as APIError where error.type == .notFound {
            // It may not be shown any more.
            streams.end(self)
        } catch {
            // The database is away: the streams stay, and the next reading may fare better.
            if !isFailing { log.error("live stream of \(key.goal): \(error)") }
            isFailing = true
        }
        isReading = false
        if isStale { readSoon() } else { wait(streams.pace.rereads) }
    }
}
