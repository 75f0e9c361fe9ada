import HTTP
import Testing

/// Reads one head out of a whole message.
func parse(_ text: String, limits: MessageLimits = MessageLimits()) throws(Refusal) -> RequestHead? {
    try parse(Array(text.utf8), limits: limits)
}

func parse(_ bytes: [UInt8], limits: MessageLimits = MessageLimits()) throws(Refusal) -> RequestHead? {
    var parser = RequestParser(limits: limits)
    return try parser.parse(bytes[...])
}

/// The refusal of a message; nil when it is taken, or more of it is waited for.
func refusal(_ text: String, limits: MessageLimits = MessageLimits()) -> Refusal? {
    refusal(Array(text.utf8), limits: limits)
}

func refusal(_ bytes: [UInt8], limits: MessageLimits = MessageLimits()) -> Refusal? {
    do {
        _ = try parse(bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}

/// A GET with these lines behind its Host.
func get(_ lines: String...) -> String {
    "GET / HTTP/1.1\r\nHost: example.org\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
}

/// A message and how it is refused.
struct RefusedMessage: Sendable, CustomTestStringConvertible {
    var text: String
    var status: Status
    var section: String

    init(_ text: String, _ status: Status, _ section: String) {
        self.text = text
        self.status = status
        self.section = section
    }

    var testDescription: String { String(text.prefix(90).debugDescription) }

    /// Whether this is how the parser refuses it.
    var isRefused: Bool {
        guard let refusal = refusal(text) else { return false }
        return refusal.status == status && refusal.section == section && !refusal.detail.isEmpty
    }
}
