import Testing

@testable import HTTP

@Suite struct TraceTests {
    private static let id = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let span = "00f067aa0ba902b7"

    @Test(arguments: [
        ("00-\(id)-\(span)-01", "01"), ("00-\(id)-\(span)-00", "00"), ("00-\(id)-\(span)-ff", "ff"),
        // Later versions may say more.
        ("01-\(id)-\(span)-01", "01"), ("cc-\(id)-\(span)-01-what-the-future-holds", "01"),
        ("fe-\(id)-\(span)-00-", "00"),
    ])
    func aTraceGoesOnWithItsIdAndFlags(field: String, flags: String) throws {
        let trace = Trace(continuing: field)
        #expect(trace.traceID == Self.id)
        let parts = trace.traceparent.split(separator: "-")
        #expect(parts.count == 4 && parts[0] == "00" && parts[1] == Self.id && parts[3] == flags)
        #expect(parts[2] != Self.span)
        #expect(isHexadecimal(parts[2], length: 16))
    }

    @Test(arguments: [
        nil, "", "-", "---", "00", "00-\(id)-\(span)", "00-\(id)-\(span)-", "00-\(id)-\(span)-1",
        "00-\(id)-\(span)-001",
        "00-\(id)-\(span)-01-", "00-\(id)-\(span)-01-x", "ff-\(id)-\(span)-01", "0-\(id)-\(span)-01",
        "000-\(id)-\(span)-01",
        "00-00000000000000000000000000000000-\(span)-01", "00-\(id)-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-\(span)-01", "00-\(id)-00F067AA0BA902B7-01",
        "0g-\(id)-\(span)-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-\(span)-01", "00-\(id)-\(span)-0g", "00-\(id)0-\(span)-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-\(span)-01", "00-\(id)-\(span)0-01",
        "00-\(id)-0f067aa0ba902b7-01",
        "00_\(id)_\(span)_01", " 00-\(id)-\(span)-01", "00-\(id)-\(span)-01 ",
        "00-\(id)-\(span)-01,00-\(id)-\(span)-01",
        "00-４bf92f3577b34da6a3ce929d0e0e4736-\(span)-01", "01-\(id)-\(span)-01.more",
    ])
    func whatIsMalformedIsIgnored(field: String?) {
        let trace = Trace(continuing: field)
        #expect(trace.traceID != Self.id)
        #expect(isHexadecimal(trace.traceID, length: 32) && trace.traceID.contains { $0 != "0" })
        #expect(trace.traceparent.hasPrefix("00-\(trace.traceID)-") && trace.traceparent.hasSuffix("-00"))
        #expect(trace.traceparent.utf8.count == 55)
    }

    @Test func everyTraceThatBeginsIsAnother() {
        #expect(Set((0..<1000).map { _ in Trace(continuing: nil).traceID }).count == 1000)
        #expect(
            Set((0..<1000).map { _ in Trace(continuing: "00-\(Self.id)-\(Self.span)-01").traceparent }).count
                == 1000)
    }

    @Test func oneTraceStaysTheSame() {
        let trace = Trace(continuing: nil)
        #expect(trace.traceparent == trace.traceparent)
    }

    private func isHexadecimal(_ text: some StringProtocol, length: Int) -> Bool {
        text.utf8.count == length && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }
}
