import Foundation
import HTTP
import Testing

@testable import DigidelAPI

/// What the replays of the programmes need, all of it by requests.
extension TestApp {
    /// Posts each of these, all of which must be new, and returns their ids.
    @discardableResult
    func create(
        _ collection: String, _ bodies: [JSONValue], key: String? = TestApp.adminKey
    ) async throws -> [String] {
        var ids: [String] = []
        for body in bodies {
            let answer = await post(collection, body, key: key)
            guard answer.status == .created else { throw Unexpected(answer) }
            ids.append(answer["id"]?.string ?? "")
        }
        return ids
    }

    /// Organisations by id, kind, area and name, which is in that language.
    func makeOrganisations(
        in language: Language = .sv, _ rows: [(id: String, kind: String, area: String, name: String)]
    ) async throws {
        try await create(
            "organisations",
            rows.map { row in
                [
                    "id": .string(row.id), "kind": .string(row.kind), "area": .string(row.area),
                    "name": .object([language.rawValue: .string(row.name)]),
                ]
            })
    }

    /// Reports all of these in one batch, which must take them all.
    func report(_ counts: [JSONValue]) async throws {
        let answer = await post("participant-counts/batch?mode=atomic", .array(counts))
        guard answer["tallies", "created"]?.integer == counts.count else { throw Unexpected(answer) }
    }

    /// Announces, opens, closes, publishes, locks: POST without a body that says anything.
    func act(_ target: String) async throws {
        let answer = await post(target, [:])
        guard answer.status == .ok else { throw Unexpected(answer) }
    }

    /// Puts something that has an id of the client's and may be new or not.
    func place(_ target: String, _ body: JSONValue, key: String? = TestApp.adminKey) async throws {
        let answer = await ask(.put, target, body, key: key)
        guard [.created, .ok].contains(answer.status) else { throw Unexpected(answer) }
    }
}

extension Answer {
    /// These members of each item, in the list's order.
    func table(_ members: String...) -> JSONValue {
        json?["items"]?.table(members) ?? .string(text)
    }
}

extension JSONValue {
    /// These members of each element, null where there is none.
    func table(_ members: [String]) -> JSONValue {
        .array((list ?? []).map { element in .array(members.map { element[$0] ?? .null }) })
    }

    /// These members of each element, null where there is none.
    func table(_ members: String...) -> JSONValue { table(members) }

    /// A whole number.
    static func whole(_ number: Int) -> JSONValue { .number(Decimal(number)) }

    /// A share as answers have it.
    static func share(_ numerator: Int, of denominator: Int, percent: String) -> JSONValue {
        [
            "numerator": .whole(numerator), "denominator": .whole(denominator),
            "percent": .exactly(percent),
        ]
    }
}
