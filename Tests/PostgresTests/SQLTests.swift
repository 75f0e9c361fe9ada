import Foundation
import Testing

@testable import Postgres

@Suite struct SQLTests {
    @Test func aTextWithoutValuesIsItself() {
        let sql: SQL = "select 1"
        #expect(sql.text == "select 1")
        #expect(sql.parameters == [])
    }

    @Test func valuesBecomeNumberedParameters() {
        let name = "Å'; drop table areas; --"
        let sql: SQL = "select * from areas where name = \(name) and id > \(3) and note is \(String?.none)"
        #expect(sql.text == "select * from areas where name = $1 and id > $2 and note is $3")
        #expect(sql.parameters == [name, "3", nil])
    }

    @Test func fragmentsAreNumberedOn() {
        let inner: SQL = "b = \(2) and c = \(3)"
        let outer: SQL = "a = \(1) and (\(inner)) and d = \(4)"
        #expect(outer.text == "a = $1 and (b = $2 and c = $3) and d = $4")
        #expect(outer.parameters == ["1", "2", "3", "4"])
    }

    @Test func aFragmentMayBeNestedTwiceAndDeeply() {
        let one: SQL = "\(1)"
        let two: SQL = "(\(one), \(one))"
        let four: SQL = "[\(two), \(two), \(0)]"
        #expect(four.text == "[($1, $2), ($3, $4), $5]")
        #expect(four.parameters == ["1", "1", "1", "1", "0"])
    }

    @Test func moreThanNineParametersKeepTheirNumbers() {
        let sql = SQL.joined((1...12).map { "a = \($0)" }, by: " or ")
        #expect(sql.text == (1...12).map { "a = $\($0)" }.joined(separator: " or "))
        let twice: SQL = "(\(sql)) and (\(sql))"
        #expect(twice.text.hasSuffix("a = $24)"))
    }

    @Test func joinsFragments() {
        #expect(SQL.joined([], by: " and ").text == "")
        #expect(SQL.joined(["a"], by: " and ").text == "a")
        let sql = SQL.joined(["a = \(1)", "b", "c = \(2)"], by: " and ")
        #expect(sql.text == "a = $1 and b and c = $2")
        #expect(sql.parameters == ["1", "2"])
    }

    @Test func appendsFragments() {
        var sql: SQL = "select \(1)"
        sql += " where true"
        sql += " and a = \("x")"
        #expect(sql.text == "select $1 where true and a = $2")
        #expect(sql.parameters == ["1", "x"])
    }

    @Test func aDollarInALiteralIsLeftAlone() {
        let fragment: SQL = "price = '$5' and a = \(1)"
        let sql: SQL = "b = \(2) and \(fragment)"
        #expect(sql.text == "b = $1 and price = '$5' and a = $2")
    }

    @Test func everyTypeHasItsText() {
        let id = UUID(uuidString: "0190A0B0-0000-7000-8000-00000000ABCD")
        let sql: SQL =
            "\(true)\(false)\(-7)\(Decimal(string: "1.50"))\(id)\(["a", "b"])\([1, 2])\([String]())"
        #expect(
            sql.parameters == [
                "true", "false", "-7", "1.5", "0190a0b0-0000-7000-8000-00000000abcd", #"{"a","b"}"#,
                #"{"1","2"}"#, "{}",
            ])
    }
}
