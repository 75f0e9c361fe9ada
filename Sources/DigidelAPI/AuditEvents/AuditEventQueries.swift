import Foundation
import HTTP
import Postgres

/// Which events are wanted.
struct AuditEventFilter {
    private let object: String?
    private let actor: UUID?
    /// Not before.
    private let from: Instant?

    static let sorting = Sorting(
        [
            .init("recordedAt", "recorded_at", "timestamptz"), .init("method", "method"),
            .init("role", "role"),
            .init("object", "object"), .init("id", "event", "uuid"),
        ], by: "recordedAt", ties: ["recordedAt", "id"])

    init(_ query: inout QueryInput) {
        object = query.text("object", limit: 200)
        actor = query.value("actor", rule: "the id of a key") { UUID(uuidString: $0) }
        from = query.instant("from")
    }

    var conditions: [SQL] {
        var conditions: [SQL] = []
        if let object { conditions.append(Self.isAbout(object)) }
        if let actor { conditions.append("actor = \(actor)") }
        if let from { conditions.append("recorded_at >= \(from)") }
        return conditions
    }

    /// Counts are found by their id, for which there is an index.
    private static func isAbout(_ object: String) -> SQL {
        let parts = object.split(separator: "/")
        guard parts.count == 2, parts[0] == ParticipantCount.collection,
            let id = UUID(uuidString: String(parts[1]))
        else { return "object = \(object) and count is null" }
        return "count = \(id)"
    }
}

extension Queryable {
    func auditEvents(_ filter: AuditEventFilter, _ list: ListInput) async throws(PostgresError) -> Page<
        AuditEvent
    > {
        try await page(list, "*", from: "audit_trail", where: filter.conditions)
    }

    /// The event of that id: a number of its own, or a count's and its revision, joined by a dot.
    func auditEvent(id: String) async throws(PostgresError) -> AuditEvent? {
        let count = id.split(separator: ".").first.flatMap { UUID(uuidString: String($0)) }
        guard let count else { return nil }
        let place: SQL = id.contains(".") ? "count = \(count)" : "count is null"
        return try await first("select * from audit_trail where id = \(id) and \(place)")
    }

    /// Writes down a request that was carried out.
    func audit(_ call: Call, _ response: Response) async throws(PostgresError) {
        let created = response.fields["Location"].map {
            $0.dropFirst(call.representation.baseURL.utf8.count + 1)
        }
        let object = created ?? call.request.path.dropFirst("/v1/".count)
        try await execute(
            """
            insert into audit_events (id, actor, role, method, object, trace_id)
            values (
                \(UUID.version7()), \(call.caller?.key), \(call.caller?.role ?? .admin), \(call.request.method.rawValue),
                \(String(object)), \(call.trace.traceID))
            """)
    }
}

extension App {
    func showAuditEvent(_ call: Call) async throws -> Response {
        try call.show(try await database.auditEvent(id: call.parameter("id")), called: "audit event")
    }

    func listAuditEvents(_ call: Call) async throws -> Response {
        var query = try call.query()
        let filter = AuditEventFilter(&query)
        let list = ListInput(&query, AuditEventFilter.sorting)
        try query.finish()
        return try call.answer(try await database.auditEvents(filter, list), list)
    }
}
