import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

@Suite struct IndicatorTests {
    private static let item = "indicators/ovana"
    private static let day = "indicators/ovana/observations/2011-12-31"

    private func service() async throws -> TestApp {
        let service = try await TestApp.make()
        let created = await service.post("indicators", Self.indicator())
        guard created.status == .created else { throw TestApp.Unexpected(created) }
        return service
    }

    private static func indicator(_ changes: JSONValue = [:]) -> JSONValue {
        let indicator: JSONValue = [
            "id": "ovana", "name": ["sv": "Ovana", "en": "Rare users"], "source": "SCB", "unit": "personer",
        ]
        return indicator.merged(with: changes)
    }

    // MARK: Indicators

    @Test func anIndicatorComesBackAsItWasGiven() async throws {
        let service = try await TestApp.make()
        let created = await service.post(
            "indicators?lang=all", Self.indicator(["id": .null, "description": ["nb": "Hvert år"]]))
        #expect(created.status == .created, "\(created.text)")
        #expect(created.created == Self.item)
        #expect(created["name"] == ["sv": "Ovana", "en": "Rare users"])
        #expect(created["description"] == ["nb": "Hvert år"])
        #expect(created["source"] == "SCB")
        #expect(created["unit"] == "personer")
        #expect(created["revision"] == 1)
        let english = await service.get(Self.item, fields: ["Accept-Language": "en"])
        #expect(english["name"] == "Rare users")
        #expect(await service.get("indicators?q=rare")["items", 0, "id"] == "ovana")
        #expect(await service.post("indicators", Self.indicator()).faults == ["/id": "idTaken"])
    }

    @Test func anIndicatorIsReplacedByItsRevision() async throws {
        let service = try await service()
        #expect(await service.put(Self.item, Self.indicator(), ifMatch: nil).status.rawValue == 428)
        #expect(
            await service.put(Self.item, Self.indicator(), ifMatch: "\"2\"").status == .preconditionFailed)
        let read = await service.get("\(Self.item)?lang=all", key: TestApp.adminKey)
        let changed = await service.put(
            Self.item, try #require(read.json).merged(with: ["unit": "procent"]), ifMatch: read.etag)
        #expect(changed.status == .ok, "\(changed.text)")
        #expect(changed["unit"] == "procent")
        #expect(changed["revision"] == 2)
        #expect(await service.put("indicators/nothing", Self.indicator()).status == .notFound)
        #expect(await service.patch(Self.item, ["unit": "x"]).status == .methodNotAllowed)
    }

    @Test func faultsOfAnIndicatorAreToldAtOnce() async throws {
        let service = try await service()
        let empty = await service.post("indicators", ["unit": "", "colour": "red"])
        #expect(empty.status == .badRequest)
        #expect(empty.faults.keys.sorted() == ["/colour", "/name", "/source", "/unit"])
        let personal = await service.post(
            "indicators", Self.indicator(["source": "eva@example.se", "unit": "070-123 45 67"]))
        #expect(personal.status == .unprocessableContent)
        #expect(personal.faults == ["/source": "personalData", "/unit": "personalData"])
    }

    // MARK: Observations

    @Test func anObservationIsPutCorrectedAndTakenBack() async throws {
        let service = try await service()
        let created = await service.ask(.put, Self.day, ["value": .exactly("1550000.5"), "source": "Enkät"])
        #expect(created.status == .created, "\(created.text)")
        #expect(created.created == Self.day)
        #expect(created["indicator"] == "ovana")
        #expect(created["date"] == "2011-12-31")
        #expect(created["value"] == .exactly("1550000.5"))
        #expect(created["source"] == "Enkät")
        let read = await service.get(Self.day, key: TestApp.adminKey)
        #expect(read.json == created.json)
        #expect(read.etag == created.etag)

        let corrected = await service.ask(.put, Self.day, ["value": 1_540_000])
        #expect(corrected.status == .ok)
        #expect(corrected.location == nil)
        #expect(corrected["value"] == 1_540_000)
        #expect(corrected["source"] == nil)
        #expect(corrected.etag != created.etag)

        let deleted = await service.ask(.delete, Self.day)
        #expect(deleted.status == .ok)
        #expect(deleted["value"] == 1_540_000)
        #expect(await service.get(Self.day).status == .notFound)
        #expect(await service.ask(.delete, Self.day).status == .notFound)
        #expect(await service.ask(.put, Self.day, ["value": 1]).status == .created)
        // Nothing was overwritten: three values, and the word that there is none.
        #expect(try await service.number("select count(*) as number from observation_versions") == 4)
        #expect(
            try await service.number(
                "select count(*) as number from observation_versions where value is null") == 1)
    }

    @Test func theSameAgainIsNothingNew() async throws {
        let service = try await service()
        let first = await service.ask(.put, Self.day, ["value": .exactly("1.50"), "source": "SCB"])
        let read = try #require(await service.get(Self.day).json)
        for body in [["value": .exactly("1.5"), "source": "SCB"], read] {
            let again = await service.ask(.put, Self.day, body)
            #expect(again.status == .ok, "\(again.text)")
            #expect(again["recordedAt"] == first["recordedAt"])
        }
        #expect(try await service.number("select count(*) as number from observation_versions") == 1)
    }

    @Test func versionsAreNeverChanged() async throws {
        let service = try await service()
        _ = await service.ask(.put, Self.day, ["value": 1])
        await #expect(throws: (any Error).self) {
            try await service.asOwner("update observation_versions set value = 2")
        }
        await #expect(throws: (any Error).self) {
            try await service.asOwner("delete from observation_versions")
        }
    }

    @Test func whatNobodyCanKnowIsRefused() async throws {
        // The last minute of 30 June in Stockholm.
        let service = try await service()
        service.clock.set("2012-06-30T21:59:59Z")
        let tomorrow = await service.ask(.put, "\(Self.item)/observations/2012-07-01", ["value": 1])
        #expect(tomorrow.status == .unprocessableContent)
        #expect(tomorrow.faults == ["date": "periodInFuture"])
        #expect(
            await service.ask(.put, "\(Self.item)/observations/2012-06-30", ["value": 1]).status == .created)
        service.clock.set("2012-06-30T22:00:00Z")
        #expect(
            await service.ask(.put, "\(Self.item)/observations/2012-07-01", ["value": 1]).status == .created)
    }

    @Test func faultsOfAnObservationAreTold() async throws {
        let service = try await service()
        let malformed = await service.ask(.put, Self.day, ["value": "1", "source": "", "note": "x"])
        #expect(malformed.status == .badRequest)
        #expect(malformed.faults.keys.sorted() == ["/note", "/source", "/value"])
        #expect(await service.ask(.put, Self.day, [:]).faults == ["/value": "malformed"])
        let large = await service.ask(.put, Self.day, ["value": .exactly("1000000000000.1")])
        #expect(large.faults == ["/value": "malformed"])
        let broken = await service.ask(
            .put, Self.day, ["value": .exactly("0.0000001"), "source": "eva@example.se"])
        #expect(broken.status == .unprocessableContent)
        #expect(broken.faults == ["/value": "tooManyDecimals", "/source": "personalData"])
        for date in ["2011-02-29", "x", "2011-1-1"] {
            let path = "\(Self.item)/observations/\(date)"
            for answer in [
                await service.get(path), await service.ask(.put, path, ["value": 1]),
                await service.ask(.delete, path),
            ] {
                #expect(answer.status == .badRequest)
                #expect(answer.faults == ["date": "malformed"])
            }
        }
        for path in ["indicators/nothing/observations/2011-12-31", "indicators/nothing/observations"] {
            #expect(await service.get(path).status == .notFound)
        }
        let nowhere = await service.ask(.put, "indicators/nothing/observations/2011-12-31", ["value": 1])
        #expect(nowhere.status == .notFound)
    }

    @Test func conditionsAreKept() async throws {
        let service = try await service()
        func put(_ value: Int, _ field: String, _ tag: String) async -> Status {
            await service.ask(.put, Self.day, ["value": .number(.init(value))], fields: [field: tag]).status
        }
        #expect(await put(1, "If-Match", "*") == .preconditionFailed)
        #expect(await put(1, "If-None-Match", "*") == .created)
        #expect(await put(2, "If-None-Match", "*") == .preconditionFailed)
        let etag = try #require(await service.get(Self.day, key: TestApp.adminKey).etag)
        #expect(await put(3, "If-Match", etag) == .ok)
        #expect(await put(4, "If-Match", etag) == .preconditionFailed)
        #expect(
            await service.ask(.delete, Self.day, fields: ["If-Match": etag]).status == .preconditionFailed)
        #expect(await service.get(Self.day)["value"] == 3)
    }

    @Test func onlyCoordinatorsWriteAndEverybodyReads() async throws {
        let service = try await service()
        try await service.makeOrganisation()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let coordinator = try await service.makeKey(.coordinator)
        let another = Self.indicator(["id": "another"])
        for (key, status) in [(nil, Status.unauthorized), (partner, .forbidden), (coordinator, .created)] {
            #expect(await service.post("indicators", another, key: key).status == status)
            #expect(await service.ask(.put, Self.day, ["value": 1], key: key).status == status)
        }
        for key in [nil, partner] {
            #expect(await service.get("indicators", key: key)["_meta", "totalRecords"] == 2)
            #expect(await service.get(Self.day, key: key)["value"] == 1)
            #expect(
                await service.ask(.delete, Self.day, key: key).status
                    == (key == nil ? .unauthorized : .forbidden))
        }
        #expect(await service.ask(.delete, Self.day, key: coordinator).status == .ok)
    }

    @Test func observationsAreListedByDate() async throws {
        let service = try await service()
        service.clock.set("2014-06-30T10:00:00Z")
        let values = [("2013-12-31", "1180000"), ("2011-12-31", "1550000"), ("2012-12-31", "1350000.25")]
        for (date, value) in values {
            _ = await service.ask(.put, "\(Self.item)/observations/\(date)", ["value": .exactly(value)])
        }
        _ = await service.ask(.put, "\(Self.item)/observations/2010-12-31", ["value": 1])
        _ = await service.ask(.delete, "\(Self.item)/observations/2010-12-31")
        func dates(_ query: String) async throws -> [String] {
            try await service.items("\(Self.item)/observations?\(query)", key: nil).compactMap {
                $0["date"]?.string
            }
        }
        #expect(try await dates("") == ["2011-12-31", "2012-12-31", "2013-12-31"])
        #expect(try await dates("limit=1&sort=value") == ["2013-12-31", "2012-12-31", "2011-12-31"])
        #expect(try await dates("limit=2&sort=-date") == ["2013-12-31", "2012-12-31", "2011-12-31"])
        #expect(try await dates("from=2012-12-31&to=2013-12-30") == ["2012-12-31"])
        #expect(await service.get("\(Self.item)/observations?colour=red").status == .badRequest)
    }

    /// Each of the writes at once has its own version, and the latest counts.
    @Test func correctionsAtOnceAreAllKept() async throws {
        let service = try await service()
        let statuses = await withTaskGroup(of: Int.self) { group in
            for value in 1...10 {
                group.addTask {
                    await service.ask(.put, Self.day, ["value": .number(.init(value))]).status.rawValue
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.sorted() == [200, 200, 200, 200, 200, 200, 200, 200, 200, 201])
        #expect(try await service.number("select count(*) as number from observation_versions") == 10)
        let latest = try await service.number(
            "select value::bigint as number from observation_versions order by recorded_at desc limit 1")
        #expect(await service.get(Self.day)["value"]?.integer == latest)
    }
}
