import Foundation
import Postgres
import Testing

@testable import DigidelAPI

@Suite struct ListInputTests {
    private static let columns = ListColumns(
        [
            .init("id", "id"), .init("name", "name"), .init("population", "population", "bigint"),
            .init("revision", "revision", "integer"),
            .init("target", "target", "numeric"), .init("cancelled", "cancelled", "boolean"),
            .init("from", "from_date", "date"),
            .init("createdAt", "created_at", "timestamptz"), .init("uuid", "uuid", "uuid"),
        ], by: "name")

    private func list(_ raw: String) throws -> ListInput {
        var query = try QueryInput(raw)
        let list = ListInput(&query, Self.columns)
        try query.finish()
        return list
    }

    private func keys(_ list: ListInput) -> [String] {
        list.keys.map { ($0.descends ? "-" : "") + $0.column.member }
    }

    /// A cursor as anybody could write one.
    private func cursor(of json: String) -> String {
        Data(json.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
    }

    @Test func aListBeginsAtItsFirstPageInItsOwnOrder() throws {
        let list = try list("")
        #expect(list.page == 1 && list.limit == 20 && list.cursor == nil)
        #expect(keys(list) == ["name", "id"])
    }

    @Test(arguments: [
        ("id", ["id"]), ("-id", ["-id"]), ("population,-name", ["population", "-name", "id"]),
        ("-createdAt", ["-createdAt", "id"]), ("name,-id", ["name", "-id"]), ("id,name", ["id", "name"]),
    ])
    func theSortIsReadAndIdDecidesBetweenEquals(sort: String, keys: [String]) throws {
        #expect(try self.keys(list("sort=\(sort)")) == keys)
    }

    @Test(arguments: ["page=0", "page=1000000", "limit=1", "limit=200"])
    func theLastPageAndLimitThatCanBeAreTaken(raw: String) throws {
        #expect(throws: Never.self) { try list(raw) }
    }

    @Test(arguments: [
        "page=-1", "page=1000001", "page=a", "page=", "limit=0", "limit=201", "limit=-1", "limit=all",
        "sort=", "sort=size",
        "sort=name,", "sort=,name", "sort=name,name", "sort=name,-name", "sort=--name", "sort=+name",
        "sort=Name", "sort=name%20",
        "cursor=", "cursor=x", "cursor=%25%25%25", "cursor=W10", "cursor=bnVsbA", "cursor=e30",
    ])
    func anythingElseIsAFault(raw: String) throws {
        let found = try faults { _ = try list(raw) }
        #expect(found.map(\.pointer) == [raw.split(separator: "=").first.map(String.init)])
    }

    @Test(arguments: [
        ("name", ["Åmål", "se-1492"]), ("name", ["\"\\,", "ü?>~"]), ("-population", ["10587710", "se"]),
        ("createdAt", ["2016-10-03 08:00:00.5+00", "x"]), ("-createdAt", ["infinity", "x"]),
        ("from", ["2016-10-03", "x"]),
        ("from", ["-infinity", "x"]), ("cancelled,target", ["true", "-0.15", "x"]),
        ("revision", ["2147483647", "x"]),
        ("uuid", ["018e4c1a-0123-7000-8000-0123456789ab", "x"]), ("target", ["1200000", "x"]),
    ])
    func aCursorIsReadBackAsItWasGiven(sort: String, values: [String]) throws {
        let cursor = try list("sort=\(sort)").cursor(after: values)
        #expect(
            cursor.utf8.allSatisfy {
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8.contains($0)
            })
        #expect(try list("sort=\(sort)&cursor=\(cursor)").cursor == values)
    }

    @Test func aCursorFitsNoOtherSort() throws {
        let cursor = try list("sort=name").cursor(after: ["Motala", "se-0583"])
        for sort in ["-name", "id", "name,id", "population"] {
            #expect(try faults { _ = try list("sort=\(sort)&cursor=\(cursor)") }.map(\.pointer) == ["cursor"])
        }
        #expect(try list("cursor=\(cursor)").cursor == ["Motala", "se-0583"])
    }

    /// None of them may get as far as the database, whose error it would be.
    @Test(arguments: [
        ("name", #"["name"]"#), ("name", #"["name","a"]"#), ("name", #"["name","a","b","c"]"#),
        ("name", #"["name",1,"b"]"#),
        ("name", #"{"name":"a"}"#), ("name", #"["name","a","b\u0000"]"#), ("name", #"["other","a","b"]"#),
        ("population", #"["population","x","b"]"#), ("population", #"["population","1.5","b"]"#),
        ("population", #"["population","9223372036854775808","b"]"#),
        ("revision", #"["revision","2147483648","b"]"#),
        ("target", #"["target","1x","b"]"#), ("target", #"["target","","b"]"#),
        ("cancelled", #"["cancelled","maybe","b"]"#),
        ("from", #"["from","2016-02-30","b"]"#), ("from", #"["from","today","b"]"#),
        ("createdAt", #"["createdAt","2016-10-03","b"]"#), ("createdAt", #"["createdAt","now","b"]"#),
        ("uuid", #"["uuid","1","b"]"#),
    ])
    func aTamperedCursorIsAFault(sort: String, json: String) throws {
        let found = try faults { _ = try list("sort=\(sort)&cursor=\(cursor(of: json))") }
        #expect(
            found == [
                Fault("cursor", "malformed", "Must be a cursor that a list with the same sort has given.")
            ])
    }

    @Test func aCursorCutShortIsAFault() throws {
        let cursor = try list("").cursor(after: ["Motala", "se-0583"])
        for length in 1..<cursor.count {
            #expect(try !faults { _ = try list("cursor=\(cursor.prefix(length))") }.isEmpty)
        }
    }
}
