import HTTP
import Testing

@testable import DigidelAPI

@Suite struct ProblemTypeTests {
    @Test(arguments: ProblemType.allCases) func aKindSaysWhatItMeans(type: ProblemType) {
        #expect(Slug.isValid(type.rawValue))
        #expect(type.status.rawValue >= 400)
        #expect(!type.title.isEmpty && !type.title.hasSuffix("."))
        #expect(type.explanation.hasSuffix("."))
    }

    @Test(arguments: ProblemType.allCases) func aStatusHasOneKind(type: ProblemType) {
        #expect(ProblemType(status: type.status) == type)
        #expect(ProblemType.allCases.filter { $0.status == type.status } == [type])
    }

    @Test func titlesTellKindsApart() {
        #expect(Set(ProblemType.allCases.map(\.title)).count == ProblemType.allCases.count)
    }

    @Test(arguments: [
        400, 401, 403, 404, 405, 406, 408, 409, 411, 412, 413, 414, 415, 417, 422, 428, 429, 431, 500, 501,
        503, 505,
    ])
    func everyStatusOfTheConventionsHasAKind(code: Int) {
        #expect(ProblemType.allCases.contains { $0.status.rawValue == code })
    }

    @Test func aStatusWithoutAKindGoesWithItsClass() {
        #expect(ProblemType(status: Status(rawValue: 418)) == .malformed)
        #expect(ProblemType(status: Status(rawValue: 502)) == .internalError)
    }
}
