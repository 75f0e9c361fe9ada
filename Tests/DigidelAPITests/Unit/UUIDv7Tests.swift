import Foundation
import Testing

@testable import DigidelAPI

@Suite struct UUIDv7Tests {
    @Test(arguments: ["2016-10-03T08:00:00.123456Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"])
    func theTimeStandsFirstThenVersionAndVariant(text: String) throws {
        let instant = try instant(text)
        let digits = UUID.version7(at: instant).uuidString.replacing("-", with: "").lowercased()
        #expect(Int(digits.prefix(12), radix: 16) == instant.microseconds / 1000)
        #expect(Array(digits)[12] == "7")
        #expect("89ab".contains(Array(digits)[16]))
    }

    @Test func laterIdsSortAfterEarlierOnes() throws {
        let start = try instant("2016-10-03T08:00:00Z").microseconds
        let ids = (0..<1000).map { UUID.version7(at: Instant(microseconds: start + $0 * 1000)).uuidString }
        #expect(ids == ids.sorted())
    }

    @Test func idsOfOneInstantDiffer() throws {
        let instant = try instant("2016-10-03T08:00:00Z")
        let ids = Set((0..<1000).map { _ in UUID.version7(at: instant) })
        #expect(ids.count == 1000)
    }

    @Test func aTimeBefore1970IsNoReasonToStop() {
        #expect("\(UUID.version7(at: Instant(microseconds: -1_000_000)))".count == 36)
    }
}
