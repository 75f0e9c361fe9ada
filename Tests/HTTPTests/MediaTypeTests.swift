import HTTP
import Testing

@Suite struct MediaTypeTests {
    @Test(arguments: [
        "application/json", "APPLICATION/Json", "\tapplication/json ", "application/json;charset=utf-8",
        "application/json \t; charset=\"utf-8\"", "application/json;", "application/json; a=\"b;c/d\"",
    ])
    func `the name is without parameters and in lower case`(field: String) {
        #expect(MediaType(field)?.name == "application/json")
    }

    @Test(arguments: [
        "", " ", ";", ";application/json", "json", "/", "application/", "/json", "application//json",
        "application/json/x", "application /json", "application/ json", "application/json, text/csv",
        "application/json charset=utf-8", "\u{a0}application/json", "application/json\u{a0}",
        "\u{2003}application/json", "application/json\u{2003}; a=b", "application/json\u{b}",
        "\"application/json\"",
        "application/\u{e9}", "applic\u{301}ation/json",
    ])
    func `what is no media type has no name`(field: String) {
        #expect(MediaType(field) == nil)
    }

    @Test func `no field is no media type`() {
        #expect(MediaType(nil) == nil)
    }

    @Test func `names are compared without the case of ASCII letters only`() {
        #expect(MediaType("*/*")?.name == "*/*")
        #expect("chunKED".isSame(as: "CHUNked") && "\u{e9}".isSame(as: "\u{e9}") && "".isSame(as: ""))
        for other in ["chun\u{212A}ed", "chunke", "chunked ", "chunke\u{301}d", "\u{c9}"] {
            #expect(!"chunked".isSame(as: other) && !"\u{e9}".isSame(as: other))
        }
    }
}
