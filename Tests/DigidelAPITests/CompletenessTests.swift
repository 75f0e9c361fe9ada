import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// Who has reported and who has not (domain.md, section 3).
@Suite struct CompletenessTests {
    private static let completeness = "campaigns/digidel2013/completeness"
    private static let enrolments = "campaigns/digidel2013/enrolments"
    /// Organisations and their areas: two municipalities of a county, a county, a Norwegian one, a whole country.
    private static let organisations: KeyValuePairs = [
        "motala-bibliotek": "se-0583", "linkoping-bibliotek": "se-0580", "ostergotland": "se-05",
        "oslo-bibliotek": "no-0301", "verket": "se",
    ]

    /// Digidel2013 with these organisations; those whose bodies are given are enrolled.
    private static func service(_ enrolled: KeyValuePairs<String, JSONValue>) async throws -> TestApp {
        let service = try await TestApp.make()
        for (id, area) in organisations { try await service.makeOrganisation(id, area: area) }
        try await service.makeDigidel2013()
        for (id, body) in enrolled {
            let answer = await service.ask(.put, "\(enrolments)/\(id)", body)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        return service
    }

    /// Reports a value; returns the count.
    @discardableResult
    private func report(
        by organisation: String, value: JSONValue = 7, to service: TestApp
    ) async throws -> JSONValue {
        let answer = await service.post(
            "participant-counts",
            TestApp.count(["organisation": .string(organisation), "value": value, "externalId": .null]))
        guard answer.status == .created, let json = answer.json else { throw TestApp.Unexpected(answer) }
        return json
    }

    /// Withdraws a count: a last revision that says so.
    private func withdraw(_ count: JSONValue, in service: TestApp) async throws {
        let id = try #require(count["id"]?.string)
        try await service.app.database.execute(
            """
            insert into participant_counts
            select (jsonb_populate_record(first, jsonb_build_object(
                'revision', 2, 'status', 'withdrawn', 'reason', 'withdrawal', 'recorded_at', ledger_now()))).*
            from participant_counts as first
            where id = \(id)::uuid
            """)
    }

    private func share(_ part: Int, of whole: Int, _ percent: JSONValue) -> JSONValue {
        [
            "numerator": .number(Decimal(part)), "denominator": .number(Decimal(whole)), "percent": percent,
        ]
    }

    private func organisations(_ list: JSONValue?) -> [String] {
        (list?.list ?? []).compactMap { $0["organisation"]?.string }
    }

    // MARK: Rules

    @Test func nobodyIsExpectedWhereNobodyIsEnrolled() async throws {
        let service = try await Self.service([:])
        let answer = await service.get(Self.completeness)
        #expect(answer.status == .ok, "\(answer.text)")
        #expect(
            answer.json?.without("asOf", "version", "_links") == [
                "campaign": "digidel2013", "expected": 0, "reported": 0, "onTime": 0,
                "reportingRate": share(0, of: 0, .null), "onTimeRate": share(0, of: 0, .null),
                "missing": [], "extra": [], "exempt": [], "counties": [],
            ])
        #expect(answer["_links", "self", "href"] == .string("\(TestApp.baseURL)/\(Self.completeness)"))
        #expect(await service.get("campaigns/nothing/completeness").status == .notFound)
    }

    @Test func whoIsExpectedHasReportedOrIsMissing() async throws {
        let service = try await Self.service([
            "motala-bibliotek": [:], "linkoping-bibliotek": [:], "ostergotland": [:],
            "oslo-bibliotek": ["exemptReason": "Bygger om"],
        ])
        try await report(by: "motala-bibliotek", to: service)
        try await report(by: "motala-bibliotek", to: service)
        // Nobody came: that is a report as well.
        try await report(by: "linkoping-bibliotek", value: 0, to: service)
        // It enrolled itself by reporting, so nobody waited for it.
        try await report(by: "verket", to: service)
        let answer = await service.get(Self.completeness)
        #expect(answer["expected"] == 3)
        #expect(answer["reported"] == 2)
        #expect(answer["onTime"] == 2)
        #expect(answer["reportingRate"] == share(2, of: 3, .exactly("66.7")))
        #expect(answer["onTimeRate"] == share(2, of: 3, .exactly("66.7")))
        #expect(
            answer["missing"] == [
                ["organisation": "ostergotland", "name": "ostergotland", "area": "se-05"]
            ])
        #expect(answer["extra"] == [["organisation": "verket", "name": "verket", "area": "se"]])
        #expect(answer["exempt"] == [["organisation": "oslo-bibliotek", "exemptReason": "Bygger om"]])
    }

    /// Outside the rate, though it has reported: no rate exceeds 100 %.
    @Test func whoIsExemptAndReportsAllTheSameIsExtra() async throws {
        let service = try await Self.service(["motala-bibliotek": ["exemptReason": "Bygger om"]])
        try await report(by: "motala-bibliotek", to: service)
        let answer = await service.get(Self.completeness)
        #expect(answer["expected"] == 0)
        #expect(answer["reportingRate"] == share(0, of: 0, .null))
        #expect(organisations(answer["extra"]) == ["motala-bibliotek"])
        #expect(organisations(answer["exempt"]) == ["motala-bibliotek"])
    }

    @Test func countsOfOtherCampaignsAreNoReports() async throws {
        let service = try await Self.service(["motala-bibliotek": [:]])
        _ = await service.post(
            "campaigns",
            [
                "id": "other", "name": "Other", "startsOn": "2012-01-01", "endsOn": "2012-12-31",
                "countries": ["se"], "organiser": "verket", "measures": ["newlyIncluded"],
            ])
        let other = await service.post("participant-counts", TestApp.count(["campaign": "other"]))
        #expect(other.status == .created)
        #expect(await service.get(Self.completeness)["reported"] == 0)
    }

    @Test func whoHasWithdrawnEverythingIsMissing() async throws {
        let service = try await Self.service(["motala-bibliotek": [:]])
        let first = try await report(by: "motala-bibliotek", to: service)
        let second = try await report(by: "motala-bibliotek", to: service)
        try await withdraw(first, in: service)
        #expect(await service.get(Self.completeness)["reported"] == 1)
        try await withdraw(second, in: service)
        let answer = await service.get(Self.completeness)
        #expect(answer["reported"] == 0)
        #expect(answer["onTime"] == 0)
        #expect(organisations(answer["missing"]) == ["motala-bibliotek"])
    }

    /// The earliest count that is accepted now decides, by its first revision.
    @Test func whoCameByTheDayItWasDueIsOnTime() async throws {
        let service = try await Self.service(["motala-bibliotek": [:], "linkoping-bibliotek": [:]])
        let first = try await report(by: "motala-bibliotek", to: service)
        let second = try await report(by: "linkoping-bibliotek", to: service)
        try await report(by: "motala-bibliotek", to: service)
        let cases: [(JSONValue, Int)] = [
            (.null, 2), (try #require(second["recordedAt"]), 2), (try #require(first["recordedAt"]), 1),
            ("2012-01-01T00:00:00Z", 0),
        ]
        for (dueAt, onTime) in cases {
            _ = await service.patch("campaigns/digidel2013", ["reporting": ["dueAt": dueAt]])
            let answer = await service.get(Self.completeness)
            #expect(answer["onTime"]?.integer == onTime, "\(dueAt)")
            #expect(answer["reported"] == 2)
        }
        _ = await service.patch(
            "campaigns/digidel2013", ["reporting": ["dueAt": try #require(second["recordedAt"])]])
        #expect(await service.get(Self.completeness)["onTime"] == 2)
        try await withdraw(first, in: service)
        #expect(await service.get(Self.completeness)["onTime"] == 1)
    }

    @Test func countiesAreThoseOfTheOrganisations() async throws {
        let service = try await Self.service([
            "motala-bibliotek": [:], "linkoping-bibliotek": [:], "ostergotland": [:], "verket": [:],
            "oslo-bibliotek": [:],
        ])
        for id in ["motala-bibliotek", "linkoping-bibliotek", "oslo-bibliotek"] {
            try await report(by: id, to: service)
        }
        for query in ["", "?by=county"] {
            let answer = await service.get("\(Self.completeness)\(query)")
            let rows = answer["counties"]?.list ?? []
            #expect(rows.map { $0["county"] } == ["no-03", "se-05", .null])
            #expect(rows.map { $0["name"] } == ["Oslo", "Östergötland", .null])
            #expect(rows.map { $0["expected"]?.integer } == [1, 3, 1])
            #expect(rows.map { $0["reported"]?.integer } == [1, 2, 0])
            #expect(rows.map { $0["onTime"]?.integer } == [1, 2, 0])
            #expect(rows[1]["reportingRate"] == share(2, of: 3, .exactly("66.7")))
            #expect(rows[2]["onTimeRate"] == share(0, of: 1, 0))
            #expect(answer["expected"] == 5)
        }
        #expect(await service.get("\(Self.completeness)?by=kind").status == .badRequest)
    }

    // MARK: Version and asOf

    @Test func aVersionStandsForOneAnswer() async throws {
        let service = try await Self.service(["motala-bibliotek": [:]])
        let first = await service.get(Self.completeness)
        let progress = await service.get("goals/digidel2013/progress")
        #expect(first["version"] == progress["version"])
        #expect(first["asOf"] == progress["asOf"])
        let etag = try #require(first.etag)
        let known = await service.get(Self.completeness, fields: ["If-None-Match": etag])
        #expect(known.status == .notModified)
        let count = try await report(by: "motala-bibliotek", to: service)
        let second = await service.get(Self.completeness, fields: ["If-None-Match": etag])
        #expect(second.status == .ok)
        #expect(second["version"]?.integer == first["version"]?.integer.map { $0 + 1 })
        #expect(second["asOf"] == count["recordedAt"])
    }

    @Test func asOfTellsWhatWasKnownThen() async throws {
        let service = try await Self.service(["motala-bibliotek": [:], "linkoping-bibliotek": [:]])
        let first = try await report(by: "motala-bibliotek", to: service)
        let second = try await report(by: "linkoping-bibliotek", to: service)
        try await withdraw(first, in: service)
        let before = try #require(first["recordedAt"]?.string.flatMap { Instant($0) })
        let instants: [(String, [String])] = [
            ("2012-01-01T00:00:00Z", ["linkoping-bibliotek", "motala-bibliotek"]),
            (before.advanced(microseconds: -1).description, ["linkoping-bibliotek", "motala-bibliotek"]),
            (before.description, ["linkoping-bibliotek"]),
            (try #require(second["recordedAt"]?.string), []),
        ]
        for (asOf, missing) in instants {
            let answer = await service.get("\(Self.completeness)?asOf=\(asOf)")
            #expect(answer.status == .ok, "\(answer.text)")
            #expect(organisations(answer["missing"]) == missing, "\(asOf)")
            #expect(answer["asOf"]?.string == asOf)
        }
        #expect(organisations(await service.get(Self.completeness)["missing"]) == ["motala-bibliotek"])
    }

    /// By the clock that counts are recorded by, which is the database's.
    @Test func asOfIsNotInTheFuture() async throws {
        let service = try await Self.service(["motala-bibliotek": [:]])
        for asOf in ["2999-01-01T00:00:00Z", "now", "2012-01-01", ""] {
            let answer = await service.get("\(Self.completeness)?asOf=\(asOf)")
            #expect(answer.status == .badRequest, "\(asOf)")
            #expect(answer.faults == ["asOf": "malformed"])
        }
        let now = Instant.now
        let first = await service.get("\(Self.completeness)?asOf=\(now)")
        let count = try await report(by: "motala-bibliotek", to: service)
        let recordedAt = try #require(count["recordedAt"]?.string.flatMap { Instant($0) })
        #expect(recordedAt > now)
        let again = await service.get("\(Self.completeness)?asOf=\(now)")
        #expect(again["missing"] == first["missing"])
    }

    // MARK: In a goal's progress

    @Test func aGoalsProgressSaysHowManyHaveReported() async throws {
        let service = try await Self.service(["motala-bibliotek": [:], "linkoping-bibliotek": [:]])
        let progress = "goals/digidel2013/progress"
        #expect(await service.get(progress)["reportingRate"] == share(0, of: 2, 0))
        try await report(by: "motala-bibliotek", to: service)
        try await report(by: "verket", to: service)
        #expect(await service.get(progress)["reportingRate"] == share(1, of: 2, 50))
        // The poll that is kept is forgotten when an enrolment changes.
        _ = await service.ask(
            .put, "\(Self.enrolments)/linkoping-bibliotek", ["exemptReason": "Bygger om"])
        #expect(await service.get(progress)["reportingRate"] == share(1, of: 1, 100))
        let goal = await service.post(
            "goals",
            [
                "id": "all", "name": "Alla", "kind": "contribution", "measure": "newlyIncluded",
                "target": 1000, "startsOn": "2012-01-01", "endsOn": "2012-12-31",
            ])
        #expect(goal.status == .created)
        #expect(await service.get("goals/all/progress")["reportingRate"] == .null)
    }
}
