import Postgres
import Testing

@testable import DigidelAPI

@Suite struct ShortCacheTests {
    private let cache = ShortCache<String, Int>()
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

    @Test func whatIsFreshIsNotFetchedAgain() async throws {
        #expect(try await ask("a", "b", "a").fetched == ["a", "b"])
        #expect(try await ask("a", "c", after: 499, fetching: 2) == (["a": 1, "c": 2], ["c"]))
    }

    @Test func whatThereIsNotIsAskedForEveryTime() async throws {
        #expect(try await ask("nobody") == ([:], ["nobody"]))
        #expect(try await ask("nobody") == ([:], ["nobody"]))
    }

    @Test func whatGrowsOldAndIsUsedIsFetchedTogether() async throws {
        _ = try await ask("a", "b", "unused")
        _ = try await ask("a", "b", after: 400)
        #expect(try await ask("a", after: 600, fetching: 2) == (["a": 2, "b": 2], ["a", "b"]))
        #expect(try await ask("b", after: 1000, fetching: 3) == (["b": 2], []))
        #expect(try await ask("unused", after: 1000, fetching: 3) == (["unused": 3], ["unused"]))
    }

    @Test func theOldValueIsGivenWhileItIsFetchedAgainButForNoLongerThanASecond() async throws {
        _ = try await ask("a", "b")
        _ = try await ask("a", "b", after: 400)
        _ = try? await cache.values(for: ["a"], at: start + .milliseconds(600)) { _ throws(PostgresError) in
            throw .unavailable("away")
        }
        #expect(try await ask("b", after: 999) == (["b": 1], []))
        #expect(try await ask("b", after: 1000, fetching: 2) == (["b": 2], ["b"]))
    }

    @Test func nothingOlderThanASecondIsGiven() async throws {
        _ = try await ask("a")
        _ = try await ask("a", after: 100)
        #expect(try await ask("a", after: 60_000, fetching: 2) == (["a": 2], ["a"]))
    }

    @Test func whatWasReadBeforeItWasClearedIsNotKept() async throws {
        _ = try await cache.values(for: ["a"], at: start) { keys in
            cache.clear()
            return keys.map { ($0, 1) }
        }
        #expect(try await ask("a", fetching: 2) == (["a": 2], ["a"]))
    }
}
