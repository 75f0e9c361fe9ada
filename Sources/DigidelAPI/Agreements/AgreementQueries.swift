import Foundation
import Postgres

/// Which agreements are wanted.
struct AgreementFilter: ListFilter {
    typealias Item = Agreement
    let states: [Agreement.State]
    let parties: [String]
    /// A day on which they are in force.
    let on: CalendarDate?
    /// The first and the last of the days on one of which they are valid.
    let from: CalendarDate?
    let to: CalendarDate?
    let text: String?
    private let today: CalendarDate

    init(_ query: inout QueryInput, _ call: Call) {
        states = query.choices("state")
        parties = query.ids("party")
        on = query.date("on")
        from = query.date("from")
        to = query.date("to")
        text = query.text("q", limit: 200)
        today = call.today
    }

    var columns: ListColumns {
        ListColumns(
            [
                .init("id", "id"), .unsorted("parties"), .localised("subject", "subject"),
                .init("signedOn", "signed_on", "date"), .init("validFrom", "valid_from", "date"),
                .init("validTo", "coalesce(valid_to, 'infinity')", "date"),
                .init("terminatedOn", "coalesce(terminated_on, 'infinity')", "date"),
                .unsorted("deliverables"),
                .init("state", "agreement_state((agreements.*)::agreements, \(today))"),
            ] + .record)
    }

    let source: SQL = "agreements"
    var selection: SQL { .agreement(on: today) }

    var conditions: [SQL?] {
        [
            states.isEmpty ? nil : "agreement_state((agreements.*)::agreements, \(today)) = any(\(states))",
            on.map { "agreement_state((agreements.*)::agreements, \($0)) = 'inForce'" },
            .overlaps(
                from: "valid_from", to: "coalesce(least(valid_to, terminated_on), 'infinity')", from, to),
            // Terminated before it was valid, it never was.
            from == nil && to == nil ? nil : "valid_from <= coalesce(terminated_on, 'infinity')",
        ]
    }

    var search: SQL? { .all(.overlaps("parties", parties), .matches("subject", text)) }

    var total: SQL? { isEverything ? .total(of: "agreements") : nil }
}

extension Queryable {
    func agreement(id: String, on today: CalendarDate) async throws(PostgresError) -> Agreement? {
        try await first("select \(SQL.agreement(on: today)) from agreements where id = \(id)")
    }

    func createAgreement(
        id: String, _ input: AgreementInput, on today: CalendarDate
    ) async throws(PostgresError) -> Agreement? {
        try await first(
            """
            insert into agreements (id, \(input.stored.columns)) values (\(id), \(input.stored.values))
            returning \(SQL.agreement(on: today))
            """)
    }

    /// Nil when the agreement has not that revision any more.
    func updateAgreement(
        _ agreement: Agreement, _ input: AgreementInput, on today: CalendarDate
    ) async throws(PostgresError) -> Agreement? {
        try await first(
            """
            update agreements
            set \(input.stored.assignments), updated_at = now(), revision = revision + 1
            where id = \(agreement.id) and revision = \(agreement.revision)
            returning \(SQL.agreement(on: today))
            """)
    }
}

extension SQL {
    /// An agreement, and how it stands on a day.
    static func agreement(on today: CalendarDate) -> SQL {
        "agreements.*, agreement_state((agreements.*)::agreements, \(today)) as state"
    }
}
