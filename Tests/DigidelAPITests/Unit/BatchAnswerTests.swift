import Foundation
import Testing

@testable import DigidelAPI

@Suite struct BatchAnswerTests {
    private func options(_ query: String?) throws -> BatchOptions {
        var input = try QueryInput(query)
        return try BatchOptions(&input)
    }

    @Test func `options have defaults`() throws {
        let options = try options(nil)
        #expect(options.mode == .partial && !options.isDryRun && options.onExisting == .fail)
        #expect(options.reason == .other)
    }

    @Test func `options are read from the query`() throws {
        let options = try options("mode=atomic&dryRun=true&onExisting=revise&reason=lateData")
        #expect(options.mode == .atomic && options.isDryRun && options.onExisting == .revise)
        #expect(options.reason == .lateData)
        #expect(try self.options("mode=partial&dryRun=false&onExisting=skip").onExisting == .skip)
    }

    @Test(arguments: RevisionReason.allCases) func `every reason is read`(reason: RevisionReason) throws {
        #expect(try options("onExisting=revise&reason=\(reason.rawValue)").reason == reason)
    }

    @Test(arguments: [
        ("mode=all", "mode", "Must be one of atomic, partial."),
        ("dryRun=1", "dryRun", "Must be true or false."),
        ("dryRun=", "dryRun", "Must be true or false."), ("dryRun=True", "dryRun", "Must be true or false."),
        ("onExisting=keep", "onExisting", "Must be one of fail, skip, revise."),
        ("onExisting=fail,skip", "onExisting", "Must be one of fail, skip, revise."),
        (
            "reason=whim", "reason",
            "Must be one of typo, lateData, doubleCount, scope, definition, withdrawal, other."
        ),
        (
            "dryrun=true", "dryrun",
            "Is not a parameter here; the parameters are dryRun, lang, mode, onExisting, reason."
        ),
        ("mode=atomic&mode=atomic", "mode", "Is given twice; several values are joined by commas."),
    ])
    func `any other option is refused`(query: String, name: String, detail: String) throws {
        #expect(try faults { _ = try options(query) } == [Fault(name, "malformed", detail)])
    }

    @Test(arguments: [
        ("/area", "area"), ("/breakdowns/gender", "breakdowns.gender"),
        ("/breakdowns/age/71+", "breakdowns.age.71+"),
        ("/a~1b~0c", "a/b~c"), ("/a~01", "a~1"),
    ])
    func `an issue names the member`(pointer: String, field: String) {
        let json = written { BatchIssue(Fault(pointer, "unknownArea", "There is none.")).write(to: &$0) }
        #expect(json == #"{"code":"unknownArea","field":"\#(field)","message":"There is none."}"#)
    }

    @Test func `an issue of the whole row names no member`() {
        let json = written { BatchIssue(Fault("", "malformed", "No JSON.")).write(to: &$0) }
        #expect(json == #"{"code":"malformed","message":"No JSON."}"#)
    }

    private static let id = UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))

    /// A row of each kind, in disorder.
    private func answer(_ query: String?) throws -> BatchAnswer {
        var answer = BatchAnswer(try options(query))
        answer.add(.rejected([Fault("/area", "unknownArea", "There is no area se-9999.")]), at: 1)
        answer.add(BatchOutcome(kind: .created, id: Self.id, revision: 1), at: 0)
        answer.add(BatchOutcome(kind: .unchanged, id: Self.id, revision: 2), at: 3)
        answer.add(BatchOutcome(kind: .revised, id: Self.id, revision: 3), at: 2)
        answer.goals = [BatchGoal(goal: "digidel2013", before: 210_000, after: exact("210042.5"))]
        return answer
    }

    private static let rejected =
        #"{"index":1,"outcome":"rejected","issues":[{"code":"unknownArea","field":"area","#
        + #""message":"There is no area se-9999."}]}"#
    private static let goals = #"],"goals":[{"goal":"digidel2013","before":210000,"after":210042.5}]}"#

    @Test func `an answer is written as the contract has it`() throws {
        let answer = try answer(nil)
        #expect(answer.hasRejected)
        let id = #""id":"01020304-0506-0708-090a-0b0c0d0e0f10""#
        let outcomes = [
            #"{"index":0,"outcome":"created",\#(id),"revision":1}"#, Self.rejected,
            #"{"index":2,"outcome":"revised",\#(id),"revision":3}"#,
            #"{"index":3,"outcome":"unchanged",\#(id),"revision":2}"#,
        ]
        #expect(
            written { answer.write(to: &$0) }
                == #"{"dryRun":false,"mode":"partial","tallies":{"created":1,"revised":1,"unchanged":1,"held":0,"#
                + #""rejected":1},"outcomes":["# + outcomes.joined(separator: ",") + Self.goals)
    }

    @Test func `a dry run gives no ids`() throws {
        let text = written { json in (try? answer("dryRun=true&mode=atomic"))?.write(to: &json) }
        #expect(text.hasPrefix(#"{"dryRun":true,"mode":"atomic","#) && !text.contains(#""id""#))
        #expect(text.contains(#"{"index":0,"outcome":"created","revision":1}"#))
    }

    @Test func `an atomic batch with a rejected row is rejected as a whole`() throws {
        var answer = try answer("mode=atomic")
        answer.rollBack()
        #expect(
            answer.outcomes.values.allSatisfy { $0.kind == .rejected && $0.id == nil && $0.revision == nil })
        #expect([0, 2, 3].allSatisfy { answer.outcomes[$0]?.issues.map(\.code) == ["rolledBack"] })
        #expect(written { answer.write(to: &$0) }.contains(Self.rejected))
        #expect(written { answer.write(to: &$0) }.contains(#""held":0,"rejected":4}"#))
    }

    @Test func `an answer to no rows is one`() throws {
        let answer = BatchAnswer(try options(nil))
        #expect(!answer.hasRejected)
        #expect(
            written { answer.write(to: &$0) }
                == #"{"dryRun":false,"mode":"partial","tallies":{"created":0,"revised":0,"unchanged":0,"held":0,"#
                + #""rejected":0},"outcomes":[],"goals":[]}"#)
    }
}
