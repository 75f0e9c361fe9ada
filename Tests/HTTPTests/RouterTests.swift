import HTTP
import Testing

@Suite struct RouterTests {
    private let router: Router<String> = {
        var router = Router<String>()
        router.add(.get, "/", "root")
        router.add(.get, "/v1/goals", "list")
        router.add(.post, "/v1/goals", "create")
        router.add(.get, "/v1/goals/{id}", "show")
        router.add(.get, "/v1/goals/{id}/progress", "progress")
        router.add(.post, "/v1/goals/batch", "batch")
        router.add(.head, "/v1/probe", "head")
        router.add(.get, "/v1/probe", "get")
        router.add(.get, "/v1/goals/{id}/shares/{share}", "share")
        return router
    }()

    /// "endpoint parameters", "allowed methods" or "none".
    private func match(_ method: Method, _ path: String) -> String {
        switch router.match(method, path) {
        case .found(let endpoint, let parameters):
            let values = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return ([endpoint] + values).joined(separator: " ")
        case .methodNotAllowed(let allowed): return allowed.map(\.rawValue).joined(separator: ",")
        case .notFound: return "none"
        }
    }

    @Test func `a path leads to its endpoint`() {
        #expect(match(.get, "/") == "root")
        #expect(match(.post, "/v1/goals") == "create")
        #expect(match(.get, "/v1/goals/7") == "show id=7")
    }

    @Test func `parameters are decoded, and an encoded slash does not split a segment`() {
        #expect(match(.get, "/v1/goals/a%2Fb%20c/progress") == "progress id=a/b c")
        #expect(match(.get, "/v1/%67oals/x/shares/y") == "share id=x share=y")
    }

    @Test func `a literal segment wins, but a parameter serves where the literal leads nowhere`() {
        #expect(match(.post, "/v1/goals/batch") == "batch")
        #expect(match(.get, "/v1/goals/batch") == "OPTIONS,POST")
        #expect(match(.get, "/v1/goals/batch/progress") == "progress id=batch")
    }

    @Test func `HEAD is found as GET unless it has its own endpoint`() {
        #expect(match(.head, "/v1/goals") == "list")
        #expect(match(.head, "/v1/probe") == "head")
    }

    @Test func `another method is told what is allowed`() {
        #expect(match(.delete, "/v1/goals") == "GET,HEAD,OPTIONS,POST")
        #expect(match(.options, "/v1/goals") == "GET,HEAD,OPTIONS,POST")
    }

    @Test(arguments: [
        "/v1", "/v1/goals/", "/v1/goals//progress", "/x", "*", "", "/v1/../v1/goals", "/v1/goals/%zz",
    ])
    func `any other path is not found`(path: String) {
        #expect(match(.get, path) == "none")
    }

    @Test func `1,500 segments are no burden`() {
        #expect(match(.get, "/" + String(repeating: "a/", count: 1500)) == "none")
    }
}
