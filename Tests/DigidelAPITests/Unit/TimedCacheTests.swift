import Postgres
import Testing

@testable import DigidelAPI

@Suite struct TimedCacheTests {
    private let cache = TimedCache<String, Int>(lifetime: .seconds(1))
    private let start = ContinuousClock.now

    /// The values for these keys, after so many milliseconds, and what had to be fetched. There is none for "nobody".
    private func ask(
        _ keys: String..., after milliseconds: Int = 0, fetching value: Int = 1
    ) async throws -> (values: [String: Int], fetched: Set<String>) {
        var fetched: Set<String> = []
        let values = try await cache.values(for: keys, at: start + .milliseconds(milliseconds)) { keys in
            fetched = Set(keys)
            return keys.filter { $0 != "nobody" }.map { ($0, value) }
        }
        return (values, fetched)
    }

    @Test func whatIsKeptIsNotFetchedAgain() async throws {
        #expect(try await ask("a", "b", "a") == (["a": 1, "b": 1], ["a", "b"]))
        #expect(try await ask("a", "c", after: 999, fetching: 2) == (["a": 1, "c": 2], ["c"]))
        #expect(cache.value(for: "a", at: start) == 1)
    }

    @Test func nothingIsGivenAfterItsLifetime() async throws {
        _ = try await ask("a")
        #expect(try await ask("a", after: 1000, fetching: 2) == (["a": 2], ["a"]))
        #expect(cache.value(for: "a", at: start + .milliseconds(2000)) == nil)
    }

    @Test func whatThereIsNotIsAskedForEveryTime() async throws {
        #expect(try await ask("nobody") == ([:], ["nobody"]))
        #expect(try await ask("nobody") == ([:], ["nobody"]))
    }

    @Test func whatWasReadBeforeItWasClearedIsNotKept() async throws {
        _ = try await cache.values(for: ["a"], at: start) { keys in
            cache.clear()
            return keys.map { ($0, 1) }
        }
        #expect(try await ask("a", fetching: 2) == (["a": 2], ["a"]))
    }

    @Test func whatCouldNotBeFetchedIsNotKept() async throws {
        await #expect(throws: PostgresError.self) {
            _ = try await cache.values(for: ["a"], at: start) { _ throws(PostgresError) in
                throw .unavailable("away")
            }
        }
        #expect(try await ask("a") == (["a": 1], ["a"]))
    }
}
