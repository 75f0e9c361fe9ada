import Testing

@testable import DigidelAPI

@Suite struct QueryInputTests {
    private enum Colour: String, CaseIterable { case red, green }

    @Test func parametersAreDecodedAndRead() throws {
        var query = try QueryInput(
            "q=bok%20%26+b%C3%A5t&colour=green,red&ids=a,b%2Cc&on=2016-02-29&n=007&lang=all"
        )
        #expect(query.text("q", limit: 20) == "bok & båt")
        #expect(query.choices("colour") == [Colour.green, .red])
        #expect(query.ids("ids") == ["a", "b", "c"])
        #expect(query.date("on")?.description == "2016-02-29")
        #expect(query.integer("n", in: 1...10) == 7)
        #expect(query.asksForAllLanguages)
        try query.finish()
    }

    @Test func flagsAndInstantsAreRead() throws {
        var query = try QueryInput("yes=true&no=false&at=2016-10-03T08:00:00.5Z")
        #expect(query.bool("yes") == true && query.bool("no") == false && query.bool("other") == nil)
        #expect(query.instant("at")?.description == "2016-10-03T08:00:00.500000Z")
        try query.finish()
    }

    @Test(arguments: ["yes=1", "yes=TRUE", "yes=", "at=2016-10-03", "at=now", "at="])
    func whatIsNoFlagOrInstantIsRefused(raw: String) throws {
        let found = try faults {
            var query = try QueryInput(raw)
            _ = query.bool("yes")
            _ = query.instant("at")
            try query.finish()
        }
        #expect(found.map(\.pointer) == [String(raw.prefix { $0 != "=" })])
    }

    @Test(arguments: [nil, "", "&", "&&"])
    func nothingIsReadFromNoQuery(raw: String?) throws {
        var query = try QueryInput(raw)
        #expect(
            query.text("q", limit: 20) == nil && query.date("on") == nil
                && query.integer("n", in: 1...10) == nil)
        #expect(query.choices("colour") == [Colour]() && query.ids("ids") == [] && !query.asksForAllLanguages)
        try query.finish()
    }

    @Test func everyFaultIsToldAtOnce() throws {
        let found = try faults {
            var query = try QueryInput("z=1&n=11&colour=red,blue&on=2016-2-1&n=2&lang=en&y=&q=")
            _ = query.text("q", limit: 20)
            _ = query.choices("colour") as [Colour]
            _ = query.date("on")
            _ = query.integer("n", in: 1...10)
            try query.finish()
        }
        #expect(found.map(\.pointer) == ["n", "lang", "q", "colour", "on", "y", "z"])
        #expect(found.allSatisfy { $0.code == "malformed" })
        #expect(found.first?.detail == "Is given twice; several values are joined by commas.")
        #expect(found.last?.detail == "Is not a parameter here; the parameters are colour, lang, n, on, q.")
    }

    @Test(arguments: ["q=%", "q=%4", "q=%zz", "%ff=1", "q=%c3", "q=%00"])
    func whatIsNotPercentEncodedUTF8IsRefused(raw: String) throws {
        let found = try faults { _ = try QueryInput(raw) }
        #expect(found == [Fault("", "malformed", "The query is not percent-encoded UTF-8.")])
    }

    @Test(arguments: [
        "", "0", "11", "-1", "+1", "1.0", "a", "1a", " 1", "%D9%A1", "1e0", "9999999999999",
        "99999999999999999999999",
    ])
    func whatIsNoIntegerOfTheRangeIsRefused(text: String) throws {
        let found = try faults {
            var query = try QueryInput("n=\(text)")
            _ = query.integer("n", in: 1...10)
            try query.finish()
        }
        #expect(found == [Fault("n", "malformed", "Must be a whole number from 1 to 10.")])
    }

    @Test(arguments: ["", ",", "red,", ",red", "red,,green", "Red", "red%20", "red;green", "red,red,red"])
    func whatIsNotOfTheSetIsRefused(text: String) throws {
        let found = try faults {
            var query = try QueryInput("colour=\(text)")
            _ = query.choices("colour") as [Colour]
            try query.finish()
        }
        #expect(found == [Fault("colour", "malformed", "Must be of red, green.")])
    }

    @Test(arguments: [
        ("", false), ("a,", false), ("a", true), (String(repeating: "a", count: 81), false), ("a,b,c", true),
        (list(of: 50), true), (list(of: 51), false), (String(repeating: "e\u{301}", count: 41), false),
    ])
    func idsAreNotEmptyNotTooLongAndNotTooMany(text: String, areIDs: Bool) throws {
        let found = try faults {
            var query = try QueryInput("ids=\(text)")
            _ = query.ids("ids")
            try query.finish()
        }
        #expect(found.isEmpty == areIDs)
    }

    private static func list(of count: Int) -> String {
        Array(repeating: "aa", count: count).joined(separator: ",")
    }

    @Test(arguments: [
        ("abc", true), ("abcd", false), ("%C3%A5%C3%A4%C3%B6", true), ("%0A", false), ("a%1Fb", false),
        ("", false),
    ])
    func aTextIsShortAndHasNoControlCharacters(text: String, isText: Bool) throws {
        let found = try faults {
            var query = try QueryInput("q=\(text)")
            _ = query.text("q", limit: 3)
            try query.finish()
        }
        #expect(found.isEmpty == isText)
    }

    @Test(arguments: ["en", "sv", "", "ALL", "all,sv"])
    func aLanguageIsNotChosenByParameter(lang: String) throws {
        let found = try faults {
            var query = try QueryInput("lang=\(lang)")
            try query.finish()
        }
        #expect(found.map(\.pointer) == ["lang"])
    }
}
