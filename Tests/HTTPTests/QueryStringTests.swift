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

    @Test func `any text can be encoded`() throws {
        let encoded = "a%2Fb%20c%2B%C3%A9%25%26%3D%3f%23~"
        #expect(try PercentEncoding.decode(encoded) == "a/b c+é%&=?#~")
        #expect(try QueryString("x=\(encoded)")["x"] == "a/b c+é%&=?#~")
    }
}
