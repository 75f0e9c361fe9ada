import HTTP

/// A body is read the same however it is split, never grows beyond its limit, and takes nothing of what follows it
/// (RFC 9112, 6 and 7).
func checkBody(_ input: [UInt8]) {
    checkBody(input, .chunked, limit: 1 << 20, MessageLimits())
    checkBody(input, .chunked, limit: 64, .small)
    checkBody(input, .length(Int(input.first ?? 0)), limit: 64, .small)
}

/// The same for one kind of body with these limits.
private func checkBody(_ input: [UInt8], _ framing: BodyFraming, limit: Int, _ limits: MessageLimits) {
    guard let reader = try? BodyReader(framing, limit: limit, limits: limits) else {
        guard case .length(let length) = framing, length > limit else {
            preconditionFailure("a body is refused before it comes")
        }
        return
    }
    let whole = Outcome(reader, input, ends: [input.count], limit: limit)
    for ends in Splits.of(input) {
        precondition(Outcome(reader, input, ends: ends, limit: limit) == whole, "a split changes the outcome")
    }
    guard case .read(let body, let used, let isComplete) = whole else { return }
    precondition(isComplete || used == input.count, "bytes of a body are left")
    if case .length(let length) = framing { precondition(body.elementsEqual(input.prefix(length))) }
    if framing == .chunked, isComplete { checkCopy(of: body) }
}

/// What became of an input.
private enum Outcome: Equatable {
    case read([UInt8], used: Int, isComplete: Bool)
    case refused(Refusal)

    /// Reads pieces that end at these places.
    init(_ reader: BodyReader, _ input: [UInt8], ends: [Int], limit: Int) {
        var reader = reader
        var body: [UInt8] = []
        var used = 0
        do {
            for end in ends where !reader.isComplete {
                used += try reader.read(input[used..<end], into: &body)
                precondition(body.count <= limit, "a body is larger than its limit")
                precondition(reader.isComplete || used == end, "bytes of a body are left")
            }
            self = .read(body, used: used, isComplete: reader.isComplete)
        } catch {
            self = .refused(error)
        }
    }
}

/// A body that is sent in one chunk comes out as it was.
private func checkCopy(of body: [UInt8]) {
    let chunk =
        body.isEmpty ? [] : Array("\(String(body.count, radix: 16))\r\n".utf8) + body + Array("\r\n".utf8)
    var reader = ChunkedBody(bodyLimit: body.count)
    var copy: [UInt8] = []
    let used = try? reader.read((chunk + Array("0\r\n\r\n".utf8))[...], into: &copy)
    precondition(copy == body && reader.isComplete && used == chunk.count + 5, "a body changes on its way")
}
