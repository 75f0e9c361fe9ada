import HTTP
import Testing

@testable import HTTPServer

@Suite struct StreamCountsTests {
    private func counts(_ change: (inout Limits) -> Void) -> StreamCounts {
        var limits = Limits()
        change(&limits)
        return StreamCounts(limits: limits)
    }

    @Test func `there are no more than there may be`() {
        let counts = counts { $0.streams = 2 }
        #expect(counts.opened(for: nil) == nil && counts.opened(for: nil) == nil)
        #expect(counts.opened(for: nil) == .noRoomForStream)
        counts.closed(for: nil)
        #expect(counts.opened(for: nil) == nil)
    }

    @Test func `a client is counted by address, an IPv6 client by network`() throws {
        let counts = counts { $0.streamsPerAddress = 1 }
        for (text, isTaken) in [
            ("192.0.2.1", true), ("192.0.2.1", false), ("192.0.2.2", true), ("2001:db8:0:1::1", true),
            ("2001:db8:0:1::2", false), ("2001:db8:0:2::1", true), ("127.0.0.1", true), ("127.0.0.1", true),
        ] {
            let client = try #require(IPAddress(text))
            #expect(counts.opened(for: client) == (isTaken ? nil : .tooManyStreams), "\(text)")
        }
        counts.closed(for: IPAddress("2001:db8:0:1::2"))
        #expect(counts.opened(for: IPAddress("2001:db8:0:1::3")) == nil)
    }

    @Test func `proxies are not counted together, this machine only when it is asked for`() throws {
        let counts = try counts {
            $0.streamsPerAddress = 1
            $0.limitsLoopbackStreams = true
            $0.trustedProxies = try #require(TrustedProxies("192.0.2.1"))
        }
        for (text, isTaken) in [
            ("192.0.2.1", true), ("192.0.2.1", true), ("127.0.0.1", true), ("127.0.0.1", false),
        ] {
            #expect((counts.opened(for: IPAddress(text)) == nil) == isTaken, "\(text)")
        }
    }

    private func counts(_ change: (inout Limits) throws -> Void) throws -> StreamCounts {
        var limits = Limits()
        try change(&limits)
        return StreamCounts(limits: limits)
    }
}
