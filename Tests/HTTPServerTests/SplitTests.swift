import HTTP
import Testing

@testable import HTTPServer

/// However a client's bytes come, and wherever they stop.
@Suite struct SplitTests {
    @Test(arguments: ClientStream.single) func `no beginning of a message is a message`(stream: ClientStream)
    {
        let bytes = stream.bytes
        var whole = MessageReader()
        guard case .complete(_, length: bytes.count) = whole.read(bytes[...]) else {
            Issue.record("\(whole.outcome)")
            return
        }
        for cut in 0..<bytes.count {
            var reader = MessageReader()
            #expect(reader.read(bytes[..<cut]) == .incomplete, "\(cut)")
            #expect(reader.read(bytes[cut...]) == whole.outcome, "\(cut)")
        }
    }

    @Test(arguments: ClientStream.bad.filter(\.messages.isEmpty))
    func `a bad message is refused for the same reason wherever it is split`(stream: ClientStream) throws {
        let bytes = stream.bytes
        var whole = MessageReader()
        guard case .refused(let refusal) = whole.read(bytes[...]) else {
            Issue.record("\(whole.outcome)")
            return
        }
        #expect(refusal.status.rawValue == stream.refused?.status)
        for cut in 0..<bytes.count {
            var reader = MessageReader()
            #expect([.incomplete, whole.outcome].contains(reader.read(bytes[..<cut])), "\(cut)")
            #expect(reader.read(bytes[cut...]) == whole.outcome, "\(cut)")
        }
    }

    @Test(arguments: ClientStream.all) func `a client that stops anywhere gets what it has asked for`(
        stream: ClientStream
    ) {
        let bytes = stream.bytes
        let requests = Transcript.actions(bytes[...]).filter { $0.hasPrefix("respond ") }
        #expect(requests.count == stream.messages.count)
        for cut in 0...bytes.count {
            let actions = Transcript.actions(bytes[..<cut])
            let (whole, rest) = stream.messages(among: cut)
            #expect(actions.filter { $0.hasPrefix("respond ") } == Array(requests.prefix(whole)), "\(cut)")
            #expect(actions.last == "close", "\(cut)")
            // Only the empty line that may precede a request asks for nothing.
            let asks = bytes[(cut - rest)..<cut].contains { $0 != 13 && $0 != 10 }
            let statuses = ["refuse 400", "refuse \(stream.refused?.status ?? 400)"]
            let refusals = actions.filter { $0.hasPrefix("refuse ") }
            #expect(refusals.count <= 1 && refusals.allSatisfy(statuses.contains), "\(cut)")
            #expect(!refusals.isEmpty || !asks, "\(cut)")
            #expect(refusals.isEmpty || asks || stream.refused != nil, "\(cut)")
        }
    }

    @Test(arguments: ClientStream.all, Transcript.Admission.allCases)
    func `a connection does the same wherever its input is split`(
        stream: ClientStream, admission: Transcript.Admission
    ) {
        let bytes = stream.bytes
        let whole = Transcript.actions(bytes[...], admission: admission)
        for cut in 1..<bytes.count {
            let split = Transcript.actions(bytes[..<cut], bytes[cut...], admission: admission)
            #expect(split == whole, "\(cut)")
        }
        let transcript = Transcript(admission)
        for index in bytes.indices { transcript.receive(bytes[index...index]) }
        transcript.end()
        #expect(transcript.actions == whole)
    }
}
