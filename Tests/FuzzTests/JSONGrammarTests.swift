import Testing

@testable import FuzzTargets

/// What the parser is compared with has to be right itself.
@Suite struct JSONGrammarTests {
    @Test(arguments: [
        "null", " true\t", "\r\nfalse", "0", "-0", "-12.50", "1e3", "1E+3", "2.5e-10", "\"\"", "\"å/\u{7f}\"",
        #""\"\\\/\b\f\n\r\t\u00E5\ud83d\uDE00""#, "[]", "[ ]", "[1, [2 ],{}]", "{}", "{ }",
        #"{"a":1 , "":[null]}"#, "\u{FEFF}1",
    ])
    func `JSON matches`(text: String) {
        #expect(JSONGrammar.matches(Array(text.utf8)))
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "True", "1 2", "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "NaN", "'a'",
        "\"", "\"a", "\"\t\"", #""\x""#, #""\u12""#, #""\u00g0""#, #""\ud800""#, #""\udc00""#,
        #""\ud800\u0041""#, #""\ud800a""#, "[", "[1", "[1,]", "[,]", "[1 2]", "[1]]", "[}", "{", "{\"a\"}",
        "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:2}", "{\"a\" 1}", "//\n1", "\u{FEFF}\u{FEFF}1",
    ])
    func `anything else does not`(text: String) {
        #expect(!JSONGrammar.matches(Array(text.utf8)))
    }
}
