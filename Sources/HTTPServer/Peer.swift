import HTTP

/// The other end of a connection: a client, or a proxy that passes on its clients' requests.
struct Peer: Sendable {
    /// Nil for the peer of a unix socket.
    let ip: IPAddress?
    private let text: String?
    /// Nil unless the peer is a proxy that is believed.
    private let proxies: TrustedProxies?

    /// A peer, who is believed about his clients if he is among `proxies`.
    init(_ ip: IPAddress?, proxies: TrustedProxies = TrustedProxies()) {
        self.ip = ip
        text = ip?.subscriber.description
        self.proxies = proxies.contains(ip) ? proxies : nil
    }

    /// The address of who sent a request with these fields, of IPv6 his network's; nil when he is on this machine and has none.
    func client(_ fields: Fields) -> String? {
        guard let proxies else { return text }
        return proxies.client(behind: ip, fields)?.subscriber.description
    }
}
