import Foundation
import Testing

@testable import DigidelAPI

@Suite struct JSONWriterTests {
    @Test func bracketsAndCommasStandWhereTheyShould() {
        let text = written { json in
            json.object { json in
                json.member("a", 1)
                json.member("b", [])
                json.member("c", ["x", "y"])
                json.member("d") { _ in }
                json.member("e") { $0.member("f", true) }
                json.name("g")
                json.array([1, 2]) { json, number in json.object { $0.member("n", number) } }
                json.name("h")
                json.null()
                json.name("i")
                json.raw("[1]")
                json.member("j", false)
            }
        }
        let expected =
            #"{"a":1,"b":[],"c":["x","y"],"d":{},"e":{"f":true},"g":[{"n":1},{"n":2}],"h":null,"i":[1],"j":false}"#
        #expect(text == expected)
    }

    @Test func membersThatAreNilAreLeftOutOrNull() {
        let text = written { json in
            json.object { json in
                json.member("a", nil as String?)
                json.member("b", nil as Int?)
                json.member("c", nil as Bool?)
                json.member("d", nil as Decimal?)
                json.member("e", nil as CalendarDate?)
                json.member("f", nil as Instant?)
                json.member("g", nil as UUID?)
                json.member("h", nil as LocalisedText?, in: .sv)
                json.nullable("i", nil as String?)
                json.nullable("j", nil as Decimal?)
            }
        }
        #expect(text == #"{"i":null,"j":null}"#)
    }

    @Test func valuesAreWrittenInTheirForms() throws {
        let (date, time) = (try day("2016-10-03"), try instant("2016-10-03T08:00:00.5Z"))
        let uuid = try #require(UUID(uuidString: "018E4C1A-0123-7000-8000-0123456789AB"))
        let name = LocalisedText([.en: "Week", .sv: "Vecka"])
        let text = written { json in
            json.object { json in
                json.member("date", date)
                json.member("time", time)
                json.member("uuid", uuid)
                json.member("one", name, in: .en)
                json.member("all", name, in: nil)
                json.nullable("share", exact("-0.1"))
                json.nullable("text", "x")
            }
        }
        let expected = #"""
            {"date":"2016-10-03","time":"2016-10-03T08:00:00.500000Z","uuid":"018e4c1a-0123-7000-8000-0123456789ab",\#
            "one":"Week","all":{"sv":"Vecka","en":"Week"},"share":-0.1,"text":"x"}
            """#
        #expect(text == expected)
    }

    @Test(arguments: [
        ("0", "0"), ("1.0", "1"), ("-0", "0"), ("42", "42"), ("0.1", "0.1"), ("-39543.8", "-39543.8"),
        ("1e20", "100000000000000000000"),
        ("1e-7", "0.0000001"), ("123456789012345678901234567890", "123456789012345678901234567890"),
    ])
    func decimalsAreWrittenWithoutExponent(number: String, digits: String) {
        #expect(written { $0.value(exact(number)) } == digits)
    }

    @Test func everyCharacterSurvives() throws {
        let scalars = (0...0x2ff).compactMap(Unicode.Scalar.init).map(Character.init)
        let text = String(scalars) + "\u{2028}\u{2029}\u{FEFF}\u{FFFF}😀👩‍👩‍👧e\u{301}"
        let json = written { $0.value(text) }
        #expect(!json.utf8.contains { $0 < 0x20 })
        let foundation = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
        #expect((foundation as? String).map { Array($0.utf8) } == Array(text.utf8))
    }

    @Test(arguments: [
        ("\"", #""\"""#), ("\\", #""\\""#), ("\n", #""\u000a""#), ("\0", #""\u0000""#),
        ("\u{1f}", #""\u001f""#),
        ("\u{7f}", "\"\u{7f}\""), ("/", "\"/\""), ("åäö", "\"åäö\""), ("</script>", "\"</script>\""),
    ])
    func onlyWhatMustBeIsEscaped(text: String, json: String) {
        #expect(written { $0.value(text) } == json)
        #expect(written { json in json.object { $0.member(text, 1) } } == "{\(json):1}")
    }

    @Test func aValueIsReadBackAsItWasByUsAndByFoundation() throws {
        let value: JSONValue = [
            "z": [1, "two", .null, .bool(true), .number(exact("2.50")), [:], [], ["a\"b": ["å\n"]]],
            "a": .bool(false), "": "",
        ]
        let json = written { $0.value(value) }
        #expect(json == #"{"":"","a":false,"z":[1,"two",null,true,2.5,{},[],{"a\"b":["å\u000a"]}]}"#)
        #expect(try JSONValue(parsing: Array(json.utf8)) == value)
        let foundation = try JSONSerialization.jsonObject(with: Data(json.utf8))
        let again = try JSONSerialization.data(withJSONObject: foundation)
        #expect(try JSONValue(parsing: Array(again)) == value)
    }
}
