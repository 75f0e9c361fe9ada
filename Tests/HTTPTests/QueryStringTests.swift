import HTTP
import Testing

@Suite struct QueryStringTests {
    @Test func `parameters are decoded and keep their order`() throws {
        let query = try QueryString("b=1&a=x%20y+z&b=2&flag&=e&c=d=e&&%C3%A9=%2B")
        #expect(query.map(\.name) == ["b", "a", "b", "flag", "", "c", "é"])
        #expect(query["a"] == "x y z" && query["flag"] == "" && query["c"] == "d=e" && query["é"] == "+")
        #expect(query.values(of: "b") == ["1", "2"])
        #expect(query["b"] == "1" && query["missing"] == nil)
    }

    @Test func `there are no parameters in no query`() throws {
        #expect(try QueryString(nil).isEmpty)
        #expect(try QueryString("").isEmpty)
    }

    @Test(arguments: [
        ("a=%", PercentEncodingError.malformed), ("a=%4", .malformed), ("%zz=1", .malformed),
        ("a=%ff", .invalidUTF8),
        ("a=%00", .nul),
    ])
    func `what cannot be decoded throws`(raw: String, error: PercentEncodingError) {
        #expect(throws: error) { try QueryString(raw) }
    }

    @Test func `a text survives being encoded and decoded`() throws {
        let text = "a/b c+é%&=?#~"
        #expect(PercentEncoding.encode(pathSegment: text) == "a%2Fb%20c%2B%C3%A9%25%26%3D%3F%23~")
        #expect(try PercentEncoding.decode(PercentEncoding.encode(pathSegment: text)) == text)
        #expect(try QueryString("x=" + PercentEncoding.encode(queryValue: text))["x"] == text)
    }
}
