import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// The activity and the service point that a count may name.
@Suite struct CountPlaceTests {
    private static let nowhere = "0156a3c1-4e00-7b3a-9d21-6c0f5e8a7b14"

    /// Digidel2013 with a service point; the id of an activity.
    private func service() async throws -> (TestApp, activity: String) {
        let service = try await TestApp.withDigidel2013()
        try await service.makeServicePoint("punkten", LocalisedText([.sv: "Punkten"]))
        let activity = await service.post(
            "activities",
            [
                "title": "Kurs", "organiser": "motala-bibliotek", "type": "course",
                "campaign": "digidel2013", "from": "2012-06-01",
            ])
        return (service, try #require(activity["id"]?.string))
    }

    @Test func aCountNamesThemInEveryRevision() async throws {
        let (service, activity) = try await service()
        let report = TestApp.count(["activity": .string(activity), "servicePoint": "punkten"])
        let created = await service.post("participant-counts", report)
        #expect(created.status == .created, "\(created.text)")
        #expect(created["activity"]?.string == activity)
        #expect(created["servicePoint"] == "punkten")
        // The same again, however the id is written.
        let again = await service.post(
            "participant-counts",
            report.merged(with: ["activity": .string(activity.uppercased())]))
        #expect(again.status == .ok, "\(again.text)")
        #expect(again["revision"] == 1)
        let other = await service.post("participant-counts", report.merged(with: ["activity": .null]))
        #expect(other.codes == ["externalIdTaken"])

        let corrected = await service.put(
            created.created, report.merged(with: ["activity": .null, "reason": "typo"]))
        #expect(corrected.status == .ok, "\(corrected.text)")
        #expect(corrected["revision"] == 2)
        #expect(corrected["activity"] == nil)
        #expect(corrected["servicePoint"] == "punkten")
        let revisions = await service.get(created.created + "/revisions", key: TestApp.adminKey)
        #expect(revisions["items", 0, "activity"]?.string == activity)
        #expect(revisions["items", 1, "activity"] == nil)
        // It counts where it has counted.
        #expect(await service.get("goals/digidel2013/progress")["value"] == 42)
    }

    @Test func whatTheyNameIsThere() async throws {
        let (service, activity) = try await service()
        let unknown: JSONValue = ["activity": .string(Self.nowhere), "servicePoint": "nowhere"]
        let faults = ["/activity": "unknownActivity", "/servicePoint": "unknownServicePoint"]
        let refused = await service.post("participant-counts", TestApp.count().merged(with: unknown))
        #expect(refused.status == .unprocessableContent)
        #expect(refused.faults == faults)
        let malformed = await service.post(
            "participant-counts", TestApp.count(["activity": "kurs", "servicePoint": "A"]))
        #expect(malformed.status == .badRequest)
        #expect(malformed.faults == ["/activity": "malformed", "/servicePoint": "malformed"])
        let created = await service.post("participant-counts", TestApp.count())
        let corrected = await service.put(created.created, TestApp.count().merged(with: unknown))
        #expect(corrected.status == .unprocessableContent)
        #expect(corrected.faults == faults)
        // What is made after it was asked for is found.
        try await service.makeServicePoint("nowhere", LocalisedText([.sv: "Ny"]))
        let found = await service.put(
            created.created, TestApp.count(["servicePoint": "nowhere", "activity": .string(activity)]))
        #expect(found.status == .ok, "\(found.text)")
    }

    @Test func rowsOfABatchNameThem() async throws {
        let (service, activity) = try await service()
        let csv = """
            organisation,campaign,measure,value,from,to,area,channel,activity,servicePoint,externalId
            motala-bibliotek,digidel2013,attendances,7,2012-06-01,2012-06-01,se-0583,onSite, \(activity) ,punkten,a
            motala-bibliotek,digidel2013,attendances,7,2012-06-01,2012-06-01,se-0583,onSite,\(Self.nowhere),,b
            motala-bibliotek,digidel2013,attendances,7,2012-06-01,2012-06-01,se-0583,onSite,,nowhere,c
            motala-bibliotek,digidel2013,attendances,7,2012-06-01,2012-06-01,se-0583,onSite,kurs,,d
            motala-bibliotek,digidel2013,attendances,7,2012-06-01,2012-06-01,se-0583,onSite,,,e
            """
        let answer = await service.send(
            .post, "participant-counts/batch", body: Array(csv.utf8), as: "text/csv")
        #expect(answer.status == .ok, "\(answer.text)")
        let outcomes = answer["outcomes"]?.list ?? []
        #expect(
            outcomes.map { $0["outcome"]?.string } == [
                "created", "rejected", "rejected", "rejected", "created",
            ])
        #expect(
            outcomes.compactMap { $0["issues"]?.list?.first?["code"]?.string } == [
                "unknownActivity", "unknownServicePoint", "malformed",
            ])
        let list = await service.get(
            "participant-counts?sort=externalId&format=csv", key: TestApp.adminKey)
        #expect(list.text.contains(",onSite,,\(activity),punkten,"), "\(list.text)")
        let sorted = await service.get(
            "participant-counts?sort=-servicePoint,activity", key: TestApp.adminKey)
        #expect(sorted["items", 0, "externalId"] == "a")
    }
}
