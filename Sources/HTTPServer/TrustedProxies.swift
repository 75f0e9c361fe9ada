import HTTP

/// The proxies that are believed about who their clients are.
package struct TrustedProxies: Sendable {
    /// A network in the notation of RFC 4632: `10.0.0.0/8`, or a single address.
    private struct Network {
        let address: IPAddress
        let bits: Int

        init?(_ text: Substring) {
            let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard let address = IPAddress(parts[0]) else { return nil }
            let most = address.bytes.count * 8
            guard let bits = parts.count == 1 ? most : Int(parts[1]), (0...most).contains(bits) else {
                return nil
            }
            self.address = address
            self.bits = bits
        }
    }

    private var networks: [Network] = []
    private var trustsUnix = false

    /// No proxy is believed.
    package init() {}

    /// Addresses and networks joined by commas, `unix` for whoever connects to a unix socket. Nil when one is neither.
    package init?(_ list: String) {
        for entry in list.split(separator: ",") {
            let text = entry.drop { $0 == " " }
            if text == "unix" {
                trustsUnix = true
            } else if let network = Network(text) {
                networks.append(network)
            } else {
                return nil
            }
        }
    }

    /// Whether the peer of a connection is one of them; nil is the peer of a unix socket.
    func contains(_ peer: IPAddress?) -> Bool {
        guard let peer else { return trustsUnix }
        return networks.contains { $0.address.shares(bits: $0.bits, with: peer) }
    }

    /// The address of the client whose request the proxy `peer` passes on: the last that is not a proxy's own.
    ///
    /// `Forwarded` (RFC 7239) and `X-Forwarded-For` may both be there, one written by the proxy and the other sent by
    /// the client and passed on as it came. When they differ, neither is believed.
    func client(behind peer: IPAddress?, _ fields: Fields) -> IPAddress? {
        let standard = fields["Forwarded"].map { client(behind: peer, ForwardedFor.nodes(standard: $0)) }
        let customary = fields["X-Forwarded-For"].map {
            client(behind: peer, ForwardedFor.nodes(customary: $0))
        }
        if let standard, let customary, standard != customary { return peer }
        return standard ?? customary ?? peer
    }

    /// `nodes` as they stand in the field, the nearest last. A node that is no address ends the search.
    private func client(behind peer: IPAddress?, _ nodes: [String?]) -> IPAddress? {
        var client = peer
        for node in nodes.reversed() {
            guard contains(client), let address = node.flatMap({ IPAddress($0) }) else { return client }
            client = address
        }
        return client
    }
}
