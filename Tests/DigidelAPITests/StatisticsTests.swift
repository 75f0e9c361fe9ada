import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// What was counted, by any columns, as anyone may ask it.
@Suite struct StatisticsTests {
    /// Digidel2013 and a campaign of a series, with counts that differ in all that they say.
    private func service() async throws -> TestApp {
        var history = try await RandomHistory(seed: 11)
        for _ in 1...12 { try await history.step() }
        try await history.makeCheckpoints(after: 15)
        return history.service
    }

    /// Digidel2013 with one count.
    private func withOneCount(_ changes: [String: JSONValue] = [:]) async throws -> TestApp {
        let service = try await TestApp.withDigidel2013()
        let answer = await service.post("participant-counts", TestApp.count(changes))
        guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        return service
    }

    // MARK: Columns

    @Test func columnsAndPairsAreWhatTheRevisionsSay() async throws {
        let service = try await service()
        let counts = try await CountHistory(service)
        let all = Grouping.allCases.map(\.rawValue)
        let people: Set = ["gender", "age", "priorUse"]
        var asked = all.map { [$0] }
        for (first, one) in all.enumerated() {
            // Some of all pairs, every column with others before it and behind it.
            for (second, other) in all.enumerated() where (2 * first + 3 * second) % 5 == 1 && first != second
            {
                if !(people.contains(one) && people.contains(other)) { asked.append([one, other]) }
            }
        }
        for groupBy in asked {
            let columns = groupBy.contains("measure") ? groupBy : groupBy + ["measure"]
            let answer = await service.get(
                "statistics?groupBy=\(groupBy.joined(separator: ","))", key: TestApp.adminKey)
            #expect(answer.sums(by: columns) == CountHistory.sums(counts.counts(), by: columns), "\(groupBy)")
            #expect(answer["groupBy"]?.list?.compactMap(\.string) == groupBy)
        }
    }

    @Test func withoutColumnsThereIsARowPerMeasure() async throws {
        let service = try await service()
        let counts = try await CountHistory(service).counts()
        let answer = await service.get("statistics")
        #expect(answer.sums(by: ["measure"]) == CountHistory.sums(counts, by: ["measure"]))
        #expect(answer["groupBy"] == [])
        #expect(answer["finality"] == "preliminary")
        #expect(answer["items", 0]?.names == ["measure", "value"])
    }

    private static let labels = [
        ["2016-01-01", "2015-W53", "2016-01", "2016-Q1", "2016"],
        ["2016-01-04", "2016-W01", "2016-01", "2016-Q1", "2016"],
        ["2016-02-29", "2016-W09", "2016-02", "2016-Q1", "2016"],
        ["2016-03-31", "2016-W13", "2016-03", "2016-Q1", "2016"],
        ["2016-04-01", "2016-W13", "2016-04", "2016-Q2", "2016"],
        ["2018-12-31", "2019-W01", "2018-12", "2018-Q4", "2018"],
    ]

    /// By the last days of the reports' periods.
    @Test func timeIsWrittenAsReportersWriteIt() async throws {
        let service = try await TestApp.withDigidel2013(at: "2019-06-01T10:00:00Z")
        _ = await service.patch("campaigns/digidel2013", ["startsOn": "2015-01-01", "endsOn": "2019-12-31"])
        for labels in Self.labels {
            let report = TestApp.count(["from": "2015-12-01", "to": .string(labels[0]), "externalId": .null])
            #expect(await service.post("participant-counts", report).status == .created)
        }
        let columns = ["day", "week", "month", "quarter", "year"]
        let answer = await service.get("statistics?groupBy=\(columns.joined(separator: ","))")
        let rows = (answer["items"]?.list ?? []).map { item in columns.compactMap { item[$0]?.string } }
        #expect(rows == Self.labels)
        for (column, name) in columns.enumerated() {
            let labels = Set(Self.labels.map { $0[column] }).sorted()
            let answer = await service.get("statistics?groupBy=\(name)")
            #expect((answer["items"]?.list ?? []).compactMap { $0[name]?.string } == labels)
            // And reports may be for them.
            #expect(name == "day" || labels.allSatisfy { Period($0) != nil })
        }
    }

    /// Inhabitants are those of the area, whichever column comes first.
    @Test func placesHaveInhabitants() async throws {
        let service = try await withOneCount()
        let population = await service.get("areas/se-05")["population"]
        for groupBy in ["county", "county,organisation", "organisation,county", "month,channel,county"] {
            let item = await service.get("statistics?groupBy=\(groupBy)")["items", 0]
            #expect(item?["population"] == population, "\(groupBy)")
        }
        // Two kinds of area have not one number.
        #expect(await service.get("statistics?groupBy=county,municipality")["items", 0, "population"] == nil)
        #expect(await service.get("statistics?groupBy=organisation")["items", 0, "population"] == nil)
        let cube = await service.get("statistics?groupBy=organisation,county&format=json-stat")
        #expect(cube["dimension", "county", "category", "label", "se-05"] == "Östergötland")
        #expect(
            cube["dimension", "organisation", "category", "label", "motala-bibliotek"] == "motala-bibliotek")
    }

    // MARK: Filters

    @Test func filtersNarrowWhatIsSummed() async throws {
        let service = try await service()
        let counts = try await CountHistory(service)
        let filters: [(String, (CountHistory.Revision) -> Bool)] = [
            ("campaign=varen", { $0.coordinate("campaign") == "varen" }),
            ("campaign=varen,digidel2013", { _ in true }), ("campaign=nothing", { _ in false }),
            ("campaign=nothing,varen", { $0.coordinate("campaign") == "varen" }),
            ("series=arstider", { $0.coordinate("campaign") == "varen" }), ("series=nothing", { _ in false }),
            ("series=arstider&campaign=digidel2013", { _ in false }),
            ("measure=reached,attendances", { $0.coordinate("measure") != "newlyIncluded" }),
            ("measure=activitiesHeld", { _ in false }),
            ("area=se-05", { counts.lies($0, in: ["se-05"]) }),
            ("area=se-05,no", { counts.lies($0, in: ["se-05", "no"]) }), ("area=xx", { _ in false }),
            ("from=2012-03-10&to=2012-04-20", { "2012-03-10"..."2012-04-20" ~= $0.to.description }),
            ("from=2012-03-01&to=2012-03-31", { $0.to.description.hasPrefix("2012-03") }),
            ("to=2012-03-15", { $0.to.description <= "2012-03-15" }),
            ("from=2012-04-20&to=2012-03-10", { _ in false }),
            ("from=2012-03-20&to=2012-03-10", { _ in false }),
        ]
        for (filter, holds) in filters {
            for columns in [["measure"], ["county", "measure"], ["gender", "channel", "measure"]] {
                let answer = await service.get(
                    "statistics?groupBy=\(columns.joined(separator: ","))&\(filter)", key: TestApp.adminKey)
                let expected = CountHistory.sums(counts.counts().filter(holds), by: columns)
                #expect(answer.status == .ok, "\(answer.text)")
                #expect(answer.sums(by: columns) == expected, "\(filter) \(columns)")
            }
        }
    }

    private static let refused = [
        "groupBy=gender,age", "groupBy=age,measure,priorUse", "groupBy=county,county", "groupBy=planet",
        "groupBy=", "measure=people", "from=2012", "to=2012-13-01", "asOf=2999-01-01T00:00:00Z", "asOf=now",
        "format=xml", "format=csv,json", "campaign=", "page=1", "by=county", "on=2012-01-01",
    ]

    @Test func whatCannotBeAnsweredIsRefused() async throws {
        let service = try await TestApp.make()
        for query in Self.refused {
            let answer = await service.get("statistics?\(query)")
            #expect(answer.status == .badRequest)
            #expect(answer.faults == [String(query.prefix { $0 != "=" }): "malformed"])
        }
    }

    @Test func draftsAreForCoordinators() async throws {
        let service = try await TestApp.withDigidel2013()
        let draft: JSONValue = [
            "id": "draft", "name": "Draft", "startsOn": "2012-01-01", "endsOn": "2012-12-31",
            "draft": .bool(true),
            "countries": ["se"], "organiser": "motala-bibliotek", "measures": ["newlyIncluded"],
        ]
        #expect(await service.post("campaigns", draft).status == .created)
        let before = await service.get("statistics")
        // What it counts is hidden as long as it is one; the service itself takes no counts for drafts.
        try await service.app.database.execute("update campaigns set announced_at = now() where id = 'draft'")
        let count = await service.post("participant-counts", TestApp.count(["campaign": "draft"]))
        #expect(count.status == .created, "\(count.text)")
        try await service.app.database.execute("update campaigns set announced_at = null where id = 'draft'")
        let after = await service.get("statistics")
        #expect(after["items"] == [])
        #expect(after["version"] == before["version"])
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        #expect(await service.get("statistics?campaign=draft", key: partner)["items"] == [])
        #expect(await service.get("statistics", key: TestApp.adminKey)["items", 0, "value"] == 42)
    }

    @Test func whatIsLockedIsFinal() async throws {
        let service = try await withOneCount()
        #expect(await service.get("statistics")["finality"] == "preliminary")
        let before = await service.get("statistics")["asOf"]?.string ?? ""
        let locked = await service.post("campaigns/digidel2013/lock", [:])
        #expect(locked.status == .ok)
        #expect(await service.get("statistics")["finality"] == "final")
        #expect(await service.get("statistics?asOf=\(before)")["finality"] == "preliminary")
        #expect(await service.get("statistics?campaign=nothing")["finality"] == "preliminary")
    }

    @Test func beforeAnythingWasReportedThereIsNothing() async throws {
        let service = try await withOneCount()
        for groupBy in ["measure", "county", "gender,day", "organisation,kind"] {
            let answer = await service.get("statistics?groupBy=\(groupBy)&asOf=2012-01-01T00:00:00Z")
            #expect(answer["items"] == [])
            #expect(answer["asOf"] == "2012-01-01T00:00:00Z")
        }
    }

    // MARK: Forms

    @Test func theFormIsTheOneThatIsWanted() async throws {
        let service = try await withOneCount(["area": "se"])
        let forms: [(String, String, String)] = [
            ("", "*/*", "application/json"), ("", "text/csv", "text/csv; charset=utf-8; header=present"),
            ("", "application/json-stat+json", "application/json-stat+json"),
            ("?format=csv", "application/json", "text/csv; charset=utf-8; header=present"),
            ("?format=json-stat", "*/*", "application/json-stat+json"),
            ("?format=json", "text/csv", "application/json"),
            ("", "text/html", "application/json"),
        ]
        var etags: [String: String] = [:]
        for (query, accept, mediaType) in forms {
            let answer = await service.get("statistics\(query)", fields: ["Accept": accept])
            #expect(answer.response.fields["Content-Type"] == mediaType, "\(query) \(accept)")
            #expect(answer.response.fields["Vary"]?.contains("Accept,") == true)
            let etag = try #require(answer.etag)
            let known = await service.get(
                "statistics\(query)", fields: ["Accept": accept, "If-None-Match": etag])
            #expect(known.status == .notModified)
            #expect(known.response.body.isEmpty)
            #expect(known.response.fields["Vary"] == answer.response.fields["Vary"])
            #expect(known.response.fields["Content-Type"] == nil)
            if query.isEmpty { etags[mediaType] = etag }
        }
        // Another form is another content.
        #expect(Set(etags.values).count == 3)
        #expect(await service.get("statistics?format=csv").text == "measure,value\r\nnewlyIncluded,42\r\n")
        #expect(
            await service.get("statistics?format=csv&groupBy=county").text
                == "county,measure,value,population,perThousand\r\n,newlyIncluded,42,,\r\n")
    }

    @Test func anETagEndsWithWhatItStoodFor() async throws {
        let service = try await withOneCount()
        let etag = try #require(await service.get("statistics").etag)
        let key = try #require(await service.get("statistics", key: TestApp.adminKey).etag)
        #expect(key != etag)
        _ = await service.post("participant-counts", TestApp.count(["value": 0, "externalId": "zero"]))
        #expect(await service.get("statistics", fields: ["If-None-Match": etag]).status == .ok)
    }

    /// The forms hide the same.
    @Test func fewPeopleAreHiddenInEveryForm() async throws {
        let service = try await withOneCount(["breakdowns": ["gender": ["woman": 2, "man": 40]]])
        let json = await service.get("statistics?groupBy=gender")
        #expect(
            json["items", 0] == [
                "gender": "man", "measure": "newlyIncluded", "value": .null, "suppressed": .bool(true),
            ])
        let csv = await service.get("statistics?groupBy=gender&format=csv")
        #expect(
            csv.text
                == "gender,measure,value,suppressed\r\nman,newlyIncluded,,true\r\nwoman,newlyIncluded,,true\r\n"
        )
        let cube = await service.get("statistics?groupBy=gender&format=json-stat")
        #expect(cube["value"] == [:])
        #expect(cube["status"] == ["0": "suppressed", "1": "suppressed"])
        let all = await service.get("statistics?groupBy=gender&format=csv", key: TestApp.adminKey)
        #expect(all.text.contains("woman,newlyIncluded,2,false"))
    }

    /// Each form is what the document says of it.
    @Test(arguments: ["csv", "json-stat", "json"])
    func everyFormIsDocumented(format: String) async throws {
        let document = try OpenAPIDocument.load()
        let service = try await withOneCount()
        let columns = Grouping.allCases.map(\.rawValue).filter { !["age", "priorUse"].contains($0) }
        for groupBy in [columns.joined(separator: ","), "gender", "measure"] {
            let answer = await service.get("statistics?groupBy=\(groupBy)&format=\(format)")
            #expect(answer.status == .ok, "\(answer.text)")
            var fields = Dictionary(answer.response.fields.map { ($0.name, $0.value) }) { first, _ in first }
            fields["traceparent"] = answer.response.trace?.traceparent
            let faults = try document.faults(
                inAnswerTo: "GET", "/v1/statistics", status: 200, fields: fields,
                body: Data(answer.response.body))
            #expect(faults.isEmpty, "\(format) \(groupBy)")
        }
    }
}
