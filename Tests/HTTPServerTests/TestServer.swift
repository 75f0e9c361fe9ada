import EventLoop
import HTTP
import Synchronization

@testable import HTTPServer

/// Answers a few paths, and remembers what was finished.
final class TestResponder: Responder {
    /// Where the answers must be made, if there is only one such place.
    private let lane: Lane?
    private let statuses = Mutex<[Int]>([])
    /// What `/stream` has been answered with.
    let streams = TestStreams()

    /// The status codes of the exchanges that were finished, in their order.
    var finished: [Int] { statuses.withLock { $0 } }

    init(lanes: [Lane]) {
        lane = lanes.count == 1 ? lanes[0] : nil
    }

    func admit(_ head: Request) -> Admission {
        switch head.path {
        case "/echo": .body(limit: 1 << 20)
        case "/small": .body(limit: 10)
        default: .refused(Response(.notFound, body: Array("none".utf8)))
        }
    }

    func respondAtOnce(to request: Request) -> Response? {
        switch request.path {
        case "/now": Response(.ok, fields: ["ETag": "\"1\""], body: Array("now".utf8))
        case "/empty": Response(.noContent)
        case "/large": Response(.ok, body: Array(repeating: 97, count: 1 << 20))
        case "/who": Response(.ok, body: Array((request.remoteAddress ?? "").utf8))
        case "/stream": streaming()
        case "/later", "/slow", "/echo", "/small": nil
        default: Response(.notFound, body: Array("none".utf8))
        }
    }

    private func streaming() -> Response {
        var response = Response(.ok)
        response.stream = streams.make()
        return response
    }

    func respond(to request: Request) async -> Response {
        lane?.checkIsolated()
        if request.path == "/slow" { try? await Task.sleep(for: .milliseconds(200)) }
        await Task.yield()
        lane?.checkIsolated()
        let body = request.method == .post ? request.body : Array("later".utf8)
        return Response(request.method == .post ? .created : .ok, body: body)
    }

    func respond(to refusal: Refusal, of request: Request?) -> Response {
        Response(refusal.status, body: Array(refusal.section.utf8))
    }

    func finished(_ request: Request?, _ response: Response, duration: Duration) {
        statuses.withLock { $0.append(response.status.rawValue) }
    }
}

/// A server on a port of its own for as long as `body` runs.
func withServer(
    lanes count: Int = 1, host: String = "127.0.0.1", _ change: (inout Limits) -> Void = { _ in },
    _ body: (Server, Int, TestResponder) async throws -> Void
) async throws {
    var limits = Limits()
    change(&limits)
    let lanes = try (0..<count).map(Lane.init(number:))
    let responder = TestResponder(lanes: lanes)
    let server = Server(
        lanes: lanes, responders: lanes.map { _ in responder }, endpoints: [.tcp(host: host, port: 0)],
        limits: limits)
    let port = try await server.start().first?.port ?? 0
    do {
        try await body(server, port, responder)
    } catch {
        await server.drain(within: .zero)
        throw error
    }
    await server.drain(within: .zero)
}
