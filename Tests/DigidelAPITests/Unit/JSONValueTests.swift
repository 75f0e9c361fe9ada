import Foundation
import Testing

@testable import DigidelAPI

@Suite struct JSONValueTests {
    @Test(
        arguments: [
            ("null", JSONValue.null), ("true", .bool(true)), (" false\r\n\t", .bool(false)), ("\"\"", ""),
            ("0", 0), ("[]", []),
            ("{}", [:]), ("[1,\"a\",null,[true]]", [1, "a", .null, [.bool(true)]]),
            (#"{"a":{"b":[{}]},"":1,"å":"ö"}"#, ["a": ["b": [[:]]], "": 1, "å": "ö"]),
            (#""\"\\\/\b\f\n\r\t\u00e5\ud83d\ude00""#, "\"\\/\u{8}\u{c}\n\r\tå😀"),
            (#""[,] {,} \"],\"""#, "[,] {,} \"],\""), ("\u{FEFF}[1]", [1]), (#"{"a\u0062":1}"#, ["ab": 1]),
            (#""e\u0301""#, "é"), ("[ 1 , 2 ]", [1, 2]),
        ] as [(String, JSONValue)])
    func jsonIsReadAsItIs(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
    }

    @Test(arguments: [
        ("1.0", "1"), ("1e3", "1000"), ("1E+3", "1000"), ("25e-1", "2.5"), ("-0", "0"), ("-0.0", "0"),
        ("0.1", "0.1"),
        ("0.30000000000000004", "0.30000000000000004"), ("9007199254740993", "9007199254740993"),
        ("18446744073709551616", "18446744073709551616"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("-1e-20", "-0.00000000000000000001"),
    ])
    func numbersAreExact(text: String, digits: String) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == .number(exact(digits)))
        #expect(try JSONValue(parsing: Array("[\(text)]".utf8)) == .array([.number(exact(digits))]))
    }

    @Test(arguments: [
        "", " ", "nul", "True", "1 2", "[1]]", "[1] x", "[1]//", "{\"a\":1}{", "[", "{", "\"a", "[1",
        "{\"a\"", "{\"a\":",
        "[,]", "[1,]", "[1, \n]", "[[1,],2]", "{\"a\":1,}", "{\"a\":[1,]}", "{,}", "[1 2]", "{\"a\" 1}",
        "{1:2}", "{a:1}",
        "{\"a\":1 \"b\":2}", "'a'", "01", "-", "+1", ".5", "1.", "1e", "0x10", "1_000", "NaN", "Infinity",
        "-Infinity",
        "1e400", "\"\t\"", "\"\n\"", #""\x""#, #""\u12""#, #""\ud800""#, #""\udc00""#, #""\udc00\ud800""#,
        #""\ud800a""#,
    ])
    func anythingElseIsRefused(text: String) {
        #expect(throws: JSONValue.Fault.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test(
        arguments: [
            [0x22, 0xff, 0x22], [0x22, 0xc3, 0x22], [0x22, 0xc0, 0xaf, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22],
            [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], [0xff, 0xfe], [0x00], [0x22, 0x00, 0x22],
            // [1] in UTF-16 of both orders, and in UTF-32.
            [0x5b, 0, 0x31, 0, 0x5d, 0], [0, 0x5b, 0, 0x31, 0, 0x5d],
            [0x5b, 0, 0, 0, 0x31, 0, 0, 0, 0x5d, 0, 0, 0],
        ] as [[UInt8]])
    func whatIsNotUTF8IsRefused(bytes: [UInt8]) {
        #expect(throws: JSONValue.Fault(detail: "The text is not UTF-8.")) { try JSONValue(parsing: bytes) }
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}")])
    func nestingHasALimit(open: String, close: String) throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8)
        }
        #expect(throws: Never.self) { try JSONValue(parsing: nested(128)) }
        let fault = JSONValue.Fault(detail: "The text is nested deeper than 128 levels.")
        #expect(throws: fault) { try JSONValue(parsing: nested(129)) }
        #expect(throws: fault) { try JSONValue(parsing: nested(100_000)) }
        #expect(throws: fault) { try JSONValue(parsing: Array(String(repeating: open, count: 129).utf8)) }
    }

    @Test func bracketsInTextsAreNoNesting() throws {
        let text = String(repeating: "[{", count: 500)
        #expect(
            try JSONValue(parsing: Array(#"["\#(text)\\","\"\#(text)"]"#.utf8)) == [
                .string(text + "\\"), .string("\"" + text),
            ])
    }

    @Test func manySiblingsAreNoNesting() throws {
        let text = "[" + Array(repeating: "[]", count: 1000).joined(separator: ",") + "]"
        #expect(try JSONValue(parsing: Array(text.utf8)) == .array(Array(repeating: [], count: 1000)))
    }

    @Test func theFirstOfMembersWithTheSameNameCounts() throws {
        #expect(try JSONValue(parsing: Array(#"{"a":1,"a":2}"#.utf8)) == ["a": 1])
    }

    @Test(arguments: [
        ("{\"a\" 1}", "Byte 6 cannot stand where it does."), ("[1,]", "Byte 4 cannot stand where it does."),
        ("[1", "It ends too early."), ("", "It ends too early."),
        ("1 2", "Byte 3 cannot stand where it does."),
        ("\"\\ud800\"", "Byte 8 cannot stand where it does."),
        ("\"å\n\"", "Byte 4 cannot stand where it does."),
    ])
    func aFaultSaysWhereItIs(text: String, detail: String) {
        let fault = JSONValue.Fault(detail: "The text is not JSON. \(detail)")
        #expect(throws: fault) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test(arguments: ["1e400", "-1e400", "1e99999999999999999999"])
    func aNumberBeyondRangeIsNoFaultOfTheGrammar(text: String) {
        let fault = JSONValue.Fault(detail: "The text has a number that is too large.")
        #expect(throws: fault) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test(arguments: [
        ("2.208787629110367e-303", Decimal.leastNonzeroMagnitude), ("-1e-400", -.leastNonzeroMagnitude),
        ("1e-99999999999999999999", .leastNonzeroMagnitude), ("0e-400", 0), ("-0.0e400", 0),
    ])
    func aNumberIsZeroOnlyWhenItIs(text: String, number: Decimal) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == .number(number))
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["[]", "1"])
    func aMegabyteIsReadInAMomentHoweverDeepItStands(element: String) throws {
        let (open, close) = (String(repeating: "[", count: 126), String(repeating: "]", count: 126))
        let text = open + Array(repeating: element, count: 350_000).joined(separator: ",") + close
        #expect(throws: Never.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    /// RFC 7396, appendix A, in its order.
    @Test(arguments: [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, "{}"),
        (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
        (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
        (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#),
        (#"{"a":"foo"}"#, "null", "null"),
        (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
        (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
        ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
        ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        // And a text in the place of an object.
        (#"{"a":"b"}"#, #"{"a":{"c":null,"d":1}}"#, #"{"a":{"d":1}}"#),
        (#"{"a":"b"}"#, "{}", #"{"a":"b"}"#),
    ])
    func aPatchIsMerged(original: String, patch: String, result: String) throws {
        func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }
        #expect(try json(original).merged(with: json(patch)) == json(result))
    }
}
