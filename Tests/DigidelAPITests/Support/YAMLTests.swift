import Foundation
import Testing

@testable import DigidelAPI

/// `YAMLReader`: what it reads, and that it refuses the rest with the line.
struct YAMLTests {
    /// The same value written as JSON.
    private func json(_ text: String) throws -> Node { try Node(json: Data(text.utf8)) }

    @Test func blockCollectionsNest() throws {
        let yaml = """
            # a comment
            paths:
              /areas:   # another
                - name: q
                  in: query

                -   name: sort
                    tags:
                      - a#b
                      - c: 1
            "on": x
            """
        let expected = """
            {"paths": {"/areas": [{"name": "q", "in": "query"}, {"name": "sort", "tags": ["a#b", {"c": 1}]}]},
             "on": "x"}
            """
        #expect(try Node(yaml: yaml) == json(expected))
    }

    @Test func flowCollectionsNestAndGoOnOverLines() throws {
        let yaml = """
            one: {a: [], b: {}, c: [x y, "z, w", 'it''s'], url: https://a.se/b}
            two: [1, -2, 3.5,   # numbers
              {k: v},
              null, true, false]
            """
        let expected = """
            {"one": {"a": [], "b": {}, "c": ["x y", "z, w", "it's"], "url": "https://a.se/b"},
             "two": [1, -2, 3.5, {"k": "v"}, null, true, false]}
            """
        #expect(try Node(yaml: yaml) == json(expected))
    }

    @Test func membersKeepTheirOrder() throws {
        #expect(try Node(yaml: "b: 1\na: {d: 1, c: 2}\n").object?.names == ["b", "a"])
        #expect(try Node(yaml: "b: 1\na: {d: 1, c: 2}\n")["a"]?.object?.names == ["d", "c"])
    }

    @Test func literalBlocksKeepLinesAndFoldedOnesJoinThem() throws {
        let yaml = """
            literal: |
              one
                # two: deeper

              three
            folded: >
              one
              two

              three
            stripped: >-
              one
              two
            """
        let node = try Node(yaml: yaml)
        #expect(node["literal"] == .string("one\n  # two: deeper\n\nthree\n"))
        #expect(node["folded"] == .string("one two\nthree\n"))
        #expect(node["stripped"] == .string("one two"))
    }

    @Test(arguments: [
        ("0", Node.integer(0)), ("-17", .integer(-17)), ("42.0", .number(42)), ("null", .null),
        ("1.0.0", .string("1.0.0")), ("0-17", .string("0-17")), ("71+", .string("71+")),
        ("2016-W40", .string("2016-W40")), ("500 000", .string("500 000")), ("-a", .string("-a")),
        ("0192f0c5-7a1e-7cc3-8f7e-1f2a3b4c5d6e", .string("0192f0c5-7a1e-7cc3-8f7e-1f2a3b4c5d6e")),
        ("\"a \\\"b\\\"\\n\"", .string("a \"b\"\n")), ("'no'", .string("no")), ("it's", .string("it's")),
    ])
    func scalarsHaveTheirTypes(text: String, node: Node) throws {
        #expect(try Node(yaml: "key: \(text)") == .object(["key": node]))
        #expect(try Node(yaml: "[\(text)]") == .list([node]))
    }

    @Test(arguments: [
        "&a x", "*a", "!!str x", "@x", "`x`", "%x", "? x", "|+\n  x", "|2\n  x", "no", "On", "~", "True",
        "2016-10-03", "2016-10-03T08:00:00Z", "12:30", "0123", "0x1f", "1_000", "1e5", ".5", "+1", "1.",
        ".inf", "{a: 1", "[1, 2", "{a}", "{a: 1, a: 2}", "{a: 1,}", "[a]]", "[a] b", "\"a", "'a", "\"\\x41\"",
        "a: b", "{1: a}", "{yes: a}", "---", "- a", "a\n  b", "", "# nothing", "|", ">\n  a\n    b", "a ",
        "a\tb",
    ])
    func theRestIsRefusedWithItsLine(text: String) throws {
        let error = try #require(throws: YAMLError.self) { try Node(yaml: "first: 1\nkey: \(text)\n") }
        #expect([2, 3, 4].contains(error.line))
    }

    @Test(arguments: [
        ("a: 1\na: 2", 2), ("a:\n    b: 1\n  c: 2", 3), ("a:\n  - b\n  c: 1", 3), ("a: 1\nb", 2),
        ("- a\nb: 1", 2), ("a:\n- b", 2), ("a: 1\n b: 2", 2), ("200: x", 1), ("on: x", 1), ("<<: x", 1),
        ("%YAML 1.2", 1), ("---\na: 1", 1), ("a: 1\n...", 2), ("a\nb", 2), ("", 1),
    ])
    func faultyStructureIsRefusedWithItsLine(yaml: String, line: Int) throws {
        let error = try #require(throws: YAMLError.self) { try Node(yaml: yaml) }
        #expect(error.line == line, "\(error)")
    }
}

extension Node.Members: ExpressibleByDictionaryLiteral {
    /// Members written out in a test.
    init(dictionaryLiteral elements: (String, Node)...) {
        self.init()
        for (name, value) in elements { self[name] = value }
    }
}
