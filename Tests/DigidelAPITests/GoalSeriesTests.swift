import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// How a goal's value came about in time (domain.md, section 4).
@Suite struct GoalSeriesTests {
    private static let series = "goals/digidel2013/series"

    private func report(
        _ value: Int, from: String, to: String, _ changes: [String: JSONValue] = [:], in service: TestApp
    ) async throws {
        let report = TestApp.count([
            "value": .number(Decimal(value)), "from": .string(from), "to": .string(to), "externalId": .null,
        ])
        let answer = await service.post("participant-counts", report.merged(with: .object(changes)))
        guard answer.status == .created else { throw TestApp.Unexpected(answer) }
    }

    /// The goal from mid-February to the end of April, with a value to begin with.
    private func narrowed() async throws -> TestApp {
        let service = try await TestApp.withDigidel2013()
        let answer = await service.patch(
            "goals/digidel2013",
            ["startsOn": "2012-02-15", "endsOn": "2012-04-30", "baseline": ["value": 100]])
        guard answer.status == .ok else { throw TestApp.Unexpected(answer) }
        return service
    }

    /// Some members of each bucket, as text.
    private func texts(_ answer: Answer, _ names: String...) -> [String] {
        (answer["buckets"]?.list ?? []).map { bucket in
            names.map { text(bucket[$0]) }.joined(separator: " ")
        }
    }

    private func text(_ value: JSONValue?) -> String {
        if let text = value?.string { return text }
        if let number = value?.integer { return "\(number)" }
        return value == .bool(true) ? "spans" : "-"
    }

    // MARK: Buckets

    @Test(
        arguments: [
            (
                "month",
                [
                    "2012-02-15 2012-02-29 2012-02", "2012-03-01 2012-03-31 2012-03",
                    "2012-04-01 2012-04-30 2012-04",
                ]
            ),
            ("quarter", ["2012-02-15 2012-03-31 2012-Q1", "2012-04-01 2012-04-30 2012-Q2"]),
            ("year", ["2012-02-15 2012-04-30 2012"]),
        ] as [(String, [String])])
    func bucketsAreClippedToTheGoal(interval: String, buckets: [String]) async throws {
        let service = try await narrowed()
        let answer = await service.get("\(Self.series)?interval=\(interval)")
        #expect(answer.status == .ok, "\(answer.text)")
        #expect(texts(answer, "from", "to", "label") == buckets)
        #expect(answer["interval"]?.string == interval)
    }

    @Test func weeksBeginOnMonday() async throws {
        let service = try await narrowed()
        let weeks = texts(await service.get("\(Self.series)?interval=week"), "from", "to", "label")
        #expect(weeks.first == "2012-02-15 2012-02-19 2012-W07")
        #expect(weeks[1] == "2012-02-20 2012-02-26 2012-W08")
        #expect(weeks.last == "2012-04-30 2012-04-30 2012-W18")
        #expect(weeks.count == 12)
    }

    @Test func everyDayIsABucket() async throws {
        let service = try await narrowed()
        let days = texts(await service.get("\(Self.series)?interval=day"), "from", "to", "label")
        #expect(days.count == 76)
        #expect(days[14] == "2012-02-29 2012-02-29 2012-02-29")
    }

    /// The first days of 2016 belong to the last week of 2015.
    @Test func aWeekIsOfTheYearOfItsThursday() async throws {
        let service = try await TestApp.withDigidel2013(at: "2016-02-01T10:00:00Z")
        _ = await service.patch(
            "goals/digidel2013", ["campaign": .null, "startsOn": "2016-01-01", "endsOn": "2016-01-31"])
        let weeks = texts(await service.get("\(Self.series)?interval=week"), "from", "to", "label")
        #expect(weeks.first == "2016-01-01 2016-01-03 2015-W53")
        #expect(weeks[1] == "2016-01-04 2016-01-10 2016-W01")
    }

    @Test func bucketsEndOnTheDayThatIsAskedAbout() async throws {
        let service = try await narrowed()
        func last(_ query: String) async -> String? {
            texts(await service.get("\(Self.series)\(query)"), "from", "to").last
        }
        #expect(await last("?on=2012-03-10") == "2012-03-01 2012-03-10")
        #expect(await last("?on=2012-02-15") == "2012-02-15 2012-02-15")
        // Today is after the goal's end.
        #expect(await last("") == "2012-04-01 2012-04-30")
    }

    /// Also where the day lies in the bucket that the goal begins in.
    @Test func beforeTheGoalThereIsNoBucket() async throws {
        let service = try await narrowed()
        for interval in GoalSeries.Interval.allCases {
            for day in ["2012-02-14", "2012-02-13", "2012-02-01", "2012-01-01", "2011-12-31"] {
                let answer = await service.get("\(Self.series)?interval=\(interval.rawValue)&on=\(day)")
                #expect(answer.status == .ok)
                #expect(answer["buckets"] == [], "\(interval) \(day)")
            }
        }
    }

    // MARK: Values

    @Test func aReportFallsIntoTheBucketOfItsLastDay() async throws {
        let service = try await narrowed()
        // It began before the goal, and before its bucket.
        try await report(1, from: "2012-02-01", to: "2012-02-15", in: service)
        // A week over the end of a month, and one within.
        try await report(2, from: "2012-02-27", to: "2012-03-04", in: service)
        try await report(4, from: "2012-04-02", to: "2012-04-08", in: service)
        // Not the goal's days.
        try await report(64, from: "2012-02-14", to: "2012-02-14", in: service)
        try await report(64, from: "2012-04-30", to: "2012-05-01", in: service)
        let months = await service.get(Self.series)
        #expect(texts(months, "value", "cumulative", "spans") == ["1 101 spans", "2 103 spans", "4 107 -"])
        let quarters = await service.get("\(Self.series)?interval=quarter")
        #expect(texts(quarters, "value", "cumulative", "spans") == ["3 103 spans", "4 107 -"])
        #expect(await service.get("goals/digidel2013/progress")["value"] == 107)
    }

    /// What was withdrawn or moved leaves nothing behind, not even the mark.
    @Test func correctionsMoveWhatWasReported() async throws {
        let service = try await narrowed()
        let long = await service.post(
            "participant-counts", TestApp.count(["from": "2012-02-27", "to": "2012-03-04"]))
        let other = await service.post(
            "participant-counts",
            TestApp.count(["from": "2012-03-01", "to": "2012-04-05", "value": 5, "externalId": "other"]))
        #expect(texts(await service.get(Self.series), "value", "spans") == ["0 -", "42 spans", "5 spans"])
        _ = await service.put(
            long.created, TestApp.count(["from": "2012-03-01", "to": "2012-03-04", "value": 0]))
        _ = await service.ask(.delete, other.created, fields: ["If-Match": "*"])
        #expect(
            texts(await service.get(Self.series), "value", "cumulative", "spans") == [
                "0 100 -", "0 100 -", "0 100 -",
            ])
    }

    @Test func aScopeADirectionAndAllCampaignsAreTakenIntoAccount() async throws {
        let service = try await narrowed()
        let campaign: JSONValue = [
            "id": "other", "name": "Other", "startsOn": "2012-01-01", "endsOn": "2012-12-31",
            "countries": ["se"], "organiser": "motala-bibliotek", "measures": ["newlyIncluded"],
        ]
        #expect(await service.post("campaigns", campaign).status == .created)
        try await report(1, from: "2012-03-01", to: "2012-03-02", in: service)
        try await report(2, from: "2012-03-01", to: "2012-03-02", ["channel": "phone"], in: service)
        try await report(4, from: "2012-02-28", to: "2012-03-02", ["campaign": "other"], in: service)
        try await report(
            8, from: "2012-03-02", to: "2012-03-02", ["measure": "attendances", "evidence": .null],
            in: service)
        func march() async -> String {
            texts(await service.get("\(Self.series)?on=2012-03-31"), "value", "cumulative", "spans")[1]
        }
        #expect(await march() == "3 103 -")
        _ = await service.patch("goals/digidel2013", ["scope": ["channels": ["phone"]]])
        #expect(await march() == "2 102 -")
        _ = await service.patch("goals/digidel2013", ["scope": .null, "direction": "down", "target": 50])
        #expect(await march() == "3 103 -")
        let moved = await service.patch("goals/digidel2013", ["campaign": .null])
        #expect(moved.status == .ok, "\(moved.text)")
        #expect(await march() == "7 107 spans")
    }

    // MARK: When

    @Test func asOfShowsWhatWasKnown() async throws {
        let service = try await narrowed()
        let count = await service.post(
            "participant-counts", TestApp.count(["from": "2012-03-01", "to": "2012-03-02"]))
        let known = try #require(count["recordedAt"]?.string)
        let then = await service.get("\(Self.series)?asOf=\(known)")
        _ = await service.put(
            count.created, TestApp.count(["from": "2012-03-01", "to": "2012-03-02", "value": 1]))
        let later = await service.get("\(Self.series)?asOf=\(known)")
        #expect(later["buckets"] == then["buckets"])
        #expect(texts(later, "value") == ["0", "42", "0"])
        #expect(later["asOf"]?.string == known)
        // Before anything was reported; the goal's days are judged by today when they are asked about.
        let before = await service.get("\(Self.series)?asOf=2012-01-01T00:00:00Z&on=2012-06-30")
        #expect(texts(before, "cumulative") == ["100", "100", "100"])
        #expect(await service.get("\(Self.series)?asOf=2012-01-01T00:00:00Z")["buckets"] == [])
    }

    private static let refused = [
        "on=2012-07-01", "asOf=2999-01-01T00:00:00Z", "interval=hour", "interval=", "on=2012-02-30", "asOf=x",
        "by=county", "interval=day,week", "on=",
    ]

    @Test func whatCannotBeAnsweredIsRefused() async throws {
        let service = try await narrowed()
        for query in Self.refused {
            let answer = await service.get("\(Self.series)?\(query)")
            #expect(answer.status == .badRequest, "\(query)")
            #expect(answer.codes == ["malformed"])
        }
    }

    @Test func thereAreNoMoreThanTwentyThousandBuckets() async throws {
        let service = try await TestApp.withDigidel2013()
        let old = await service.patch(
            "goals/digidel2013", ["campaign": .null, "startsOn": "1957-09-27", "endsOn": "2012-12-31"])
        #expect(old.status == .ok, "\(old.text)")
        // 2012-06-30 is day 20 001.
        #expect(await service.get("\(Self.series)?interval=day").faults == ["interval": "malformed"])
        // The day before they are as many as there may be; without a body, which would take long to read.
        let most = await service.get(
            "\(Self.series)?interval=day&on=2012-06-29", fields: ["If-None-Match": "*"])
        #expect(most.status == .notModified)
        let weeks = await service.get("\(Self.series)?interval=week")
        #expect(weeks.status == .ok)
    }

    @Test func aGoalNobodyKnowsIsNotFound() async throws {
        let service = try await TestApp.make()
        #expect(await service.get("goals/nothing/series").status == .notFound)
        #expect(await service.get("goals/nothing/breakdown").status == .notFound)
    }
}
