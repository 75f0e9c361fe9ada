import Testing

@testable import Postgres

@Suite struct StatementCacheTests {
    @Test func preparesAStatementOnce() {
        var cache = StatementCache(capacity: 2)
        #expect(cache.lookup("a") == .missing(name: "s1", evicted: nil))
        cache.add("a", name: "s1")
        #expect(cache.lookup("a") == .prepared(name: "s1"))
    }

    @Test func aStatementThatCouldNotBePreparedIsStillMissing() {
        var cache = StatementCache(capacity: 2)
        _ = cache.lookup("a")
        #expect(cache.lookup("a") == .missing(name: "s2", evicted: nil))
    }

    @Test func theLeastRecentlyUsedGivesWay() {
        var cache = StatementCache(capacity: 2)
        for (text, name) in [("a", "s1"), ("b", "s2")] {
            _ = cache.lookup(text)
            cache.add(text, name: name)
        }
        _ = cache.lookup("a")
        #expect(cache.lookup("c") == .missing(name: "s3", evicted: "s2"))
        cache.remove("s2")
        cache.add("c", name: "s3")
        #expect(cache.lookup("a") == .prepared(name: "s1"))
        #expect(cache.lookup("b") == .missing(name: "s4", evicted: "s3"))
    }

    @Test func nothingIsForgottenBeforeItIsRemoved() {
        var cache = StatementCache(capacity: 1)
        _ = cache.lookup("a")
        cache.add("a", name: "s1")
        #expect(cache.lookup("b") == .missing(name: "s2", evicted: "s1"))
        #expect(cache.lookup("a") == .prepared(name: "s1"))
        cache.remove("s1")
        #expect(cache.lookup("a") == .missing(name: "s3", evicted: nil))
        cache.remove("s1")
    }
}
