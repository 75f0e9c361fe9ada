/// What the owner of a descriptor waits for.
package struct Interest: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Bytes, a connection to accept, or the peer's end of stream.
    package static let read = Interest(rawValue: 1)
    /// Room in the send buffer, or a finished connect.
    package static let write = Interest(rawValue: 2)
}

/// What a descriptor is ready for.
package struct Ready: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// A read will not block; it may find the end of the stream.
    package static let read = Ready(rawValue: 1)
    /// A write will not block.
    package static let write = Ready(rawValue: 2)
    /// The connection is dead in both directions (error or hang-up); told whatever the interest.
    package static let failed = Ready(rawValue: 4)
}

/// A failed system call: its name and `errno`.
package struct SystemError: Error, CustomStringConvertible, Equatable {
    package let call: String
    package let code: Int32
    package var description: String { "\(call): \(errorText(code))" }

    /// Reads `errno`; make it right after the failed call.
    package init(_ call: String) {
        self.init(call, code: lastErrorCode())
    }

    package init(_ call: String, code: Int32) {
        self.call = call
        self.code = code
    }
}
