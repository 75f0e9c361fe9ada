import HTTP
import Testing

@Suite struct FieldsTests {
    @Test func `names are compared without case and order is kept`() {
        var fields: Fields = ["ETag": "a", "X-B": "b"]
        fields.add("etag", "c")
        #expect(fields["eTAG"] == "a, c")
        #expect(fields["X"] == nil)
        #expect(fields.map(\.name) == ["ETag", "X-B", "etag"])
    }

    @Test func `setting replaces every line and nil removes them`() {
        var fields: Fields = ["A": "1", "B": "2", "a": "3"]
        fields["A"] = "4"
        #expect(fields == ["B": "2", "A": "4"])
        fields["b"] = nil
        #expect(fields == ["a": "4"] && fields.count == 1 && !fields.isEmpty)
    }

    @Test func `fields are added to others`() {
        var fields: Fields = ["A": "1"]
        fields.add(["B": "2", "A": "3"])
        fields.add(Fields())
        #expect(fields == ["A": "1", "B": "2", "A": "3"])
        #expect(fields["a"] == "1, 3" && fields["B"] == "2")
    }

    @Test func `a value cannot begin a new line`() {
        let fields: Fields = ["A": "b\r\nC: d\0"]
        #expect(fields["A"] == "b  C: d ")
    }

    @Test func `a list is split outside of quotes`() {
        let fields: Fields = ["If-None-Match": " \"a,b\", W/\"c\\\",d\" ,, x", "if-none-match": "y"]
        #expect(fields.values(of: "If-None-Match") == ["\"a,b\"", "W/\"c\\\",d\"", "x", "y"])
        #expect(fields.values(of: "Accept").isEmpty)
    }
}
