import EventLoop
import Foundation
import Postgres
import TestDatabase
import Testing

@Suite(.timeLimit(.minutes(5))) struct PoolTests {
    private struct Refusal: Error {}

    private func makePool(limit: Int, acquireTimeout: Duration = .seconds(60)) async throws -> Pool {
        let settings = try await TestDatabase.make().settings
        return Pool(settings, limit: limit, acquireTimeout: acquireTimeout, on: TestDatabase.lane)
    }

    /// A pool with one connection, already open, for which nobody waits long.
    private func makeImpatientPool() async throws -> Pool {
        let pool = try await makePool(limit: 1, acquireTimeout: .milliseconds(50))
        try #require(try await eventually { (try? await pool.execute("select 1")) != nil })
        return pool
    }

    /// A pool with the table `t (n int unique)`.
    private func makePoolWithTable(limit: Int = 2) async throws -> Pool {
        let pool = try await makePool(limit: limit)
        try await pool.execute("create table t (n int constraint t_n unique)")
        return pool
    }

    private func rows(_ pool: Pool) async throws -> Int {
        try await pool.value("select count(*) as value from t")
    }

    @Test func twoHundredTasksShareFourConnections() async throws {
        let pool = try await makePool(limit: 4)
        let backends = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for number in 0..<200 {
                group.addTask {
                    let row = try #require(
                        try await pool.query(
                            "select pg_backend_pid() as pid, \(number)::int as n from pg_sleep(0.001)"
                        ).first)
                    return (try row.get("pid"), try row.get("n") - number)
                }
            }
            return try await group.reduce(into: Set<Int>()) {
                $0.insert($1.0)
                #expect($1.1 == 0)
            }
        }
        #expect((1...4).contains(backends.count))
        await pool.close()
    }

    @Test func everythingHappensOnItsLane() async throws {
        let lane = try Lane(number: 7)
        let pool = Pool(try await TestDatabase.make().settings, limit: 2, on: lane)
        let tasks = (0..<10).map { _ in
            Task(executorPreference: lane) {
                for _ in 0..<10 {
                    try await pool.execute("select 1")
                    lane.checkIsolated()
                }
                try await pool.transaction { connection in
                    lane.checkIsolated()
                    try await connection.execute("select 2")
                    lane.checkIsolated()
                }
                lane.checkIsolated()
            }
        }
        for task in tasks { try await task.value }
        await pool.close()
    }

    @Test func aCallerWaitsForAConnection() async throws {
        let pool = try await makePool(limit: 1)
        async let slow: Int = pool.execute("select pg_sleep(0.05)")
        async let quick: Int = pool.value("select 7 as value")
        #expect(try await quick == 7)
        #expect(try await slow == 1)
        await pool.close()
    }

    @Test func aCallerWaitsNoLongerThanTheDeadline() async throws {
        let pool = try await makeImpatientPool()
        try await pool.withConnection { _ in
            let error = try await failure { try await pool.execute("select 1") }
            #expect(error.kind == .unavailable)
            #expect(error.message == "no connection became free in time")
        }
        #expect(try await pool.value("select 7 as value") == 7)
        await pool.close()
    }

    @Test func aDatabaseThatIsNotThereIsUnavailable() async throws {
        let pool = Pool(ConnectionSettings(url: "host=/nowhere"), limit: 2, on: TestDatabase.lane)
        let errors = await withTaskGroup(of: PostgresError?.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    do throws(PostgresError) { try await pool.execute("select 1") } catch { return error }
                    return nil
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(errors.allSatisfy { $0?.kind == .unavailable })
        // For a moment after a failure nobody tries to connect.
        #expect(
            try await eventually {
                let error = try await failure { try await pool.execute("select 1") }
                return error.message == "the database does not answer"
            })
    }

    // MARK: Figures

    @Test func theFiguresSayWhoHasAndWhoWaits() async throws {
        let pool = try await makePool(limit: 1)
        try await pool.execute("select 1")
        let before = await pool.figures
        #expect(before.limit == 1 && before.idle == 1 && before.inUse == 0 && before.waiting == 0)
        let loan = try await pool.lend()
        #expect(await pool.figures.inUse == 1)
        async let served = pool.execute("select 1")
        #expect(try await eventually { await pool.figures.waiting == 1 })
        await pool.takeBack(loan)
        _ = try await served
        let after = await pool.figures
        #expect(after.idle == 1 && after.inUse == 0 && after.waiting == 0)
        #expect(after.timeouts == 0 && after.failures == before.failures)
        #expect(after.waits.count == before.waits.count + 2)
        await pool.close()
    }

    @Test func whoWaitedTooLongIsCounted() async throws {
        let pool = try await makeImpatientPool()
        let before = await pool.figures
        try await pool.withConnection { _ in
            _ = try await failure { try await pool.execute("select 1") }
        }
        let after = await pool.figures
        #expect(after.timeouts == before.timeouts + 1 && after.failures == before.failures)
        await pool.close()
    }

    @Test func aDatabaseThatIsAwayIsAFailureNotATimeout() async throws {
        let pool = Pool(ConnectionSettings(url: "host=/nowhere"), limit: 1, on: TestDatabase.lane)
        for _ in 0..<2 { _ = try await failure { try await pool.execute("select 1") } }
        let figures = await pool.figures
        #expect(figures.failures == 2 && figures.timeouts == 0 && figures.waits.count == 0)
        await pool.close()
    }

    // MARK: Transactions

    @Test func aTransactionThatReturnsIsCommitted() async throws {
        let pool = try await makePoolWithTable()
        let value = try await pool.transaction { connection in
            try await connection.execute("insert into t values (1)")
            return 7
        }
        #expect(value == 7)
        #expect(try await rows(pool) == 1)
        await pool.close()
    }

    @Test func aTransactionThatThrowsIsRolledBack() async throws {
        let pool = try await makePoolWithTable()
        await #expect(throws: Refusal.self) {
            try await pool.transaction { connection in
                try await connection.execute("insert into t values (1)")
                throw Refusal()
            }
        }
        let error = try await failure {
            try await pool.transaction { connection in
                try await connection.execute("insert into t values (1)")
                try await connection.execute("insert into t values (1)")
            }
        }
        #expect(error.constraint == "t_n")
        #expect(try await rows(pool) == 0)
        await pool.close()
    }

    @Test func aTransactionThatSwallowsARefusalIsNotTakenForCommitted() async throws {
        let pool = try await makePoolWithTable(limit: 1)
        let error = try await failure {
            try await pool.transaction { connection in
                try await connection.execute("insert into t values (1)")
                _ = try? await connection.execute("select 1 / \(0)")
            }
        }
        #expect(error.sqlState == "25P02")
        #expect(try await rows(pool) == 0)
        await pool.close()
    }

    @Test func aRefusalAtCommitIsThrown() async throws {
        let pool = try await makePool(limit: 1)
        try await pool.execute("create table t (n int constraint t_n unique deferrable initially deferred)")
        let error = try await failure {
            _ = try await pool.transaction { try await $0.execute("insert into t values (1), (1)") }
        }
        #expect(error.constraint == "t_n")
        #expect(try await rows(pool) == 0)
        await pool.close()
    }

    @Test func aTransactionWithinAnotherIsOneOfItsOwn() async throws {
        let pool = try await makePoolWithTable(limit: 2)
        await #expect(throws: Refusal.self) {
            try await pool.transaction { outer in
                try await outer.execute("insert into t values (1)")
                _ = try await pool.transaction { try await $0.execute("insert into t values (2)") }
                throw Refusal()
            }
        }
        #expect(try await pool.value("select min(n) as value from t") == 2)
        await pool.close()
    }

    @Test func aTransactionThatWaitsForItselfIsToldInTime() async throws {
        let pool = try await makeImpatientPool()
        let error = try await failure {
            try await pool.transaction { outer in
                try await outer.execute("select 1")
                _ = try await pool.transaction { try await $0.execute("select 1") }
            }
        }
        #expect(error.kind == .unavailable)
        #expect(try await pool.value("select 7 as value") == 7)
        await pool.close()
    }

    @Test func aConnectionLeftInATransactionIsNotLentAgain() async throws {
        let pool = try await makePoolWithTable(limit: 1)
        try await pool.withConnection { connection in
            try await connection.script("begin")
            try await connection.execute("insert into t values (1)")
        }
        #expect(try await pool.value("select pg_current_xact_id_if_assigned() is null as value") == true)
        #expect(try await rows(pool) == 0)
        await pool.close()
    }

    @Test func aConnectionLostInATransactionIsReplaced() async throws {
        let pool = try await makePoolWithTable(limit: 1)
        let error = try await failure {
            try await pool.transaction { connection in
                try await connection.execute("insert into t values (1)")
                try await terminate(try await connection.backend())
                try await connection.execute("insert into t values (2)")
            }
        }
        #expect(error.kind == .unavailable)
        #expect(try await rows(pool) == 0)
        await pool.close()
    }

    @Test func thoseWhoWaitForALostConnectionGetAnother() async throws {
        let pool = try await makePool(limit: 1)
        async let others = withTaskGroup(of: Int?.self) { group in
            for _ in 0..<10 {
                group.addTask { try? await pool.value("select 7 as value from pg_sleep(0.01)") }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        _ = try? await pool.withConnection { connection in
            try await terminate(try await connection.backend())
            _ = try await connection.query("select pg_sleep(20)")
        }
        #expect(await others == Array(repeating: 7, count: 10))
        await pool.close()
    }

    // MARK: The end

    @Test func aClosedPoolServesNobody() async throws {
        let pool = try await makePool(limit: 2)
        try await pool.execute("select 1")
        await pool.close()
        let error = try await failure { try await pool.execute("select 1") }
        #expect(error.kind == .unavailable)
        #expect(error.message == "the pool is closed")
        await pool.close()
    }

    @Test func closingAnswersAllCallersAndLeavesNoConnection() async throws {
        let database = try await TestDatabase.make()
        let pool = Pool(database.settings, limit: 2, acquireTimeout: .seconds(30), on: TestDatabase.lane)
        let callers = (0..<10).map { _ in Task { try await pool.execute("select pg_sleep(20)") } }
        let watcher = try await Connection.connect(database.settings, on: TestDatabase.lane)
        let sleeping: SQL = """
            select count(*) as value from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() and query like 'select pg_sleep%'
            """
        #expect(try await eventually { try await watcher.value(sleeping) == 2 })
        await pool.close()
        for caller in callers {
            let error = try await failure { _ = try await caller.value }
            #expect(error.kind == .unavailable)
        }
        _ = try await watcher.query(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()
            """)
        #expect(try await eventually { try await watcher.value(sleeping) == 0 })
        await watcher.close()
    }

    @Test func closingWhileItConnectsLeavesNoConnection() async throws {
        let database = try await TestDatabase.make()
        let pool = Pool(database.settings, limit: 1, on: TestDatabase.lane)
        let caller = Task { try await pool.execute("select 1") }
        _ = await Task { await pool.close() }.value
        _ = await caller.result
        let watcher = try await Connection.connect(database.settings, on: TestDatabase.lane)
        #expect(
            try await eventually {
                try await watcher.value(
                    """
                    select count(*) as value from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()
                    """) == 0
            })
        await watcher.close()
    }
}
