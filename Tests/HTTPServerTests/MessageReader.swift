import HTTP

/// Reads one message with the parser and the reader of bodies, part by part.
struct MessageReader {
    /// What has become of the message.
    enum Outcome: Equatable {
        case incomplete
        case refused(Refusal)
        /// The request in short, and how many bytes it has.
        case complete(String, length: Int)
    }

    private var bytes: [UInt8] = []
    private var parser = RequestParser()
    private var head: RequestHead?
    private var reader: BodyReader?
    private var body: [UInt8] = []
    private var used = 0
    private(set) var outcome = Outcome.incomplete

    mutating func read(_ part: ArraySlice<UInt8>) -> Outcome {
        guard outcome == .incomplete else { return outcome }
        bytes += part
        do {
            try readHead()
            try readBody()
        } catch {
            outcome = .refused(error)
        }
        return outcome
    }

    private mutating func readHead() throws(Refusal) {
        guard head == nil, let head = try parser.parse(bytes[...]) else { return }
        self.head = head
        used = parser.length
        reader = try BodyReader(head.framing, limit: 1 << 20, limits: MessageLimits())
    }

    private mutating func readBody() throws(Refusal) {
        guard let head, var reader else { return }
        used += try reader.read(bytes[used...], into: &body)
        self.reader = reader
        guard reader.isComplete else { return }
        let request = head.request
        let fields = request.fields.map { "\($0.name): \($0.value)" }
        outcome = .complete("\(request.method) \(request.path) \(fields) \(body)", length: used)
    }
}
