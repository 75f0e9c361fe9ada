import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// A series' campaigns side by side, and why they may not be compared.
@Suite struct EditionTests {
    private static let editions = "campaign-series/veckan/editions"

    /// A series with editions of one week each, changed as given; the first is the earliest.
    private func service(_ changes: [String: JSONValue]...) async throws -> TestApp {
        let service = try await TestApp.make()
        try await service.makeOrganisation()
        try await service.makeOrganisation("linkoping")
        try await service.makeOrganisation("norrkoping")
        let series = await service.post(
            "campaign-series", ["id": "veckan", "name": ["sv": "Veckan", "en": "The week"]])
        guard series.status == .created else { throw TestApp.Unexpected(series) }
        for (number, change) in changes.enumerated() {
            let edition: JSONValue = [
                "id": .string("veckan-\(number + 1)"), "name": .string("Veckan \(number + 1)"),
                "series": "veckan",
                "startsOn": .string("2012-0\(number + 1)-02"), "endsOn": .string("2012-0\(number + 1)-08"),
                "countries": ["se"], "organiser": "motala-bibliotek",
                "measures": ["attendances", "newlyIncluded"],
            ]
            let answer = await service.post("campaigns", edition.merged(with: .object(change)))
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        return service
    }

    private func report(
        _ value: Int, to edition: Int, _ changes: [String: JSONValue] = [:], in service: TestApp
    ) async throws {
        let report = TestApp.count([
            "campaign": .string("veckan-\(edition)"), "measure": "attendances", "evidence": .null,
            "value": .number(Decimal(value)), "externalId": .null, "from": .string("2012-0\(edition)-02"),
            "to": .string("2012-0\(edition)-03"),
        ])
        let answer = await service.post("participant-counts", report.merged(with: .object(changes)))
        guard answer.status == .created else { throw TestApp.Unexpected(answer) }
    }

    private func lock(_ editions: Int..., in service: TestApp) async {
        for edition in editions {
            #expect(await service.post("campaigns/veckan-\(edition)/lock", [:]).status == .ok)
        }
    }

    private func codes(_ answer: JSONValue?) -> [String] {
        (answer?["reasons"]?.list ?? []).compactMap { $0["code"]?.string }
    }

    // MARK: Figures

    @Test func nothingIsAddedAcrossEditionsMeasuresOrChannels() async throws {
        let service = try await service([:], [:])
        try await report(1, to: 1, in: service)
        try await report(2, to: 1, in: service)
        try await report(4, to: 1, ["channel": "phone"], in: service)
        try await report(8, to: 2, in: service)
        try await report(16, to: 2, ["measure": "newlyIncluded", "evidence": "estimated"], in: service)
        try await report(0, to: 1, ["measure": "newlyIncluded", "evidence": "estimated"], in: service)
        await lock(1, 2, in: service)
        let answer = await service.get(Self.editions)
        #expect(answer.status == .ok)
        let lines = (answer["rows"]?.list ?? []).map { row in
            let values = (row["values"]?.list ?? []).map { value in
                "\(value["campaign"]?.string ?? "")=\(value["value"]?.integer.map { "\($0)" } ?? "-")"
            }
            return
                ([row["measure"]?.string ?? "", row["unit"]?.string ?? "", row["channel"]?.string ?? ""]
                + values)
                .joined(separator: " ")
        }
        #expect(
            lines == [
                "attendances visits onSite veckan-1=3 veckan-2=8",
                "attendances visits phone veckan-1=4 veckan-2=-",
                "newlyIncluded people onSite veckan-1=0 veckan-2=16",
            ])
        let rows = answer["rows"]?.list ?? []
        #expect(rows.map { codes($0) } == [[], ["channelNotReported"], []])
        #expect(rows.map { $0["comparable"] } == [.bool(true), .bool(false), .bool(true)])
        #expect(answer["comparable"] == .bool(true))
    }

    @Test func editionsComeByTheirFirstDays() async throws {
        let service = try await service(
            ["startsOn": "2012-05-01", "endsOn": "2012-05-07"], [:], ["draft": .bool(true)])
        func ids(_ key: String? = nil) async -> [String] {
            (await service.get(Self.editions, key: key)["editions"]?.list ?? []).compactMap {
                $0["campaign"]?.string
            }
        }
        #expect(await ids() == ["veckan-2", "veckan-1"])
        let partner = try await service.makeKey(.partner, organisation: "linkoping")
        #expect(await ids(partner) == ["veckan-2", "veckan-1"])
        #expect(await ids(TestApp.adminKey) == ["veckan-2", "veckan-3", "veckan-1"])
        #expect(await ids(try await service.makeKey(.coordinator)) == ["veckan-2", "veckan-3", "veckan-1"])
    }

    @Test func editionsSayWhoReported() async throws {
        let service = try await service([:], [:])
        for organisation in ["motala-bibliotek", "linkoping"] {
            _ = await service.ask(.put, "campaigns/veckan-1/enrolments/\(organisation)", [:])
        }
        try await report(0, to: 1, in: service)
        try await report(3, to: 1, ["organisation": "norrkoping"], in: service)
        await lock(1, in: service)
        let answer = await service.get(Self.editions, fields: ["Accept-Language": "en"])
        #expect(answer["name"] == "The week")
        let first = answer["editions", 0]
        #expect(first?["reporters"] == 2)
        #expect(first?["reportingRate"] == ["numerator": 1, "denominator": 2, "percent": 50])
        #expect(first?["finality"] == "final")
        let second = answer["editions", 1]
        #expect(second?["reporters"] == 0)
        #expect(second?["reportingRate"]?["percent"] == .null)
        #expect(second?["finality"] == "preliminary")
        #expect(second?["countries"] == ["se"])
    }

    // MARK: Reasons

    @Test func oneEditionIsNotCompared() async throws {
        let service = try await service([:])
        await lock(1, in: service)
        #expect(codes(await service.get(Self.editions).json) == ["oneEdition"])
        let none = codes(try await self.service().get(Self.editions).json)
        #expect(none == ["oneEdition"])
    }

    @Test(
        arguments: [
            ([:], []), (["endsOn": "2012-02-07"], ["lengthDiffers"]),
            (["countries": ["se", "no"]], ["countriesDiffer"]),
            (["endsOn": "2012-02-09", "countries": ["no", "dk"]], ["lengthDiffers", "countriesDiffer"]),
        ] as [([String: JSONValue], [String])])
    func whatDiffersIsSaid(change: [String: JSONValue], reasons: [String]) async throws {
        let service = try await service(["countries": ["se"]], change)
        #expect(codes(await service.get(Self.editions).json) == reasons + ["notFinal"])
        await lock(1, 2, in: service)
        let answer = await service.get(Self.editions)
        #expect(codes(answer.json) == reasons)
        #expect(answer["comparable"] == .bool(reasons.isEmpty))
    }

    @Test func theSameCountriesInAnotherOrderAreTheSame() async throws {
        let service = try await service(["countries": ["se", "no"]], ["countries": ["no", "se"]])
        await lock(1, 2, in: service)
        #expect(codes(await service.get(Self.editions).json) == [])
    }

    /// By more than ten percentage points, or when it is known of some only.
    @Test func reportingRatesAreCompared() async throws {
        let service = try await service([:], [:])
        func enrol(_ organisation: String, in edition: Int) async {
            let path = "campaigns/veckan-\(edition)/enrolments/\(organisation)"
            #expect(await service.ask(.put, path, [:]).status == .created)
        }
        func reasons() async -> [String] {
            codes(await service.get(Self.editions).json).filter { $0 != "notFinal" }
        }
        #expect(await reasons() == [])
        await enrol("motala-bibliotek", in: 1)
        #expect(await reasons() == ["reportingRateDiffers"])
        await enrol("motala-bibliotek", in: 2)
        #expect(await reasons() == [])
        try await report(1, to: 1, in: service)
        #expect(await reasons() == ["reportingRateDiffers"])
        try await report(0, to: 2, in: service)
        #expect(await reasons() == [])
    }

    @Test func aMeasureMayNotBeCounted() async throws {
        let service = try await service([:], ["measures": ["newlyIncluded"]])
        try await report(5, to: 1, in: service)
        await lock(1, 2, in: service)
        let answer = await service.get(Self.editions)
        #expect(codes(answer.json) == [])
        #expect(codes(answer["rows", 0]) == ["measureNotCounted"])
        #expect(answer["rows", 0, "values", 1, "value"] == .null)
    }

    /// Every reason is explained in the reader's language.
    @Test(arguments: Editions.Difference.allCases)
    func everyReasonIsExplained(reason: Editions.Difference) {
        let texts = Set(Language.allCases.map { reason.explanation(in: $0) })
        #expect(texts.count == 2)
        #expect(texts.allSatisfy { $0.hasSuffix(".") })
    }

    // MARK: Answers

    @Test func whatHasChangedIsTold() async throws {
        let service = try await service([:], [:])
        let etag = try #require(await service.get(Self.editions).etag)
        #expect(await service.get(Self.editions, fields: ["If-None-Match": etag]).status == .notModified)
        try await report(0, to: 1, in: service)
        #expect(await service.get(Self.editions, fields: ["If-None-Match": etag]).status == .ok)
        #expect(await service.get("\(Self.editions)?campaign=x").status == .badRequest)
        #expect(await service.get("campaign-series/nothing/editions").status == .notFound)
    }
}
