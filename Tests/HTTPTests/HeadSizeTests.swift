import HTTP
import Testing

@Suite struct HeadSizeTests {
    private func requestLine(_ count: Int) -> String {
        "GET /" + String(repeating: "a", count: count - 14) + " HTTP/1.1"
    }

    @Test func `a request line of 8,192 bytes is taken`() throws {
        #expect(try parse(requestLine(8192) + "\r\nHost: a\r\n\r\n") != nil)
    }

    @Test func `a longer request line is refused with 414, complete or not`() {
        #expect(refusal(requestLine(8193) + "\r\nHost: a\r\n\r\n")?.status == .uriTooLong)
        #expect(refusal(String(requestLine(9000).dropLast(12)))?.status == .uriTooLong)
        #expect(refusal(String(repeating: "A", count: 9000))?.section == "RFC 9110, 15.5.15")
    }

    @Test func `100 fields are taken and 101 refused with 431`() throws {
        let lines = (1..<100).map { "X-\($0): v" }.joined(separator: "\r\n")
        #expect(try parse(get(lines)) != nil)
        #expect(refusal(get(lines, "One: more"))?.status == .requestHeaderFieldsTooLarge)
    }

    @Test func `a field above 16 KiB is refused with 431, complete or not`() throws {
        let field = "X: " + String(repeating: "a", count: (16 << 10) - 3)
        #expect(try parse(get(field)) != nil)
        #expect(refusal(get(field + "a"))?.section == "RFC 6585, 5")
        #expect(refusal("GET / HTTP/1.1\r\nHost: a\r\n\(field)aa")?.status == .requestHeaderFieldsTooLarge)
    }

    @Test func `a head of 64 KiB is taken, and a larger one refused with 431`() throws {
        let lines = (0..<4).map { "X-\($0): " + String(repeating: "a", count: 15_000) }
        let head = get(lines.joined(separator: "\r\n"), "Y: ")
        // Without the empty line at its end.
        let missing = String(repeating: "a", count: (64 << 10) - (head.utf8.count - 2))
        #expect(try parse(head.replacing("Y: ", with: "Y: " + missing)) != nil)
        let larger = head.replacing("Y: ", with: "Y: a" + missing)
        #expect(RefusedMessage(larger, .requestHeaderFieldsTooLarge, "RFC 6585, 5").isRefused)
        #expect(refusal(String(larger.dropLast()))?.status == .requestHeaderFieldsTooLarge)
    }

    @Test(arguments: ["\n", "\u{1}", "\rx", "\u{e9}"])
    func `what is too long is told as such, whatever ends it`(
        end: String
    ) {
        #expect(refusal(requestLine(8193) + end)?.status == .uriTooLong)
        let field = "X: " + String(repeating: "a", count: (16 << 10) - 2)
        #expect(refusal("GET / HTTP/1.1\r\n" + field + end)?.status == .requestHeaderFieldsTooLarge)
    }
}
