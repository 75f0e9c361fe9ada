import Foundation
import HTTP
import Postgres

/// A client's own key for a POST, under which its answer is kept for a day (domain.md, section 3; decisions.md, 45
/// and 52).
struct IdempotencyKey: Sendable {
    /// Whose key it is and for what: of the caller's key, the method, the path and its query.
    let scope: String
    /// The request's body in PostgreSQL's notation for bytes.
    let body: String

    /// Nil without one. Throws `.malformed` when it is not 1 to 255 printable ASCII characters.
    init?(_ call: Call) throws(APIError) {
        guard let field = call.request.fields["Idempotency-Key"] else { return nil }
        let isQuoted = field.utf8.count > 1 && field.hasPrefix("\"") && field.hasSuffix("\"")
        let key = isQuoted ? String(field.dropFirst().dropLast()) : field
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw .malformed([
                Fault("Idempotency-Key", "malformed", "Must be 1 to 255 printable ASCII characters.")
            ])
        }
        let caller = call.caller?.key?.uuidString ?? "set-up"
        let target = call.request.path + (call.request.query.map { "?\($0)" } ?? "")
        scope = "\(caller) \(call.request.method.rawValue) \(target) \(key)"
        body =
            "\\x"
            + call.request.body.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }
}

extension Queryable {
    /// The answer that was given under the key before; nil when there is none, in which case nobody else may use the key
    /// until the transaction ends. Throws 409 while the first request is under way, 422 when it had another body.
    func answer(for key: IdempotencyKey) async throws -> Response? {
        let lock = try await query(
            "select pg_try_advisory_xact_lock(hashtextextended(\(key.scope), 0)) as is_free")
        guard try lock.first?.get("is_free") == true else {
            throw APIError.conflict(
                "idempotencyKeyInUse",
                "The first request with this Idempotency-Key is still under way; send it again later.")
        }
        let kept: KeptReply? = try await first(
            """
            select status, fields, body, body_digest = sha256(\(key.body)::bytea) as is_same
            from idempotent_answers
            where scope = sha256(convert_to(\(key.scope), 'UTF8')) and created_at > now() - interval '24 hours'
            """)
        guard let kept else { return nil }
        guard kept.isOfSameBody else {
            throw APIError.ruleBroken([
                Fault(
                    "Idempotency-Key", "idempotencyKeyReused",
                    "It was used for a request with another body; use a new key for every request.")
            ])
        }
        return kept.response
    }

    /// Keeps an answer for a day, and no other that is older. Those that may turn out better the next time are not kept.
    func keep(_ response: Response, for key: IdempotencyKey) async throws(PostgresError) {
        guard response.status.rawValue < 500, ![.unauthorized, .tooManyRequests].contains(response.status)
        else {
            return
        }
        var fields = JSONWriter()
        fields.array(Array(response.fields)) { json, field in
            json.array([field.name, field.value]) { json, text in json.value(text) }
        }
        try await execute(
            """
            with outdated as (
                delete from idempotent_answers where created_at <= now() - interval '24 hours'
            )
            insert into idempotent_answers (scope, body_digest, status, fields, body)
            values (
                sha256(convert_to(\(key.scope), 'UTF8')), sha256(\(key.body)::bytea), \(response.status.rawValue),
                \(fields.text), \(String(decoding: response.body, as: UTF8.self)))
            on conflict (scope) do update
            set body_digest = excluded.body_digest, status = excluded.status, fields = excluded.fields,
                body = excluded.body, created_at = excluded.created_at
            """)
    }
}

/// An answer that was kept.
private struct KeptReply: RowDecodable {
    let response: Response
    let isOfSameBody: Bool

    init(row: Row) throws(PostgresError) {
        let (fields, body): (JSONFields, String) = (try row.get("fields"), try row.get("body"))
        var response = Response(Status(rawValue: try row.get("status")), body: Array(body.utf8))
        for (name, value) in fields.pairs { response.fields.add(name, value) }
        response.fields.add("Idempotency-Replayed", "true")
        self.response = response
        isOfSameBody = try row.get("is_same")
    }
}

/// The column `fields`: `[[name, value]]`.
private struct JSONFields: ColumnDecodable {
    let pairs: [(String, String)]

    init?(column text: String) {
        guard case .array(let fields)? = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
        var pairs: [(String, String)] = []
        for field in fields {
            guard case .array(let pair) = field, pair.count == 2, case .string(let name) = pair[0],
                case .string(let value) = pair[1]
            else { return nil }
            pairs.append((name, value))
        }
        self.pairs = pairs
    }
}
