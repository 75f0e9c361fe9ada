import EventLoop
import Postgres
import TestDatabase
import Testing

@Suite(.timeLimit(.minutes(5))) struct NotificationsTests {
    private func listen(
        to channels: [String], in database: TestDatabase
    ) -> (Notifications, AsyncStream<Notifications.Event>.Iterator) {
        let (events, continuation) = AsyncStream<Notifications.Event>.makeStream()
        let notifications = Notifications(database.settings, channels: channels, on: TestDatabase.lane) {
            continuation.yield($0)
        }
        return (notifications, events.makeAsyncIterator())
    }

    @Test func hearsWhatIsNotified() async throws {
        let database = try await TestDatabase.make()
        var (notifications, events) = listen(to: ["counts", "goals"], in: database)
        await notifications.start()
        #expect(await events.next() == .listening)
        let speaker = try await Connection.connect(database.settings, on: TestDatabase.lane)
        for (channel, payload) in [("counts", "1"), ("other", "2"), ("goals", "å"), ("counts", "")] {
            _ = try await speaker.query("select pg_notify(\(channel), \(payload))")
        }
        #expect(await events.next() == .notified(channel: "counts", payload: "1"))
        #expect(await events.next() == .notified(channel: "goals", payload: "å"))
        #expect(await events.next() == .notified(channel: "counts", payload: ""))
        await speaker.close()
        await notifications.stop()
    }

    @Test func listensAgainWhenTheConnectionIsLost() async throws {
        let database = try await TestDatabase.make()
        var (notifications, events) = listen(to: ["counts"], in: database)
        await notifications.start()
        #expect(await events.next() == .listening)
        let speaker = try await Connection.connect(database.settings, on: TestDatabase.lane)
        for _ in 0..<2 {
            _ = try await speaker.query(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()
                """)
            #expect(await events.next() == .listening)
        }
        try await speaker.script("notify counts, 'again'")
        #expect(await events.next() == .notified(channel: "counts", payload: "again"))
        await speaker.close()
        await notifications.stop()
    }

    @Test func stoppingEndsItForGood() async throws {
        let database = try await TestDatabase.make()
        var (notifications, events) = listen(to: ["counts"], in: database)
        await notifications.start()
        #expect(await events.next() == .listening)
        await notifications.stop()
        await notifications.start()
        try await expectNobodyListens(in: database)
    }

    @Test func stoppingWhileItConnectsEndsItToo() async throws {
        let database = try await TestDatabase.make()
        let (notifications, _) = listen(to: ["counts"], in: database)
        await notifications.start()
        await notifications.stop()
        try await expectNobodyListens(in: database)
    }

    /// Longer than a lost connection takes to come back.
    private func expectNobodyListens(in database: TestDatabase) async throws {
        try await Task.sleep(for: .milliseconds(400))
        let connection = try await Connection.connect(database.settings, on: TestDatabase.lane)
        let others: Int = try await connection.value(
            """
            select count(*) as value from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()
            """)
        #expect(others == 0)
        await connection.close()
    }
}
