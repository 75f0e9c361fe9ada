import Foundation

/// A program that reports counts from a JSON file and follows a goal. Your system will have its counts elsewhere.
@main
enum ReportCounts {
    static let usage = """
        usage: report-counts try FILE | send FILE | send-each FILE | goals | follow GOAL [SECONDS]
        FILE is a JSON array of counts. DIGIDEL_API is the address of the API, DIGIDEL_KEY your key.
        """

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let environment = ProcessInfo.processInfo.environment
        guard let address = environment["DIGIDEL_API"].flatMap(URL.init(string:)), address.scheme != nil
        else {
            fail(usage, status: 64)
        }
        var client = DigidelClient(address: address, key: environment["DIGIDEL_KEY"])
        client.onTrouble = { trouble, wait in
            complain("\(trouble)\nTrying again in \(Int(wait.rounded(.up))) s")
        }
        do {
            switch (arguments.first, arguments.dropFirst().first) {
            case ("try", let file?): try await send(counts(in: file), with: client, dryRun: true)
            case ("send", let file?): try await send(counts(in: file), with: client, dryRun: false)
            case ("send-each", let file?): try await sendEach(counts(in: file), with: client)
            case ("goals", nil):
                for goal in try await client.list("goals", of: Goal.self) {
                    print("\(goal.id)\t\(goal.name)")
                }
            case ("follow", let goal?):
                let seconds =
                    arguments.dropFirst(2).first.flatMap(Double.init).map { max(0.1, min($0, 3600)) } ?? 5
                for try await now in client.progress(of: goal, every: seconds) {
                    let figures = "\(Int(now.value)) of \(Int(now.target)), \(now.status)"
                    say("\(now.name): \(figures) (version \(now.version))")
                }
            default: fail(usage, status: 64)
            }
        } catch {
            fail("\(error)", status: 1)
        }
    }

    /// A goal in the list of goals.
    struct Goal: Decodable, Sendable {
        var id: String
        var name: String
    }

    static func counts(in file: String) throws -> [ParticipantCount] {
        try JSONDecoder().decode([ParticipantCount].self, from: Data(contentsOf: URL(fileURLWithPath: file)))
    }

    static func send(_ counts: [ParticipantCount], with client: DigidelClient, dryRun: Bool) async throws {
        let answer = try await client.post(counts, dryRun: dryRun)
        for outcome in answer.outcomes {
            say("\(outcome.outcome)  \(counts[outcome.index].externalId)")
            for issue in outcome.issues ?? [] {
                say("  \(issue.field ?? "row"): \(issue.message) (\(issue.code))")
            }
        }
        for goal in answer.goals { say("goal \(goal.goal): \(Int(goal.before)) -> \(Int(goal.after))") }
        if answer.tallies["rejected", default: 0] > 0 { fail("Some rows were rejected.", status: 1) }
    }

    static func sendEach(_ counts: [ParticipantCount], with client: DigidelClient) async throws {
        for count in counts {
            let (stored, isNew) = try await client.post(count)
            say("\(isNew ? "created" : "unchanged")  \(count.externalId)  \(stored.id)")
        }
    }

    /// Prints at once, into a file as well.
    static func say(_ text: String) {
        FileHandle.standardOutput.write(Data("\(text)\n".utf8))
    }

    static func complain(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }

    static func fail(_ text: String, status: Int32) -> Never {
        complain(text)
        exit(status)
    }
}
