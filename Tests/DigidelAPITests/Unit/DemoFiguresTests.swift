import Postgres
import Testing

@testable import DigidelAPI

@Suite struct DemoFiguresTests {
    /// Populations of Sweden's municipalities by county, read from the migration that brings them.
    private func municipalities() throws -> [String: [Int]] {
        let areas = try #require(EmbeddedFiles.migrations.first { $0.name.hasPrefix("0001") })
        var populations: [String: [Int]] = [:]
        for line in areas.sql.split(separator: "\n") {
            let municipality =
                /\s*\('se-\d{4}', 'se', 'municipality', '\d{4}', '(se-\d\d)', '.*', (\d+), '[\d\-]+'\)[,;]/
            guard let match = line.wholeMatch(of: municipality), let population = Int(match.2) else {
                continue
            }
            populations[String(match.1), default: []].append(population)
        }
        return populations
    }

    /// The libraries of the three largest municipalities of every county, the largest first.
    private func reporters() throws -> [Int] {
        try municipalities().values.flatMap { $0.sorted(by: >).prefix(3) }.sorted(by: >)
    }

    @Test(arguments: 0..<6) func reportsAreTheSameEveryTime(number: Int) {
        let reports = DemoFigures.reports(number: number, population: 44_000)
        #expect(reports == DemoFigures.reports(number: number, population: 44_000))
        #expect(reports.count == 12)
    }

    @Test(arguments: 0..<63) func periodsFollowEachOtherWithinTheCampaign(number: Int) throws {
        let reports = DemoFigures.reports(number: number, population: 44_000)
        #expect(reports.first?.from == (try day("2011-01-01")))
        #expect(try reports.allSatisfy { try $0.from <= $0.to && $0.to <= day("2013-12-31") })
        for (report, next) in zip(reports, reports.dropFirst()) { #expect(next.from == report.to + 1) }
        for report in reports {
            #expect((report.to + 1).description.hasSuffix("-01"), "\(report.to) ends no month")
        }
    }

    @Test(arguments: 0..<63) func externalIDsTellAnOrganisationsReportsApart(number: Int) {
        let ids = DemoFigures.reports(number: number, population: 44_000).map(\.externalID)
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { PersonalData.found(in: $0) == nil && (1...200).contains($0.count) })
    }

    @Test func valuesArePossibleAndGrowWithThePlace() {
        let (small, large) = (
            DemoFigures.reports(number: 5, population: 2_300),
            DemoFigures.reports(number: 5, population: 1_000_000)
        )
        #expect(small.allSatisfy { $0.value >= 0 })
        #expect(large.allSatisfy { ParticipantCountInput.valueRange.contains($0.value) })
        #expect(zip(small, large).allSatisfy { $0.value < $1.value })
        #expect(Set(large.map(\.value)).count > 6)
        #expect(PersonalData.found(in: DemoFigures.note) == nil)
    }

    @Test func theWholeComesNearTheTargetAndDoesNotReachIt() throws {
        let populations = try reporters()
        #expect(populations.count == 61)
        let total = populations.enumerated().reduce(0) { total, place in
            total
                + DemoFigures.reports(number: place.offset, population: place.element).reduce(0) {
                    $0 + $1.value
                }
        }
        #expect((300_000...480_000).contains(total))
    }
}
