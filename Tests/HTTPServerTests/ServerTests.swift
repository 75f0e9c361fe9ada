import Foundation
import Testing

@testable import HTTPServer

@Suite struct ServerTests {
    private let now = "GET /now HTTP/1.1\r\nHost: a\r\n\r\n"
    private let lastNow = "GET /now HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    @Test func `a request that comes byte by byte is answered`() async throws {
        try await withServer { _, port, _ in
            let text = post("/echo", "Transfer-Encoding: chunked", body: "3\r\nabc\r\n0\r\nX: y\r\n\r\n")
            let answer = try await withClient(port) { client in
                for character in text.utf8 { client.send(String(UnicodeScalar(character))) }
                return client.read(until: "abc")
            }
            #expect(answer.hasPrefix("HTTP/1.1 201 Created\r\nDate: "))
            #expect(answer.hasSuffix("\r\nContent-Length: 3\r\n\r\nabc"))
        }
    }

    @Test func `pipelined requests are answered in their order`() async throws {
        try await withServer { _, port, responder in
            let text = String(
                repeating: now + now.replacing("now", with: "later") + now.replacing("now", with: "x"),
                count: 30)
            let (answer, ending) = try await withClient(port) { [lastNow] client in
                client.send(text + lastNow)
                return client.readAll()
            }
            #expect(statuses(answer) == Array(repeating: [200, 200, 404], count: 30).joined() + [200])
            #expect(ending == .closed)
            #expect(responder.finished == statuses(answer))
        }
    }

    @Test func `a connection is kept from answer to answer`() async throws {
        try await withServer { server, port, _ in
            try await withClient(port) { [now] client in
                for _ in 0..<3 {
                    client.send(now)
                    #expect(client.read(until: "\r\n\r\nnow").contains("ETag: \"1\""))
                }
            }
            #expect(server.connectionCount <= 1)
        }
    }

    @Test func `HEAD and 204 have no body`() async throws {
        try await withServer { _, port, _ in
            let (answer, _) = try await withClient(port) { [now, lastNow] client in
                client.send(
                    now.replacing("GET", with: "HEAD") + now.replacing("now", with: "empty") + lastNow)
                return client.readAll()
            }
            #expect(statuses(answer) == [200, 204, 200])
            #expect(answer.components(separatedBy: "Content-Length: 3\r\n").count == 3)
            #expect(answer.components(separatedBy: "\r\n\r\nnow").count == 2)
        }
    }

    @Test func `100 is sent before the body, and the answer after it`() async throws {
        try await withServer { _, port, _ in
            let answer = try await withClient(port) { client in
                client.send(post("/echo", "Expect: 100-continue", "Content-Length: 2"))
                #expect(client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                client.send("ab")
                return client.read(until: "ab")
            }
            #expect(statuses(answer) == [201])
        }
    }

    @Test func `a body that is too large is refused, whether announced or not`() async throws {
        try await withServer { _, port, _ in
            for framing in ["Content-Length: 100000", "Transfer-Encoding: chunked"] {
                let (answer, ending) = try await withClient(port) { client in
                    client.send(post("/small", framing, body: "b\r\n01234567890\r\n0\r\n\r\n"))
                    return client.readAll()
                }
                #expect(statuses(answer) == [413] && answer.contains("Connection: close\r\n"))
                #expect(ending == .closed)
            }
        }
    }

    @Test func `an answer before a long body reaches a client that is still sending`() async throws {
        try await withServer { _, port, _ in
            let (answer, ending) = try await withClient(port) { client in
                client.send(post("/none", "Content-Length: 4000000"))
                for _ in 0..<40 { #expect(client.send(String(repeating: "a", count: 100_000))) }
                return client.readAll()
            }
            #expect(statuses(answer) == [404] && ending == .closed)
        }
    }

    @Test func `a half-closed client gets its answers`() async throws {
        try await withServer { _, port, _ in
            let (answer, ending) = try await withClient(port) { [now] client in
                client.send(now + now.replacing("now", with: "slow") + now)
                client.finish()
                return client.readAll()
            }
            #expect(statuses(answer) == [200, 200, 200] && ending == .closed)
        }
    }

    @Test func `a malformed request is answered behind those before it, and nothing after it`() async throws {
        try await withServer { _, port, responder in
            let (answer, ending) = try await withClient(port) { [now] client in
                client.send(now + now.replacing("now", with: "later") + "GET /now\r\n\r\n" + now)
                return client.readAll()
            }
            #expect(statuses(answer) == [200, 200, 400] && ending == .closed)
            #expect(answer.hasSuffix("\r\n\r\nRFC 9112, 3"))
            #expect(responder.finished == [200, 200, 400])
        }
    }

    @Test func `CONNECT is answered 405 with what is allowed`() async throws {
        try await withServer { _, port, _ in
            let (answer, _) = try await withClient(port) { client in
                client.send("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n")
                return client.readAll()
            }
            #expect(statuses(answer) == [405] && answer.contains("Allow: DELETE, GET, HEAD"))
        }
    }

    @Test func `large answers reach a client that reads late`() async throws {
        try await withServer { _, port, _ in
            let text = String(repeating: now.replacing("now", with: "large"), count: 8)
            let (answer, ending) = try await withClient(port) { [lastNow] client in
                client.send(text + lastNow)
                Thread.sleep(forTimeInterval: 0.2)
                return client.readAll()
            }
            #expect(answer.utf8.count > 8 << 20 && answer.hasSuffix("\r\n\r\nnow") && ending == .closed)
        }
    }

    @Test func `the client's address is told`() async throws {
        try await withServer(host: "*") { _, port, _ in
            let answer = try await withClient(port) { [now] client in
                client.send(now.replacing("now", with: "who"))
                return client.read(until: "127.0.0.1")
            }
            #expect(answer.hasSuffix("\r\n\r\n127.0.0.1"))
        }
    }
}
