import Foundation

/// Bytes that are appended at one end and taken from the other. Holds no memory when it is empty.
struct ByteQueue {
    /// Everything from the first byte not yet taken is live; for appending to.
    var bytes: [UInt8] = []
    private var start = 0

    var count: Int { bytes.count - start }
    var isEmpty: Bool { count == 0 }

    /// The live bytes.
    var unread: ArraySlice<UInt8> { bytes[start...] }

    /// Whether the live bytes are these, or these and more.
    func begins(with bytes: [UInt8]) -> Bool {
        guard count >= bytes.count else { return false }
        return unread.withUnsafeBytes { unread in
            bytes.withUnsafeBytes { bytes in
                guard let start = unread.baseAddress, let expected = bytes.baseAddress else { return true }
                return memcmp(start, expected, bytes.count) == 0
            }
        }
    }

    /// Takes the first bytes away; their memory is freed when most of it is such.
    mutating func drop(_ count: Int) {
        start += count
        if start == bytes.count {
            self = ByteQueue()
        } else if start > bytes.count / 2, start > 4096 {
            bytes.removeFirst(start)
            start = 0
        }
    }

    /// Takes everything away and frees the memory.
    mutating func removeAll() { self = ByteQueue() }
}
