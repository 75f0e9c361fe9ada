import HTTP
import Testing

/// What a body may have at most, and one byte more.
@Suite struct BodyLimitTests {
    /// Bytes of no meaning.
    private static func filler(_ count: Int) -> String { String(repeating: "a", count: count) }

    /// The body read with these limits, or why it is refused.
    private func read(
        _ text: String, _ framing: BodyFraming = .chunked, limit: Int = 1 << 20
    ) throws(Refusal) -> Int? {
        var reader = try BodyReader(framing, limit: limit, limits: MessageLimits())
        var body: [UInt8] = []
        _ = try reader.read(Array(text.utf8)[...], into: &body)
        return reader.isComplete ? body.count : nil
    }

    private func expectRefusal(_ status: Status, _ section: String, _ read: () throws -> Int?) {
        #expect(
            performing: { try read() },
            throws: { ($0 as? Refusal)?.status == status && ($0 as? Refusal)?.section == section })
    }

    @Test func `a chunk's size and extensions may have 4 KiB`() throws {
        let line = "1;" + Self.filler(4094)
        #expect(try read("\(line)\r\na\r\n0\r\n\r\n") == 1)
        // Before its end has come.
        expectRefusal(.contentTooLarge, "RFC 9112, 7.1.1") { try read(line + "a") }
    }

    @Test func `the extensions of a body may have 16 KiB`() throws {
        let chunk = "1;" + Self.filler(2047) + "\r\na\r\n"
        let chunks = String(repeating: chunk, count: 8)
        #expect(try read(chunks + "1\r\na\r\n0\r\n\r\n") == 9)
        expectRefusal(.contentTooLarge, "RFC 9112, 7.1.1") { try read(chunks + "0;a\r\n") }
    }

    @Test(arguments: [1, 2, 4]) func `trailer fields may have 8 KiB`(count: Int) throws {
        // The CRLF of the last line is not counted.
        let rest = Self.filler((8 << 10) - count * 3 - (count - 1) * 2)
        let lines = String(repeating: "X: \r\n", count: count - 1)
        #expect(try read("0\r\n\(lines)X: \(rest)\r\n\r\n") == 0)
        expectRefusal(.requestHeaderFieldsTooLarge, "RFC 6585, 5") { try read("0\r\n\(lines)X: \(rest)a") }
    }

    @Test func `there may be 100 trailer fields`() throws {
        let lines = String(repeating: "X: y\r\n", count: 100)
        #expect(try read("0\r\n\(lines)\r\n") == 0)
        expectRefusal(.requestHeaderFieldsTooLarge, "RFC 6585, 5") { try read("0\r\n\(lines)X: y\r\n") }
    }

    @Test(arguments: [
        ("abcdef", BodyFraming.length(6)), ("6\r\nabcdef\r\n0\r\n\r\n", .chunked),
        ("1\r\na\r\n5\r\nbcdef\r\n0\r\n\r\n", .chunked),
        ("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n1\r\nd\r\n1\r\ne\r\n1\r\nf\r\n0\r\n\r\n", .chunked),
    ])
    func `a body may have as many bytes as its route takes`(text: String, framing: BodyFraming) throws {
        #expect(try read(text, framing, limit: 6) == 6)
        expectRefusal(.contentTooLarge, "RFC 9110, 15.5.14") { try read(text, framing, limit: 5) }
    }

    @Test(arguments: [
        ("", BodyFraming.length(7)), ("", .length(.max)), ("7\r\n", .chunked),
        ("6\r\nabcdef\r\n1\r\n", .chunked),
        ("7fffffffffffffff\r\n", .chunked), ("8000000000000000\r\n", .chunked),
        ("ffffffffffffffff\r\n", .chunked),
        ("1\r\na\r\n7fffffffffffffff\r\n", .chunked),
    ])
    func `a body that is too large is refused before its bytes come`(text: String, framing: BodyFraming) {
        expectRefusal(.contentTooLarge, "RFC 9110, 15.5.14") { try read(text, framing, limit: 6) }
    }
}
