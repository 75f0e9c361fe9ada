import Testing

@testable import DigidelAPI

@Suite struct LocalisedTextTests {
    @Test(
        arguments: [
            (nil, "sv"), ("", "sv"), ("*", "sv"), ("en", "en"), ("EN-gb", "en"), ("nb-NO", "nb"),
            ("no", "nb"), ("nn", "nb"),
            ("nn-NO", "nb"), ("da", "da"), ("fi", "sv"), ("se", "sv"), ("fi, da", "da"), ("english", "sv"),
            ("svenska", "sv"),
            // By weight; the first of equals.
            ("en, da", "en"), ("da,en", "da"), ("en;q=0.5, da;q=0.8", "da"), ("en;q=0.5, da", "da"),
            ("en ; q=0.5 , da ; q=0.4", "en"), ("da;q=0.999,en;q=1.000", "en"), ("en;Q=0.1, da;q=0.2", "da"),
            ("da;q=0.1, fi", "da"), ("en-GB;q=0.3, da;q=0.2, en;q=0.1", "en"),
            // Not wanted.
            ("en;q=0", "sv"), ("en;q=0, da;q=0.1", "da"), ("en;q=0.000", "sv"), ("sv;q=0", "sv"),
            // The others.
            ("en, *", "en"), ("en;q=0.5, *;q=0.4", "en"), ("en;q=0.5, *", "sv"), ("sv;q=0, *", "nb"),
            ("sv;q=0.1, nb;q=0, *;q=0.2", "da"), ("sv;q=0, nb;q=0, da;q=0, *;q=0.1", "en"),
            ("*;q=0, da", "da"),
            ("sv;q=0.2, nb;q=0.2, da;q=0.3, en;q=0.1, *", "da"),
            // Malformed weights and ranges.
            ("en;q=, da;q=0.1", "da"), ("en;q=abc, da;q=0.1", "da"), ("en;q=7, da;q=0.1", "da"),
            ("en;q=-1", "sv"),
            ("en;q=nan, da;q=0.1", "da"), (";;, ,en", "en"), (",", "sv"), (";q=1", "sv"), ("-", "sv"),
        ] as [(String?, String)])
    func theLanguageIsTheOneThatIsPreferred(field: String?, language: String) {
        #expect(Language(accepting: field).rawValue == language)
    }

    @Test(arguments: [
        ("sv", "svenska"), ("nb", "norsk"), ("da", "svenska"), ("en", "svenska"),
    ])
    func swedishStandsInFirst(language: String, text: String) throws {
        let name = LocalisedText([.nb: "norsk", .sv: "svenska"])
        #expect(name.text(in: try #require(Language(rawValue: language))) == text)
    }

    @Test func theOthersStandInInTheirOrder() {
        #expect(LocalisedText([.en: "e", .da: "d", .nb: "n"]).text(in: .sv) == "n")
        #expect(LocalisedText([.en: "e", .da: "d"]).text(in: .sv) == "d")
        #expect(LocalisedText([.en: "e"]).text(in: .da) == "e")
        #expect(LocalisedText([:]).text(in: .sv) == "")
    }

    @Test func aColumnHoldsEveryLanguageInOrder() throws {
        let name = LocalisedText([.en: "\"Week\"", .sv: "Vecka\n40 å"])
        let column = try #require(name.parameter)
        #expect(column == #"{"sv":"Vecka\u000a40 å","en":"\"Week\""}"#)
        #expect(LocalisedText(column: column) == name)
    }

    @Test(arguments: ["", "null", "[]", "\"sv\"", #"{"fi":"x"}"#, #"{"sv":1}"#, #"{"sv":null}"#, "{"])
    func aColumnOfAnotherFormIsNone(column: String) {
        #expect(LocalisedText(column: column) == nil)
    }

    @Test(arguments: [("  a b\t", "a b"), ("", ""), (" \n ", ""), ("a", "a"), ("\u{A0}a", "a")])
    func whitespaceAroundATextIsTrimmed(text: String, trimmed: String) {
        #expect(text.trimmingWhitespace() == trimmed)
    }
}
