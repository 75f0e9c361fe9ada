import HTTP
import Testing

@Suite struct FramingTests {
    static let refused = [
        RefusedMessage(get("Content-Length: -1"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: +1"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: 0x1"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: 1 2"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: 1, 1"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length:"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: 1Z"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: 1", "content-length: 1"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: 1", "Content-Length: 2"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: +0"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: -0"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: 0, 0"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: 1,"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: 1;"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: 1e3"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: 1_0"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: 1.0"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: \"1\""), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: 1\u{a0}"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: \u{ff11}"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length:  "), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Content-Length: 9223372036854775808"), .contentTooLarge, "RFC 9110, 15.5.14"),
        RefusedMessage(get("Content-Length: 18446744073709551616"), .contentTooLarge, "RFC 9110, 15.5.14"),
        RefusedMessage(get("Content-Length: 18446744073709551617"), .contentTooLarge, "RFC 9110, 15.5.14"),
        RefusedMessage(
            get("Content-Length: " + String(repeating: "9", count: 30)), .contentTooLarge, "RFC 9110, 15.5.14"
        ),
        RefusedMessage(get("Transfer-Encoding: chunked", "Content-Length: 1"), .badRequest, "RFC 9112, 6.1"),
        RefusedMessage(get("Content-Length: 1", "Transfer-Encoding: x"), .badRequest, "RFC 9112, 6.1"),
        RefusedMessage(
            get("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), .badRequest, "RFC 9112, 6.1"),
        RefusedMessage(
            get("Transfer-Encoding: gzip", "Transfer-Encoding: chunked"), .badRequest, "RFC 9112, 6.1"),
        RefusedMessage(get("Transfer-Encoding: gzip, chunked"), .notImplemented, "RFC 9112, 6.1"),
        RefusedMessage(get("Transfer-Encoding: gzip;q=1\t,CHUNKED"), .notImplemented, "RFC 9112, 6.1"),
        RefusedMessage(get("Transfer-Encoding: xchunked"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: identity"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: gzip"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: chunked, identity"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: chunked, chunked"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: chunked,"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: gzip, chunked,"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: chunked;q=1"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: \u{a0}chunked"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: chunked\u{2003}"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: chun\u{212A}ed"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: CHUN\u{212A}ED"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: gzip, chun\u{212A}ed"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: \"chunked\""), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: chun ked"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: gzip, chun ked"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: chunked chunked"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: chunked , chunked"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: , chunked"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: gzip,, chunked"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding: chunked, gzip"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage(get("Transfer-Encoding:"), .badRequest, "RFC 9112, 6.3"),
        RefusedMessage("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .badRequest, "RFC 9112, 6.1"),
        RefusedMessage("POST / HTTP/1.0\r\nTransfer-Encoding: gzip\r\n\r\n", .badRequest, "RFC 9112, 6.1"),
        RefusedMessage(
            "POST / HTTP/1.0\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", .badRequest, "RFC 9112, 6.3"),
    ]

    @Test(arguments: refused) func `framing on which two readers could differ is refused`(
        message: RefusedMessage
    ) {
        #expect(message.isRefused, "\(String(describing: refusal(message.text)))")
    }

    @Test(arguments: [
        ("X: y", BodyFraming.none), ("Content-Length: 0", .none), ("Content-Length: 0012", .length(12)),
        ("Content-Length:9223372036854775807", .length(.max)), ("Transfer-Encoding: CHUNKED", .chunked),
        ("Transfer-Encoding:\tchunked \t", .chunked), ("Content_Length: 1", .none),
        ("Content-Length: " + String(repeating: "0", count: 30) + "7\t", .length(7)),
    ])
    func `good framing is taken`(field: String, framing: BodyFraming) throws {
        #expect(try parse(get(field))?.framing == framing)
    }

    @Test(arguments: [
        ("HTTP/1.1", "X: y", true), ("HTTP/1.1", "Connection: x", true),
        ("HTTP/1.1", "Connection: x , CLOSE", false),
        ("HTTP/1.1", "Connection: keep-alive\r\nConnection: close", false), ("HTTP/1.0", "X: y", false),
        ("HTTP/1.0", "connection: Keep-Alive", true), ("HTTP/1.0", "Connection: keep-alive, close", false),
        ("HTTP/1.1", "Connection: \", close", false), ("HTTP/1.1", "Connection: ,,\tclose\t,", false),
        ("HTTP/1.1", "Connection: \"close\"", true), ("HTTP/1.1", "Connection: closed, x;close", true),
        ("HTTP/1.1", "Connection: clo\u{17f}e", true), ("HTTP/1.1", "Connection:\u{a0}close", true),
        ("HTTP/1.1", "Connection:", true), ("HTTP/1.1", "Connection: upgrade\r\nUpgrade: h2c", true),
        ("HTTP/1.0", "Connection: x\r\nConnection: keep-alive", true),
        ("HTTP/1.0", "Connection: \u{212A}eep-alive", false),
    ])
    func `persistence follows version and Connection`(version: String, field: String, keeps: Bool) throws {
        #expect(try parse("GET / \(version)\r\nHost: a\r\n\(field)\r\n\r\n")?.keepsAlive == keeps)
    }

    @Test func `only 100-continue can be expected`() throws {
        #expect(try parse(get("Expect: 100-Continue"))?.expectsContinue == true)
        #expect(RefusedMessage(get("Expect: x"), .expectationFailed, "RFC 9110, 10.1.1").isRefused)
        let twice = get("Expect: 100-continue", "Expect: 100-continue")
        #expect(RefusedMessage(twice, .expectationFailed, "RFC 9110, 10.1.1").isRefused)
        for value in ["", "100-continue, x", "100-continue;a=b", "\"100-continue\"", "100\u{2010}continue"] {
            #expect(RefusedMessage(get("Expect: \(value)"), .expectationFailed, "RFC 9110, 10.1.1").isRefused)
        }
    }

    @Test func `HTTP 1.0 knows no expectations`() throws {
        #expect(try parse("GET / HTTP/1.0\r\nExpect: x\r\n\r\n")?.expectsContinue == false)
    }
}
