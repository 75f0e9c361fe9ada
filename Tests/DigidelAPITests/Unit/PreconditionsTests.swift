import HTTP
import Testing

@testable import DigidelAPI

@Suite struct PreconditionsTests {
    private static let current = EntityTag("1-sv")

    private func outcome(_ method: Method, _ fields: Fields, _ tag: EntityTag? = current)
        -> Preconditions.Outcome
    {
        Preconditions(Request(method, "/", fields: fields)).outcome(for: tag)
    }

    @Test(arguments: [
        #""1-sv""#, "*", #""x", "1-sv""#, #""x","1-sv""#, #""1-sv" ,"x""#, ", ,\t\"1-sv\" , ",
        #"W/"x", "1-sv""#,
        #""a,b", "1-sv""#, #""a\", "1-sv""#, #""\\", "1-sv""#, "\"\", \"1-sv\"", #""1-sv", 1-sv"#,
        "\"\u{e9}\", \"1-sv\"", "\"\u{301}\", \"1-sv\"", "\"a\u{301}\",\"1-sv\"",
    ])
    func aTagOfTheListMatches(field: String) {
        #expect(outcome(.get, ["If-Match": field]) == .proceed)
        #expect(outcome(.put, ["If-Match": field]) == .proceed)
        for method in [Method.get, .head] {
            #expect(outcome(method, ["If-None-Match": field]) == .notModified)
        }
        for method in [Method.post, .put, .patch, .delete] {
            #expect(outcome(method, ["If-None-Match": field]) == .failed)
        }
    }

    @Test(arguments: [
        "", "1-sv", "'1-sv'", #""1-sv"#, #"1-sv""#, #""x""#, #""1-SV""#, #"" 1-sv""#, #""1-sv ""#,
        #""1-sv-key""#,
        #""x, 1-sv""#, #""x, "1-sv""#, #""x" "1-sv""#, #""x"; "1-sv""#, #"x, "1-sv""#, #"x"1-sv""#,
        #""1-sv"x"#,
        #""a\"1-sv""#, #""\"1-sv\"""#, #"w/"1-sv""#, #"W "1-sv""#, #"W/ "1-sv""#, #"W/1-sv"#,
        "\"1-sv\u{301}\"",
        "\"1-sv\"\u{301}", "\u{a0}\"1-sv\"", "* , *", "\"*\"",
    ])
    func noTagOfTheListMatches(field: String) {
        for method in [Method.get, .head, .put, .patch] {
            #expect(outcome(method, ["If-Match": field]) == .failed)
            #expect(outcome(method, ["If-None-Match": field]) == .proceed)
        }
    }

    /// RFC 9110, 13.1.1 and 13.1.2.
    @Test(arguments: [#"W/"1-sv""#, #""x", W/"1-sv""#, #"W/"1-sv" , "x""#])
    func aWeakTagMatchesOnlyWhoHasItAlready(field: String) {
        for method in [Method.get, .put] {
            #expect(outcome(method, ["If-Match": field]) == .failed)
        }
        #expect(outcome(.get, ["If-None-Match": field]) == .notModified)
        #expect(outcome(.put, ["If-None-Match": field]) == .failed)
    }

    /// RFC 9110, 13.2.2.
    @Test func ifMatchIsAskedFirst() {
        #expect(outcome(.get, ["If-Match": #""x""#, "If-None-Match": "*"]) == .failed)
        #expect(outcome(.get, ["If-Match": #""1-sv""#, "If-None-Match": #""1-sv""#]) == .notModified)
        #expect(outcome(.put, ["If-Match": #""1-sv""#, "If-None-Match": #""1-sv""#]) == .failed)
        #expect(outcome(.put, ["If-Match": "*", "If-None-Match": #""x""#]) == .proceed)
        #expect(outcome(.get, [:]) == .proceed && outcome(.post, [:], nil) == .proceed)
    }

    @Test func linesOfOneNameAreOneList() {
        #expect(outcome(.get, ["If-Match": #""x""#, "if-match": #""1-sv""#]) == .proceed)
        #expect(outcome(.get, ["If-None-Match": #""x""#, "IF-NONE-MATCH": #""1-sv""#]) == .notModified)
    }

    /// What has no tag is there all the same.
    @Test func whatHasNoTagMatchesAnyOnly() {
        for method in [Method.get, .head, .post] {
            #expect(outcome(method, ["If-Match": "*"], nil) == .proceed)
            #expect(outcome(method, ["If-Match": "\"\""], nil) == .failed)
            #expect(outcome(method, ["If-None-Match": "\"\""], nil) == .proceed)
        }
        #expect(outcome(.get, ["If-None-Match": "*"], nil) == .notModified)
        #expect(outcome(.post, ["If-None-Match": "*"], nil) == .failed)
    }
}
