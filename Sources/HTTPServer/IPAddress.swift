#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An IPv4 or IPv6 address.
package struct IPAddress: Sendable, Hashable {
    /// 4 or 16 bytes, in network order.
    let bytes: [UInt8]

    /// IPv4 in its IPv6 form (RFC 4291, 2.5.5.2) is IPv4.
    init(bytes: [UInt8]) {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        self.bytes = bytes.count == 16 && bytes.starts(with: mapped) ? Array(bytes.suffix(4)) : bytes
    }

    /// Reads the usual text forms; nil for anything else.
    package init?(_ text: some StringProtocol) {
        var room = [UInt8](repeating: 0, count: 16)
        let text = String(text)
        if inet_pton(AF_INET, text, &room) == 1 {
            self.init(bytes: Array(room.prefix(4)))
        } else if inet_pton(AF_INET6, text, &room) == 1 {
            self.init(bytes: room)
        } else {
            return nil
        }
    }

    var isIPv6: Bool { bytes.count == 16 }

    /// An address of the machine itself (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3).
    var isLoopback: Bool {
        isIPv6 ? bytes == Array(repeating: 0, count: 15) + [1] : bytes[0] == 127
    }

    /// What one subscriber has: an IPv4 address, or the 64 bits that name an IPv6 network (RFC 4291, 2.5.4); the machine
    /// itself has its address.
    var subscriber: IPAddress {
        isIPv6 && !isLoopback
            ? IPAddress(bytes: Array(bytes.prefix(8)) + Array(repeating: 0, count: 8)) : self
    }

    /// Whether the first so many bits are the same.
    func shares(bits: Int, with other: IPAddress) -> Bool {
        guard bytes.count == other.bytes.count else { return false }
        let (whole, rest) = bits.quotientAndRemainder(dividingBy: 8)
        guard bytes.prefix(whole) == other.bytes.prefix(whole) else { return false }
        return rest == 0 || (bytes[whole] ^ other.bytes[whole]) >> (8 - rest) == 0
    }
}

extension IPAddress: CustomStringConvertible {
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(isIPv6 ? AF_INET6 : AF_INET, bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
