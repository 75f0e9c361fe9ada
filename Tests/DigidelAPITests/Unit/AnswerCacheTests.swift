import HTTP
import Testing

@testable import DigidelAPI

@Suite struct AnswerCacheTests {
    private let cache = AnswerCache()
    private let key = AnswerCache.Key(path: "/v1/goals/a/progress", language: .sv)
    private let start = Instant(microseconds: 1_000_000_000)

    private func answer() -> KeptAnswer {
        KeptAnswer(EntityTag("1"), full: Response(.ok), notModified: Response(.notModified))
    }

    private func keep(_ answer: KeptAnswer, campaign: String? = "a") {
        cache.keep(answer, for: key, campaign: campaign, since: cache.readPoint, at: start)
    }

    private func isKept(after seconds: Double = 0) -> Bool {
        cache.answer(for: key, at: start.advanced(microseconds: Int(seconds * 1_000_000))) != nil
    }

    @Test func anAnswerIsGivenAgain() {
        #expect(!isKept())
        keep(answer())
        #expect(isKept() && isKept(after: 0.9))
        #expect(cache.answer(for: .init(path: key.path, language: .en), at: start) == nil)
        #expect(cache.answer(for: .init(path: "/v1/goals/b/progress", language: .sv), at: start) == nil)
    }

    @Test func oneWhoAsksAfterASecondReadsItAnewAndTheOthersNeedNotWait() {
        keep(answer())
        #expect(!isKept(after: 1))
        #expect(isKept(after: 1.1))
        #expect(!isKept(after: 2.5))
    }

    @Test func anAnswerThatCannotBeReadAnewIsGivenUp() {
        keep(answer())
        for second in 1...4 {
            #expect(!isKept(after: Double(second)))
            #expect(isKept(after: Double(second) + 0.5))
        }
        #expect(!isKept(after: 5) && !isKept(after: 5.5))
    }

    @Test func anAnswerFromTheFutureIsNotGiven() {
        keep(answer())
        #expect(!isKept(after: -1))
    }

    @Test func aChangeIsOfItsCampaignOnly() {
        keep(answer())
        cache.campaignChanged("b")
        #expect(isKept())
        cache.campaignChanged("a")
        #expect(!isKept())
    }

    @Test func anyChangeIsOneOfAnAnswerFromAllCampaigns() {
        keep(answer(), campaign: nil)
        cache.campaignChanged("b")
        #expect(!isKept())
    }

    @Test func whatHasChangedSinceItWasReadIsNotKept() {
        let readPoint = cache.readPoint
        cache.campaignChanged("a")
        let other = AnswerCache.Key(path: "/v1/goals/b/progress", language: .sv)
        cache.keep(answer(), for: other, campaign: "b", since: readPoint, at: start)
        #expect(cache.answer(for: other, at: start) != nil)
        for (campaign, change) in [("a", "a"), (nil, "a")] as [(String?, String)] {
            let readPoint = cache.readPoint
            cache.campaignChanged(change)
            cache.keep(answer(), for: key, campaign: campaign, since: readPoint, at: start)
            #expect(!isKept())
        }
        let beforeAll = cache.readPoint
        cache.clear()
        cache.keep(answer(), for: key, campaign: "c", since: beforeAll, at: start)
        #expect(!isKept())
    }

    @Test func manyPathsDoNotFillTheMemory() {
        for number in 0..<5000 {
            cache.keep(
                answer(), for: .init(path: "/\(number)", language: .sv), campaign: "a",
                since: cache.readPoint,
                at: start)
        }
        #expect(cache.count <= 1000)
    }
}
