import Foundation
import HTTP
import Postgres

/// Which events are wanted.
struct AuditEventFilter: ListFilter {
    typealias Item = AuditEvent
    private let object: String?
    private let actor: UUID?
    /// Not before.
    private let from: Instant?

    init(_ query: inout QueryInput, _ call: Call) {
        object = query.text("object", limit: 200)
        actor = query.value("actor", rule: "the id of a key") { UUID(uuidString: $0) }
        from = query.instant("from")
    }

    let columns = ListColumns(
        [
            .init("id", "event", "uuid"), .init("recordedAt", "recorded_at", "timestamptz"),
            .unsorted("actor"),
            .init("role", "role"), .init("method", "method"), .init("object", "object"),
            .unsorted("traceId"),
        ], by: "recordedAt", ties: ["recordedAt", "id"])
    let source: SQL = "audit_trail"

    var conditions: [SQL?] {
        [
            object.map(Self.isAbout), actor.map { "actor = \($0)" }, from.map { "recorded_at >= \($0)" },
        ]
    }

    /// Events of their own, and the revisions of counts: few counts have more than one.
    var total: SQL? {
        guard isEverything else { return nil }
        return """
            select (\(SQL.total(of: "audit_events"))) + coalesce((select sum(counts) from count_totals), 0)::bigint
                + (select count(*) from participant_counts where revision > 1)
            """
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
        try await list(AuditEventFilter.self, call)
    }
}
