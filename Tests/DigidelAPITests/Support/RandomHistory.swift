import Foundation
import HTTP
import Postgres

@testable import DigidelAPI

/// A service with two campaigns, goals of every kind of scope, and a random history of counts that differ in all that
/// they say; a history can be had again by its seed.
struct RandomHistory {
    let service: TestApp
    var dice: Dice

    static let campaigns = ["digidel2013", "varen"]
    static let goals = ["digidel2013", "scoped", "all", "late", "weekly"]
    private static let organisations = [
        "motala-bibliotek": "se-0583", "ostergotland": "se-05", "oslo": "no-0301",
    ]
    private static let areas = ["se-0583", "se-0580", "se-05", "se-0180", "se", "no-0301", "no"]

    /// Nothing has been counted yet.
    init(seed: UInt64) async throws {
        service = try await TestApp.make()
        dice = Dice(state: seed)
        for (id, area) in Self.organisations { try await service.makeOrganisation(id, area: area) }
        try await service.makeDigidel2013()
        _ = await service.patch("organisations/oslo", ["kind": "agency"])
        _ = await service.patch("campaigns/digidel2013", ["countries": ["se", "no"]])
        let made: [(String, JSONValue)] = [
            ("campaign-series", ["id": "arstider", "name": "Årstider"]),
            (
                "campaigns",
                [
                    "id": "varen", "name": "Våren", "startsOn": "2012-01-16", "endsOn": "2012-06-20",
                    "countries": ["se", "no"], "organiser": "motala-bibliotek", "series": "arstider",
                    "measures": ["newlyIncluded", "attendances", "reached"],
                ]
            ),
            (
                "goals",
                Self.goal(
                    "scoped",
                    [
                        "campaign": "digidel2013", "measure": "attendances",
                        "scope": ["areas": ["se-05"], "channels": ["onSite", "phone"]],
                    ])
            ),
            ("goals", Self.goal("all", ["startsOn": "2012-02-10", "endsOn": "2012-05-20"])),
            (
                "goals",
                Self.goal(
                    "late",
                    [
                        "campaign": "digidel2013", "startsOn": "2012-03-01", "endsOn": "2012-04-30",
                        "baseline": ["value": 1000], "target": 10, "direction": "down",
                    ])
            ),
            (
                "goals",
                Self.goal(
                    "weekly",
                    [
                        "campaign": "varen", "startsOn": "2012-02-15",
                        "scope": ["kinds": ["library"]], "baseline": ["value": 7],
                    ])
            ),
        ]
        for (collection, body) in made {
            let answer = await service.post(collection, body)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
    }

    private static func goal(_ id: String, _ changes: [String: JSONValue]) -> JSONValue {
        let goal: JSONValue = [
            "id": .string(id), "name": .string(id), "kind": "contribution", "measure": "newlyIncluded",
            "target": 5000,
        ]
        return goal.merged(with: .object(changes))
    }

    /// Reports and corrects some counts at once, or withdraws one.
    mutating func step() async throws {
        if Int.random(in: 0..<5, using: &dice) == 0 { return try await withdraw() }
        let reports = (0..<Int.random(in: 1...8, using: &dice)).map { _ in report() }
        let answer = await service.ask(
            .post, "participant-counts/batch?onExisting=revise", .array(reports))
        guard answer.status == .ok, answer["tallies", "created"]?.integer != nil else {
            throw TestApp.Unexpected(answer)
        }
    }

    private mutating func withdraw() async throws {
        let name = Int.random(in: 0..<30, using: &dice)
        let found = await service.get("participant-counts?externalId=r\(name)", key: TestApp.adminKey)
        guard let id = found["items", 0, "id"]?.string else { return }
        let answer = await service.ask(.delete, "participant-counts/\(id)", fields: ["If-Match": "*"])
        guard answer.status == .ok else { throw TestApp.Unexpected(answer) }
    }

    /// A report of one of thirty counts; what it is of and by whom never changes, all else may.
    private mutating func report() -> JSONValue {
        let name = Int.random(in: 0..<30, using: &dice)
        let campaign = Self.campaigns[name % 2]
        let organisations = Self.organisations.keys.sorted()
        let measures =
            campaign == "varen"
            ? ["newlyIncluded", "attendances", "reached"] : ["newlyIncluded", "attendances"]
        let measure = pick(measures)
        let to = CalendarDate(dayNumber: 15355 + Int.random(in: 0..<150, using: &dice))
        let from = max(to - pick([0, 0, 6, 30]), CalendarDate(dayNumber: 15355))
        let value = Int.random(in: 0...12, using: &dice)
        var report: [String: JSONValue] = [
            "externalId": .string("r\(name)"), "campaign": .string(campaign),
            "organisation": .string(organisations[name % 3]), "measure": .string(measure),
            "value": .number(Decimal(value)), "from": .string(from.description),
            "to": .string(to.description), "area": .string(pick(Self.areas)),
            "channel": .string(pick(["onSite", "remote", "phone", "mixed"])),
        ]
        report["evidence"] =
            measure == "newlyIncluded" ? .string(pick(["selfAssessed", "estimated"])) : .null
        var breakdowns: [String: JSONValue] = [:]
        for (dimension, keys) in [("gender", ["woman", "man"]), ("age", ["0-17", "71+"])] {
            guard Bool.random(using: &dice) else { continue }
            let first = Int.random(in: 0...value, using: &dice)
            breakdowns[dimension] = [
                keys[0]: .number(Decimal(first)), keys[1]: .number(Decimal(value - first)),
            ]
        }
        report["breakdowns"] = breakdowns.isEmpty ? .null : .object(breakdowns)
        return .object(report)
    }

    /// One of these.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &dice)]
    }

    /// Makes the next checkpoint of each campaign after so many changes.
    func makeCheckpoints(after changes: Int) async throws {
        for campaign in Self.campaigns {
            while try await service.app.database.makeCheckpoint(of: campaign, changesNeeded: changes) {}
        }
    }
}
