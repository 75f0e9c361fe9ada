package import HTTP

/// Answers scrapers at `/metrics`, on an address of its own.
package struct MetricsResponder: Responder {
    private let source: MetricsSource

    /// Tells what `source` has.
    package init(_ source: MetricsSource) {
        self.source = source
    }

    package func admit(_ head: Request) -> Admission { .body(limit: 0) }

    package func respondAtOnce(to request: Request) -> Response? {
        guard request.path == "/metrics" else { return problem(.notFound, "Metrics are at /metrics.") }
        guard request.method == .get || request.method == .head else {
            var answer = problem(.methodNotAllowed, "Metrics are read with GET.")
            answer.fields.add("Allow", "GET, HEAD")
            return answer
        }
        return nil
    }

    package func respond(to request: Request) async -> Response {
        let format = OpenMetrics.Format.accepted(by: request.fields["Accept"])
        let text = await source.text(as: format)
        return Response(
            .ok,
            fields: ["Content-Type": format.contentType, "Cache-Control": "no-store", "Vary": "Accept"],
            body: Array(text.utf8))
    }

    package func respond(to refusal: Refusal, of request: Request?) -> Response {
        problem(refusal.status, refusal.detail)
    }

    package func finished(_ request: Request?, _ response: Response, duration: Duration) {}

    private func problem(_ status: Status, _ detail: String) -> Response {
        var json = JSONWriter()
        json.object { json in
            json.member("type", "about:blank")
            json.member("title", status.reason)
            json.member("status", status.rawValue)
            json.member("detail", detail)
        }
        return Response(status, fields: ["Content-Type": "application/problem+json"], body: json.bytes)
    }
}
