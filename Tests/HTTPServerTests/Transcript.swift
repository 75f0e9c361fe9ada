import HTTP
import Testing

@testable import HTTPServer

/// All that a connection does with what it is sent, every action in short, each request being answered as soon as it
/// is there.
final class Transcript {
    /// What is said to requests with a body.
    enum Admission: Sendable, CaseIterable {
        case taken, takenWhenShort, refused
    }

    private let probe = StateProbe()
    private let admission: Admission
    private(set) var actions: [String] = []

    init(_ admission: Admission = .taken) {
        self.admission = admission
    }

    /// The transcript of these parts and the end of the client's side.
    static func actions(_ parts: ArraySlice<UInt8>..., admission: Admission = .taken) -> [String] {
        let transcript = Transcript(admission)
        for part in parts { transcript.receive(part) }
        transcript.end()
        return transcript.actions
    }

    func receive(_ bytes: ArraySlice<UInt8>) {
        if !bytes.isEmpty { run(probe.receive(bytes)) }
    }

    func end() {
        run(probe.endInput())
    }

    /// Does what is asked for until there is nothing to do. 100 is left out: it depends on how the bytes are split.
    private func run(_ first: String) {
        var action = first
        while action != "wait" {
            if action != "continue" { actions.append(action) }
            if action.hasPrefix("admit ") {
                admit()
            } else if ["respond ", "refuse ", "answer "].contains(where: action.hasPrefix) {
                answer(.ok)
            }
            action = probe.next()
        }
    }

    private func admit() {
        switch admission {
        case .taken: admit(limit: 1 << 20)
        case .takenWhenShort: admit(limit: 2)
        case .refused: answer(.notFound)
        }
    }

    private func admit(limit: Int) {
        guard let refusal = probe.admit(limit: limit) else { return }
        actions.append("refuse \(refusal.status.rawValue)")
        answer(refusal.status)
    }

    private func answer(_ status: Status) {
        guard let delivery = probe.answer(status) else { return }
        actions.append("sent \(delivery.persistence)\(delivery.isHead ? " without body" : "")")
    }
}
