import Foundation
import Testing

@testable import DigidelAPI

@Suite struct ObjectInputTests {
    private enum Colour: String, CaseIterable { case red, green }

    @Test func everyFaultIsToldAtOnceWithItsPlace() throws {
        let body: JSONValue = [
            "text": 1, "slug": "Å", "area": "uk", "choice": "blue", "integer": 11, "decimal": "1", "bool": 0,
            "date": "2016-02-30",
            "instant": "2016-10-03", "localised": ["fi": "x"], "list": ["a", 1, "b", .null],
            "choices": ["red", "blue"],
            "object": ["inner": 0, "more": 1], "objects": [["inner": 5], 7, ["inner": 0]], "more": 1,
            "a/b~c": 1,
        ]
        let found = try faults {
            var input = ObjectInput(body)
            _ = input.text("text", limit: 10)
            _ = input.slug("slug")
            _ = input.areaID("area")
            _ = input.choice("choice") as Colour?
            _ = input.integer("integer", in: 1...10)
            _ = input.decimal("decimal", in: 0...1)
            _ = input.bool("bool")
            _ = input.date("date")
            _ = input.instant("instant")
            _ = input.localised("localised", limit: 10)
            _ = input.list("list", rule: "a text", \.text)
            _ = input.choices("choices") as [Colour]?
            _ = input.object("object") { $0.integer("inner", in: 1...10) }
            _ = input.objects("objects") { $0.integer("inner", in: 1...10) }
            _ = input.text("missing", limit: 10, required: true)
            try input.finish()
        }
        #expect(
            found.map(\.pointer) == [
                "/text", "/slug", "/area", "/choice", "/integer", "/decimal", "/bool", "/date", "/instant",
                "/localised",
                "/list/1", "/list/3", "/choices/1", "/object/inner", "/object/more", "/objects/1",
                "/objects/2/inner", "/missing",
                "/a~1b~0c", "/more",
            ])
        #expect(found.allSatisfy { $0.code == "malformed" && $0.detail.hasSuffix(".") })
    }

    @Test func whatIsWellFormedIsRead() throws {
        let body: JSONValue = [
            "text": "å\nb", "slug": "a-b", "area": "se-0583", "choice": "green",
            "integer": .number(exact("7.0")),
            "decimal": .number(exact("0.25")), "bool": .bool(false), "date": "2016-02-29",
            "instant": "2016-10-03T10:00:00+02:00",
            "plain": "namn", "localised": ["en": "name", "sv": .null], "list": ["a", "b", "a"],
            "choices": ["green", "red", "green"],
            "object": ["inner": 3], "objects": [["inner": 1], ["inner": 2]], "id": "theirs",
        ]
        var input = ObjectInput(body)
        input.ignore("id", "createdAt")
        #expect(input.text("text", limit: 3) == "å\nb")
        #expect(input.slug("slug") == "a-b")
        #expect(input.areaID("area") == "se-0583")
        #expect(input.choice("choice") == Colour.green)
        #expect(input.integer("integer", in: 1...10) == 7)
        #expect(input.decimal("decimal", in: 0...1) == exact("0.25"))
        #expect(input.bool("bool") == false)
        #expect(input.date("date")?.description == "2016-02-29")
        #expect(input.instant("instant")?.description == "2016-10-03T08:00:00Z")
        #expect(input.localised("plain", limit: 4) == LocalisedText([.sv: "namn"]))
        #expect(input.localised("localised", limit: 4) == LocalisedText([.en: "name"]))
        #expect(input.list("list", rule: "a text", \.text) == ["a", "b"])
        #expect(input.choices("choices") == [Colour.green, .red])
        #expect(input.object("object") { $0.integer("inner", in: 1...10) } == 3)
        #expect(input.objects("objects") { $0.integer("inner", in: 1...10) } == [1, 2])
        #expect(input.has("text") && !input.has("missing"))
        try input.finish()
    }

    @Test func absentAndNullAreTheSame() throws {
        for body: JSONValue in [[:], ["a": .null, "b": .null, "c": .null, "d": .null, "unknown": .null]] {
            var input = ObjectInput(body)
            #expect(!input.has("a") && input.text("a", limit: 9) == nil)
            #expect(input.list("b", rule: "a text", \.text) == [])
            #expect(input.objects("c") { $0.bool("x") } == [])
            #expect(input.object("d") { $0.bool("x") } == nil as Bool??)
            try input.finish()
        }
    }

    @Test func aNullDoesNotStandInForWhatIsRequired() throws {
        let found = try faults {
            var input = ObjectInput(["a": .null, "b": .null])
            _ = input.text("a", limit: 9, required: true)
            _ = input.list("b", required: true, rule: "a text", \.text)
            _ = input.object("c", required: true) { _ in 0 }
            try input.finish()
        }
        #expect(found == ["a", "b", "c"].map { Fault("/\($0)", "malformed", "Is required.") })
    }

    @Test func anUnknownMemberIsToldWhichThereAre() throws {
        let found = try faults {
            var input = ObjectInput(["other": 1, "nothing": .null])
            _ = input.text("b", limit: 9)
            _ = input.text("a", limit: 9)
            try input.finish()
        }
        #expect(found == [Fault("/other", "malformed", "Is not a member here; the members are a, b.")])
    }

    @Test(arguments: [.null, .bool(true), 1, "{}", [], [[:]]] as [JSONValue])
    func anythingButAnObjectIsOneFault(body: JSONValue) throws {
        let found = try faults {
            var input = ObjectInput(body)
            _ = input.text("a", limit: 9, required: true)
            _ = input.object("b", required: true) { $0.bool("c") }
            try input.finish()
        }
        #expect(found == [Fault("", "malformed", "Must be an object.")])
    }

    @Test func pointersLeadIntoWhatIsNestedAndAreEscaped() throws {
        let found = try faults {
            var input = ObjectInput(["a/b": ["~": [["x": 1]], "~1": 2], "deep": ["deeper": "text"]])
            _ = input.object("a/b") { inner in inner.objects("~") { $0.text("x", limit: 1) } }
            _ = input.object("deep") { inner in inner.object("deeper") { $0.bool("x") } }
            try input.finish()
        }
        #expect(found.map(\.pointer) == ["/a~1b/~0/0/x", "/a~1b/~01", "/deep/deeper"])
    }

    @Test(arguments: [
        ("a", true), ("åäöåäöåäöå", true), ("👩‍👩‍👧👩‍👩‍👧", true), ("a\nb\tc", true), (" a ", true), ("", false),
        (" \n", false),
        ("12345678901", false), ("a\u{0}", false), ("a\u{7}", false), ("a\r", false), ("a\u{7f}", false),
    ])
    func aTextSaysSomethingShortWithoutControlCharacters(text: String, isText: Bool) {
        var input = ObjectInput(["a": .string(text), "b": ["en": .string(text)], "c": .string(text)])
        #expect((input.text("a", limit: 10) != nil) == isText)
        #expect((input.localised("b", limit: 10) != nil) == isText)
        #expect((input.localised("c", limit: 10) != nil) == isText)
        #expect(input.faults.count == (isText ? 0 : 3))
    }

    @Test(
        arguments: [
            (["sv": "a", "nb": "b", "da": "c", "en": "d"], true), ([:], false), (["sv": .null], false),
            (["sv": 1], false),
            (["sv": "a", "de": "b"], false), ([], false), (1, false),
        ] as [(JSONValue, Bool)])
    func aLocalisedTextHasOnlyOurLanguages(value: JSONValue, isText: Bool) {
        var input = ObjectInput(["a": value])
        #expect((input.localised("a", limit: 10) != nil) == isText)
        #expect(input.faults.map(\.pointer) == (isText ? [] : ["/a"]))
    }

    @Test(arguments: [
        ("0", true), ("10000000", true), ("1e3", true), ("1.0", true), ("-1", false), ("10000001", false),
        ("0.5", false),
        ("1e30", false), ("0.00000000000000000001", false), ("\"1\"", false), ("true", false), ("[1]", false),
    ])
    func anIntegerIsWholeAndInItsRange(json: String, isInteger: Bool) throws {
        var input = ObjectInput(["a": try JSONValue(parsing: Array(json.utf8))])
        #expect((input.integer("a", in: 0...10_000_000) != nil) == isInteger)
        let detail = "Must be a whole number from 0 to 10000000."
        #expect(input.faults.map(\.detail) == (isInteger ? [] : [detail]))
    }

    @Test(arguments: [
        ("se", true), ("no-03", true), ("dk-101", true), ("se-0583", true), ("se-5", false),
        ("se-05830", false), ("fi-01", false),
        ("SE-05", false), ("se-", false), ("se0583", false), ("se-05a", false), ("", false),
        ("se-\u{660}\u{665}", false), ("se-05 ", false),
    ])
    func anAreaHasACountryAndACode(text: String, isArea: Bool) {
        var input = ObjectInput(["a": .string(text)])
        #expect(input.areaID("a") == (isArea ? text : nil))
        #expect(input.faults.isEmpty == isArea)
    }

    @Test func listsHaveLimits() throws {
        let found = try faults {
            var input = ObjectInput([
                "a": ["x", "y", "z"], "b": [], "c": "x", "d": [[:], [:], [:]], "e": ["x", "x"],
            ])
            #expect(input.list("a", limit: 2, rule: "a text", \.text) == nil)
            #expect(input.list("b", required: true, rule: "a text", \.text) == nil)
            #expect(input.list("c", rule: "a text", \.text) == nil)
            #expect(input.objects("d", limit: 2) { _ in 1 } == [])
            #expect(input.list("e", limit: 2, rule: "a text", \.text) == ["x"])
            try input.finish()
        }
        #expect(found.map(\.pointer) == ["/a", "/b", "/c", "/d"])
        #expect(found.first?.detail == "Must be a list of 0 to 2, each a text.")
    }
}

extension JSONValue {
    /// The text, if it is one.
    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
