import EventLoop
import Synchronization
import TestDatabase
import Testing

@testable import Postgres

@Suite struct AnnouncerTests {
    private func pool(_ settings: ConnectionSettings) -> Pool {
        Pool(settings, limit: 1, acquireTimeout: .seconds(60), on: TestDatabase.lane)
    }

    @Test(.timeLimit(.minutes(5))) func whatIsAnnouncedIsHeard() async throws {
        let settings = try await TestDatabase.make().settings
        let heard = Mutex<[String]>([])
        let isListening = Atomic(false)
        let notifications = Notifications(settings, channels: ["news"], on: TestDatabase.lane) { event in
            switch event {
            case .listening: isListening.store(true, ordering: .relaxed)
            case .notified(_, let payload): heard.withLock { $0.append(payload) }
            }
        }
        await notifications.start()
        #expect(try await eventually { isListening.load(ordering: .relaxed) })
        let pool = pool(settings)
        let announcer = Announcer(pool, channel: "news") { Issue.record($0) }
        await announcer.announce("first")
        #expect(try await eventually { heard.withLock { $0 } == ["first"] })
        // While the pause lasts they are gathered, each once.
        for _ in 0..<50 {
            for payload in ["b", "a"] { await announcer.announce(payload) }
        }
        #expect(try await eventually { heard.withLock { $0.suffix(2) } == ["a", "b"] })
        #expect(heard.withLock { $0.count } < 20)
        // What is announced last is heard too, though the pool is closed.
        for payload in ["c", "d"] { await announcer.announce(payload) }
        await announcer.finish()
        await pool.close()
        #expect(try await eventually { heard.withLock { $0.suffix(2) } == ["c", "d"] })
        await notifications.stop()
    }

    @Test(.timeLimit(.minutes(5))) func whatCannotBeAnnouncedIsTold() async throws {
        let pool = pool(ConnectionSettings(url: "postgresql://127.0.0.1:1/nowhere"))
        let failures = Atomic(0)
        let announcer = Announcer(pool, channel: "news") { _ in failures.add(1, ordering: .relaxed) }
        await announcer.announce("first")
        #expect(try await eventually { failures.load(ordering: .relaxed) == 1 })
        await announcer.announce("second")
        await announcer.finish()
        #expect(failures.load(ordering: .relaxed) == 2)
    }
}
