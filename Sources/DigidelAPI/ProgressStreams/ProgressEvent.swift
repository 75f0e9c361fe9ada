import HTTP

/// A goal's progress as clients of its stream are told it: one event of the WHATWG's server-sent events, encoded once
/// for all of them.
struct ProgressEvent: Sendable {
    let answer: ProgressAnswer
    let part: BodyPart

    init(_ answer: ProgressAnswer) {
        self.answer = answer
        var bytes = Array("id: \(answer.version)\nevent: progress\ndata: ".utf8)
        bytes.reserveCapacity(bytes.count + answer.json.count + 2)
        bytes += answer.json
        bytes += "\n\n".utf8
        part = BodyPart(bytes)
    }

    /// A comment, which keeps proxies from thinking that the connection is dead.
    static let heartbeat = BodyPart(Array(": still here\n\n".utf8))

    /// How long a client waits before it connects again: some seconds, not the same for all, so that those who lose an
    /// instance do not all come to the next one at the same moment.
    static func retry(milliseconds: Int = Int.random(in: 2000...5000)) -> BodyPart {
        BodyPart(Array("retry: \(milliseconds)\n\n".utf8))
    }
}
