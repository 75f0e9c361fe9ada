import Testing

@testable import HTTPServer

@Suite struct ConnectionCountsTests {
    private func counts(_ change: (inout Limits) -> Void) -> ConnectionCounts {
        var limits = Limits()
        change(&limits)
        return ConnectionCounts(lanes: 2, limits: limits)
    }

    @Test func `connections go to the lane that has the fewest, of equals to the one that accepts`() {
        let counts = counts { $0.connections = 3 }
        #expect(counts.opened(from: nil, preferring: 1) == .lane(1))
        #expect(counts.opened(from: nil, preferring: 1) == .lane(0))
        #expect(counts.hasRoom() && !counts.closed(lane: 1, from: nil))
        #expect(counts.opened(from: nil, preferring: 0) == .lane(1))
        #expect(counts.opened(from: nil, preferring: 0) == .lane(0))
        #expect(counts.perLane == [2, 1])
        #expect(!counts.hasRoom() && counts.closed(lane: 0, from: nil))
        #expect(counts.perLane == [1, 1] && counts.accepted == 4)
    }

    @Test func `a client is counted by address, an IPv6 client by network`() throws {
        let counts = counts { $0.connectionsPerAddress = 1 }
        for (text, isTaken) in [
            ("192.0.2.1", true), ("192.0.2.1", false), ("192.0.2.2", true), ("::ffff:192.0.2.2", false),
            ("2001:db8:0:1::1", true), ("2001:db8:0:1::2", false), ("2001:db8:0:2::1", true),
        ] {
            let client = try #require(IPAddress(text))
            #expect((counts.opened(from: client, preferring: 0) != .none) == isTaken, "\(text)")
        }
        #expect(counts.perLane.reduce(0, +) == 4)
        _ = counts.closed(lane: 0, from: IPAddress("2001:db8:0:1::9"))
        #expect(counts.opened(from: IPAddress("2001:db8:0:1::2"), preferring: 0) != .none)
    }

    @Test func `proxies, unix sockets and the machine itself are not counted`() throws {
        let trusted = try #require(TrustedProxies("10.0.0.0/8"))
        for (text, limitsLoopback, isCounted) in [
            ("10.0.0.1", true, false), ("127.0.0.1", false, false), ("127.0.0.1", true, true),
            ("::1", false, false),
            ("::1", true, true), ("", true, false), ("11.0.0.1", false, true),
        ] {
            let counts = counts {
                $0.connectionsPerAddress = 1
                $0.trustedProxies = trusted
                $0.limitsLoopback = limitsLoopback
            }
            _ = counts.opened(from: IPAddress(text), preferring: 0)
            #expect((counts.opened(from: IPAddress(text), preferring: 0) == .none) == isCounted, "\(text)")
        }
    }
}
