import HTTP
import Postgres

extension App {
    /// The only place where an error becomes an answer. What is our fault or the database's is logged here, once,
    /// and not told.
    func response(to error: any Error, _ trace: Trace) -> Response {
        switch error {
        case let error as APIError:
            return response(to: error, trace)
        case let error as PostgresError:
            guard let known = APIError(error) else { return internalError(error, trace) }
            if known.type.status == .serviceUnavailable { log.error("\(error)", trace: trace) }
            return response(to: known, trace)
        default:
            return internalError(error, trace)
        }
    }

    private func internalError(_ error: any Error, _ trace: Trace) -> Response {
        log.error("\(error)", trace: trace)
        return response(
            to: APIError(.internalError, "It has been logged; name the trace id when you ask."), trace)
    }

    /// The problem document (RFC 9457).
    func response(to error: APIError, _ trace: Trace) -> Response {
        if let limit = error.limit { metrics.recordRefusal(by: limit) }
        var json = JSONWriter()
        json.object { json in
            json.member("type", "\(baseURL)/problems/\(error.type.rawValue)")
            json.member("title", error.type.title)
            json.member("status", error.type.status.rawValue)
            json.member("detail", error.detail)
            json.member("instance", trace.traceID)
            if !error.faults.isEmpty {
                json.name("errors")
                json.array(error.faults) { json, fault in
                    json.object { json in
                        json.member("pointer", fault.pointer)
                        json.member("code", fault.code)
                        json.member("detail", fault.detail)
                    }
                }
            }
            if let existing = error.existing {
                json.member("existing") { json in
                    json.member("id", existing.id)
                    json.member("revision", existing.revision)
                    json.member("href", baseURL + existing.path)
                }
            }
        }
        var response = Response(error.type.status, fields: error.fields, body: json.bytes)
        response.fields.add("Content-Type", "application/problem+json")
        response.fields.add("Cache-Control", "no-store")
        return response
    }
}
