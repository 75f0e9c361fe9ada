/// The servers that a connection string names, in its order. Those that do not answer are left out of the next attempt.
struct HostList: Equatable {
    private struct Host: Equatable {
        /// A name, an address or the folder of a socket; empty where only `address` is given.
        var name: String
        var address: String
        var port: String
    }

    private var hosts: [Host] = []

    /// What libpq has under `host`, `hostaddr` and `port`: lists joined by commas; one port may be for all hosts.
    init(host: String?, hostaddr: String?, port: String?) {
        let names = Self.elements(host)
        let addresses = Self.elements(hostaddr)
        let ports = Self.elements(port)
        for index in 0..<max(names.count, addresses.count) {
            hosts.append(
                Host(
                    name: index < names.count ? names[index] : "",
                    address: index < addresses.count ? addresses[index] : "",
                    port: index < ports.count ? ports[index] : ports.first ?? ""))
        }
    }

    private static func elements(_ list: String?) -> [String] {
        guard let list, !list.isEmpty else { return [] }
        return list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    var count: Int { hosts.count }

    /// The list without the server that libpq calls by this host and port; nil when that is not in it, or the last.
    func without(host: String, port: String) -> HostList? {
        let index = hosts.firstIndex {
            ($0.name.isEmpty ? $0.address : $0.name) == host && ($0.port.isEmpty || $0.port == port)
        }
        guard let index, hosts.count > 1 else { return nil }
        var rest = self
        rest.hosts.remove(at: index)
        return rest
    }

    /// The same as libpq reads it.
    var parameters: [String: String] {
        [
            "host": hosts.map(\.name), "hostaddr": hosts.map(\.address), "port": hosts.map(\.port),
        ].mapValues { $0.allSatisfy(\.isEmpty) ? "" : $0.joined(separator: ",") }
    }
}
