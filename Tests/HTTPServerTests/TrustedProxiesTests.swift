import HTTP
import Testing

@testable import HTTPServer

@Suite struct TrustedProxiesTests {
    /// Who the client is when the proxy at 10.0.0.1, in a network of proxies, sends these fields.
    private func client(_ fields: Fields, behind peer: String = "10.0.0.1") throws -> String? {
        let proxies = try #require(TrustedProxies("10.0.0.0/8, 2001:db8::/32,unix"))
        return Peer(IPAddress(peer), proxies: proxies).client(fields)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("192.0.2.1, 10.0.0.9", "192.0.2.1"),
        (" 192.0.2.1 ,10.0.0.9 ", "192.0.2.1"),
        // What the client himself sent stands in front.
        ("198.51.100.1, 192.0.2.1", "192.0.2.1"), ("10.9.9.9, 192.0.2.1, 10.0.0.9", "192.0.2.1"),
        ("192.0.2.1:4711", "192.0.2.1"), ("[2001:db9::1]:80", "2001:db9::"), ("2001:db9::1", "2001:db9::"),
        ("10.0.0.8, 10.0.0.9", "10.0.0.8"), ("", "10.0.0.1"), ("unknown", "10.0.0.1"),
        ("x, 10.0.0.9", "10.0.0.9"),
    ])
    func `X-Forwarded-For is read from its end`(field: String, expected: String) throws {
        #expect(try client(["X-Forwarded-For": field]) == expected)
        let lines = field.split(separator: ",", omittingEmptySubsequences: false)
        var fields = Fields()
        for line in lines { fields.add("X-Forwarded-For", String(line)) }
        #expect(try client(fields) == expected)
    }

    @Test(arguments: [
        ("for=192.0.2.1", "192.0.2.1"), ("For=\"192.0.2.1:80\";proto=https;by=10.0.0.1", "192.0.2.1"),
        ("for=\"[2001:db9::17]:4711\"", "2001:db9::"),
        ("for=192.0.2.43, for=198.51.100.17", "198.51.100.17"),
        ("proto=http; for=192.0.2.43, for=10.0.0.7;by=x", "192.0.2.43"), ("for=_hidden", "10.0.0.1"),
        ("for=unknown, for=10.0.0.7", "10.0.0.7"), ("proto=https", "10.0.0.1"),
        ("for=\"a,for=192.0.2.9\", for=192.0.2.1", "192.0.2.1"), ("for", "10.0.0.1"), ("for=\"", "10.0.0.1"),
    ])
    func `Forwarded is read from its end`(field: String, expected: String) throws {
        #expect(try client(["Forwarded": field]) == expected)
    }

    @Test func `fields that differ are not believed`() throws {
        #expect(try client(["Forwarded": "for=192.0.2.1", "X-Forwarded-For": "192.0.2.1"]) == "192.0.2.1")
        #expect(try client(["Forwarded": "for=192.0.2.9", "X-Forwarded-For": "192.0.2.1"]) == "10.0.0.1")
    }

    @Test func `who is no proxy is not believed`() throws {
        #expect(try client(["X-Forwarded-For": "192.0.2.1"], behind: "192.0.2.8") == "192.0.2.8")
        #expect(try client(["Forwarded": "for=192.0.2.1"], behind: "11.0.0.1") == "11.0.0.1")
        #expect(Peer(IPAddress("10.0.0.1")).client(["Forwarded": "for=192.0.2.1"]) == "10.0.0.1")
    }

    @Test func `proxies are named by address, network or unix`() throws {
        #expect(try client(["X-Forwarded-For": "192.0.2.1"], behind: "::ffff:10.1.2.3") == "192.0.2.1")
        #expect(try client(["X-Forwarded-For": "192.0.2.1"], behind: "2001:db8:1::1") == "192.0.2.1")
        let unix = try #require(TrustedProxies("unix"))
        #expect(Peer(nil, proxies: unix).client(["X-Forwarded-For": "192.0.2.1"]) == "192.0.2.1")
        #expect(Peer(nil, proxies: unix).client([:]) == nil)
        #expect(Peer(nil).client(["X-Forwarded-For": "192.0.2.1"]) == nil)
        let odd = try #require(TrustedProxies("10.0.0.128/25"))
        #expect(odd.contains(IPAddress("10.0.0.255")) && !odd.contains(IPAddress("10.0.0.127")))
        #expect(try #require(TrustedProxies("0.0.0.0/0")).contains(IPAddress("192.0.2.1")))
        for wrong in ["10.0.0.0/33", "10.0.0", "proxy.example", "10.0.0.1/", "::1/129", "10.0.0.1/-1"] {
            #expect(TrustedProxies(wrong) == nil, "\(wrong)")
        }
        #expect(try #require(TrustedProxies("")).contains(IPAddress("10.0.0.1")) == false)
    }
}
