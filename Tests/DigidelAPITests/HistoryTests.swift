import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// Random histories of reports, corrections, withdrawals and batches, beside a model in memory that knows nothing of
/// SQL: after every step totals agree, and what was known at an instant stays so.
@Suite struct HistoryTests {
    /// What a report says that may change.
    private struct Content: Equatable {
        var value: Int
        var area = "se-0583"
        var to = "2012-06-30"
    }

    /// What should be there: by externalId what counts, nil when it was withdrawn.
    private struct Model {
        var counts: [String: Content?] = [:]
        var total: Int { counts.values.compactMap { $0?.value }.reduce(0, +) }
    }

    @Test(arguments: 1...6) func everyHistoryAgreesWithTheModel(seed: UInt64) async throws {
        let service = try await TestApp.withDigidel2013()
        try await makeGoals(service)
        var dice = Dice(state: seed)
        var model = Model()
        var known: [(asOf: String, total: Int)] = []
        var values: [(target: String, value: Int)] = []
        for _ in 1...40 {
            switch Int.random(in: 0..<10, using: &dice) {
            case 0...3: try await report(service, &model, &dice)
            case 4...5: try await correct(service, &model, &dice)
            case 6: try await withdraw(service, &model, &dice)
            default: try await batch(service, &model, &dice)
            }
            let progress = await service.get("goals/digidel2013/progress")
            #expect(progress["value"]?.integer == model.total)
            known.append((progress["asOf"]?.string ?? "", progress["value"]?.integer ?? -1))
            // As known at one of the instants until now, on some day.
            let asOf = known[Int.random(in: 0..<known.count, using: &dice)].asOf
            let on = "2012-06-\(Int.random(in: 10...30, using: &dice))"
            for (goal, naive) in Self.naive {
                let target = "goals/\(goal)/progress?on=\(on)&asOf=\(asOf)"
                let value = await service.get(target)["value"]?.integer ?? -1
                #expect(try await service.number(naive(on, asOf)) == value, "\(target)")
                values.append((target, value))
            }
        }
        for (target, value) in values {
            #expect(await service.get(target)["value"]?.integer == value, "\(target)")
        }
        for (asOf, total) in known {
            let then = await service.get("goals/digidel2013/progress?asOf=\(asOf)")
            #expect(then["value"]?.integer == total, "\(asOf)")
        }
        try await expectInvariants(service, total: model.total)
    }

    // MARK: Goals

    /// One that looks into the ledger, and one that counts municipalities, beside the one that looks into totals.
    private func makeGoals(_ service: TestApp) async throws {
        let goals: [JSONValue] = [
            [
                "id": "in-motala", "name": "I Motala", "kind": "contribution", "measure": "newlyIncluded",
                "campaign": "digidel2013", "target": 1000, "scope": ["areas": ["se-0583"]],
            ],
            [
                "id": "everywhere", "name": "Överallt", "kind": "coverage", "predicate": "hasReport",
                "campaign": "digidel2013", "targetPercent": 50, "scope": ["areas": ["se-05"]],
            ],
        ]
        for goal in goals {
            let created = await service.post("goals", goal)
            guard created.status == .created else { throw TestApp.Unexpected(created) }
        }
    }

    /// The value of each goal on a day, as known at an instant, from the revisions alone.
    private static let naive: [(goal: String, sql: @Sendable (String, String) -> SQL)] = [
        ("digidel2013", { "select coalesce(sum(value), 0)::bigint as number from \(accepted($0, $1))" }),
        (
            "in-motala",
            {
                "select coalesce(sum(value), 0)::bigint as number from \(accepted($0, $1)) where area = 'se-0583'"
            }
        ),
        (
            "everywhere",
            { "select count(distinct area) as number from \(accepted($0, $1)) where length(area) = 7" }
        ),
    ]

    /// The counts that were accepted at an instant, of periods that end until a day.
    private static func accepted(_ on: String, _ asOf: String) -> SQL {
        """
        (
            select *
            from (
                select distinct on (id) *
                from participant_counts
                where recorded_at <= \(asOf)::timestamptz
                order by id, revision desc
            ) as latest
            where status = 'accepted' and to_date <= \(on)::date
        ) as accepted
        """
    }

    // MARK: Steps

    private func report(_ service: TestApp, _ model: inout Model, _ dice: inout Dice) async throws {
        let (id, content) = (name(&dice), content(&dice))
        let answer = await service.post("participant-counts", Self.report(id, content))
        switch model.counts[id] {
        case nil:
            #expect(answer.status.rawValue == 201)
            model.counts[id] = content
        case .some(let stored): #expect(answer.status.rawValue == (stored == content ? 200 : 409))
        }
    }

    private func correct(_ service: TestApp, _ model: inout Model, _ dice: inout Dice) async throws {
        let (id, content) = (name(&dice), content(&dice))
        guard let stored = model.counts[id], let path = try await path(service, id) else { return }
        let answer = await service.put(path, Self.report(id, content))
        #expect(answer.status.rawValue == (stored == nil ? 409 : 200), "\(answer.text)")
        if stored != nil { model.counts[id] = content }
    }

    private func withdraw(_ service: TestApp, _ model: inout Model, _ dice: inout Dice) async throws {
        let id = name(&dice)
        guard model.counts[id] != nil, let path = try await path(service, id) else { return }
        #expect(await service.ask(.delete, path, fields: ["If-Match": "*"]).status.rawValue == 200)
        model.counts[id] = .some(nil)
    }

    private func batch(_ service: TestApp, _ model: inout Model, _ dice: inout Dice) async throws {
        let (isAtomic, revises) = (Bool.random(using: &dice), Bool.random(using: &dice))
        let isDry = Int.random(in: 0..<4, using: &dice) == 0
        var after = model
        var rejected = 0
        var rows: [JSONValue] = []
        for _ in 0..<Int.random(in: 1...6, using: &dice) {
            let (id, content) = (name(&dice), content(&dice))
            rows.append(Self.report(id, content))
            switch after.counts[id] {
            case nil: after.counts[id] = content
            case .some(content): break
            case .some(.some) where revises: after.counts[id] = content
            case .some: rejected += 1
            }
        }
        let existing = revises ? "revise" : "fail"
        let query = "mode=\(isAtomic ? "atomic" : "partial")&dryRun=\(isDry)&onExisting=\(existing)"
        let answer = await service.ask(.post, "participant-counts/batch?\(query)", .array(rows))
        let isUndone = isAtomic && rejected > 0
        #expect(
            answer["tallies", "rejected"]?.integer == (isUndone ? rows.count : rejected), "\(answer.text)")
        if !isDry && !isUndone { model = after }
    }

    // MARK: What must hold

    private func expectInvariants(_ service: TestApp, total: Int) async throws {
        let current = try await service.number(
            "select coalesce(sum(value), 0)::bigint as number from current_participant_counts where status = 'accepted'"
        )
        #expect(current == total)
        #expect(
            try await service.number("select coalesce(sum(delta), 0)::bigint as number from count_ledger")
                == total)
        #expect(
            try await service.number("select coalesce(sum(value), 0)::bigint as number from count_totals")
                == total)
        // Totals know how many counts there are, in all and of each scope.
        let uncounted = try await service.number(
            """
            select count(*) as number
            from (
                select campaign, measure, to_date, count(*) as counts
                from current_participant_counts
                group by campaign, measure, to_date
            ) as current
            full join count_totals using (campaign, measure, to_date)
            where coalesce(current.counts, 0) <> coalesce(count_totals.counts, 0)
            """)
        #expect(uncounted == 0)
        let disorder = try await service.number(
            """
            select count(*) as number
            from (select recorded_at, lag(recorded_at) over (order by sequence) as before from count_ledger) as lines
            where recorded_at < before
            """)
        #expect(disorder == 0)
    }

    private func path(_ service: TestApp, _ id: String) async throws -> String? {
        let found = await service.get("participant-counts?externalId=\(id)", key: TestApp.adminKey)
        return found["items", 0, "id"]?.string.map { "participant-counts/\($0)" }
    }

    private func name(_ dice: inout Dice) -> String { "r\(Int.random(in: 0..<12, using: &dice))" }

    private func content(_ dice: inout Dice) -> Content {
        Content(
            value: Int.random(in: 0...5, using: &dice),
            area: ["se-0583", "se-0580", "se-05"][Int.random(in: 0..<3, using: &dice)],
            to: "2012-06-\(Int.random(in: 10...30, using: &dice))")
    }

    private static func report(_ id: String, _ content: Content) -> JSONValue {
        TestApp.count([
            "externalId": .string(id), "value": .number(Decimal(content.value)),
            "area": .string(content.area), "to": .string(content.to),
        ])
    }
}
