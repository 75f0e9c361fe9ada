import Foundation
import Postgres
import TestDatabase
import Testing

@Suite struct ColumnTests {
    private static let awkward = [
        "", " ", "NULL", "null", "\"", "\\", "\\\"", "a,b", "{", "}", "{a}", "a b", "'", "å", "🇸🇪", "\r\n",
        "\t",
        "\u{301}accent first", "\"\u{301}", "\\\u{301}", ",\u{301}", "x\"\u{301},\"\u{301}y", "{\u{301}",
        "e\u{301}",
    ]

    @Test func arraysOfTextComeBackAsTheyWent() async throws {
        let connection = try await Connection.connect(
            try await TestDatabase.make().settings, on: TestDatabase.lane)
        let lists = Self.awkward.map { [$0] } + [[], Self.awkward, Self.awkward.reversed()]
        for list in lists {
            let row = try #require(
                try await connection.query(
                    "select \(list)::text[] as list, cardinality(\(list)::text[]) as size"
                ).first)
            let back: [String] = try row.get("list")
            #expect(back.map { Array($0.utf8) } == list.map { Array($0.utf8) })
            #expect(try row.get("size") == list.count)
        }
        await connection.close()
    }

    @Test func textComesBackAsItWent() async throws {
        let connection = try await Connection.connect(
            try await TestDatabase.make().settings, on: TestDatabase.lane)
        for text in Self.awkward {
            let back: String? = try await connection.query("select \(text)::text as text").first?.get("text")
            #expect(back.map { Array($0.utf8) } == Array(text.utf8))
        }
        await connection.close()
    }

    @Test func numbersAndIdsComeBackAsTheyWent() async throws {
        let connection = try await Connection.connect(
            try await TestDatabase.make().settings, on: TestDatabase.lane)
        let id = UUID()
        let decimal = try #require(Decimal(string: "-12345678901234567890.0987654321"))
        let row = try #require(
            try await connection.query(
                """
                select \(Int.min)::bigint as least, \(Int.max)::bigint as most, \(decimal)::numeric as decimal,
                    \(id)::uuid as id, \([1, -2, 3])::int[] as numbers, \([true, false])::boolean[] as flags,
                    \([id])::uuid[] as ids, \(Int?.none)::int as nothing, \([Optional("a"), nil])::text[] as gaps
                """
            ).first)
        #expect(try row.get("least") == Int.min)
        #expect(try row.get("most") == Int.max)
        #expect(try row.get("decimal") == decimal)
        #expect(try row.get("id") == id)
        #expect(try row.get("numbers") == [1, -2, 3])
        #expect(try row.get("flags") == [true, false])
        #expect(try row.get("ids") == [id])
        #expect(try row.get("nothing") as Int? == nil)
        #expect(throws: PostgresError.self) { try row.get("gaps") as [String] }
        await connection.close()
    }

    @Test(arguments: [
        "", "{", "}", "a", "{a", "a}", "{\"a}", "{\"a\\}", "{a,}", "{\"a\"b}", "{NULL}", "{a,NULL}",
        "{{a},{b}}",
        "[0:1]={a,b}",
    ])
    func whatIsNoArrayOfTextIsRefused(text: String) {
        #expect([String](column: text) == nil)
    }

    @Test(arguments: [
        ("", nil), ("7", 7), ("-7", -7), ("7.0", nil), (" 7", nil), ("9223372036854775808", nil),
    ])
    func readsIntegersStrictly(text: String, number: Int?) {
        #expect(Int(column: text) == number)
    }

    @Test(arguments: [("t", true), ("f", false), ("true", nil), ("", nil)])
    func readsBooleansStrictly(text: String, value: Bool?) {
        #expect(Bool(column: text) == value)
    }

    @Test(arguments: [("12.50", "12.5"), ("-0.001", "-0.001"), ("", nil), ("12abc", nil), ("NaN", nil)])
    func readsDecimalsStrictly(text: String, value: String?) {
        #expect(Decimal(column: text)?.description == value)
    }
}
