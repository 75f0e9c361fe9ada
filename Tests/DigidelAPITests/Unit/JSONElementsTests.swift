import Testing

@testable import DigidelAPI

@Suite struct JSONElementsTests {
    /// The elements of an array, each read by itself.
    private func elements(_ text: String, makesValues: Bool = false) throws -> [JSONValue] {
        let bytes = Array(text.utf8)
        var parser = JSONParser(bytes, makesValues: makesValues)
        var elements: [JSONValue] = []
        while let range = try parser.passElement() {
            var element = JSONParser(bytes, at: range)
            elements.append(try element.document())
        }
        return elements
    }

    /// What stands in an array, right and wrong.
    static let contents = [
        "", " ", "1", "1,2", " 1 , 2 ", "[]", "[1],[2]", "{}", #"{"a":[1,{"b":null}]},true,false,null"#,
        #""a,]","\"]","\\""#, #""\u00e5\ud83d\ude00""#, "-0.5e+3,0", "[[1,2],[3]],4", "\n[\t1\r\n]\n",
        ",", "1,", ",1", "1 2", "1]", "[1", "{\"a\"}", "{\"a\":1,}", "{a:1}", "01", "1.", "-", "tru", "\"a",
        #""\x""#, #""\ud800""#, "\"\t\"", "[1}", "{1]", "1],[2", "\u{FEFF}1",
    ]

    @Test(arguments: contents, [("[", "]"), (" [", "]\n"), ("\u{FEFF}[", "]"), ("[", ""), ("[", "],")])
    func `elements are what is in the array, and the same is no array`(
        text: String, brackets: (String, String)
    ) {
        let text = brackets.0 + text + brackets.1
        let whole = try? JSONValue(parsing: Array(text.utf8))
        let expected: [JSONValue]? = if case .array(let values) = whole { values } else { nil }
        #expect((try? elements(text)) == expected)
        #expect((try? elements(text, makesValues: true)) == expected)
    }

    @Test(arguments: ["", "{}", "1", "\"[]\"", " {\"a\":[]}", "[]]", "[][]"])
    func `what is no array has no elements`(text: String) {
        #expect(throws: JSONValue.Fault.self) { try elements(text) }
    }

    @Test func `nesting has the limit that it has in the whole`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try elements(nested(128)).count == 1)
        let fault = JSONValue.Fault(detail: "The text is nested deeper than 128 levels.")
        #expect(throws: fault) { try elements(nested(129)) }
    }

    @Test func `a number that is out of range is its element's fault alone`() throws {
        let bytes = Array("[1e400, 1]".utf8)
        var parser = JSONParser(bytes, makesValues: false)
        let range = try #require(try parser.passElement())
        let fault = JSONValue.Fault(detail: "The text has a number that is too large.")
        var element = JSONParser(bytes, at: range)
        #expect(throws: fault) { try element.document() }
        #expect(try parser.passElement() == 7..<9)
        #expect(try parser.passElement() == nil)
    }
}
