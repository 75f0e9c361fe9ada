import Foundation
import HTTP
import Testing

@testable import DigidelAPI

/// Bodies and addresses that nobody means to send: each is refused as the client's fault, and nothing is stored.
@Suite struct RequestTests {
    private static let ordinary = #"{"id": "x-y", "kind": "other", "area": "se", "name": "X"}"#

    /// Shared by tests that store nothing, and by those whose counts do not meet.
    private static let empty = Task { try await TestApp.make() }
    private static let refusing = Task { try await withDigidel2013() }
    private static let taking = Task { try await withDigidel2013() }

    private static func withDigidel2013() async throws -> TestApp {
        let service = try await TestApp.withDigidel2013()
        return service
    }

    private func expectMalformed(_ answer: Answer, _ pointers: [String], _ comment: Comment? = nil) {
        #expect(answer.status == .badRequest, comment)
        #expect(answer.faults.keys.sorted() == pointers.sorted(), comment)
        #expect(answer.codes == ["malformed"], comment)
    }

    @Test(arguments: [
        "", " ", "{", "}", "{]", "nul", "tru", "{\"a\"}", "{\"a\":}", "{a:1}", "{'a':1}", "[1,]",
        "{\"a\":1,}",
        "{} {}", "{}x", "\"x", "+1", "01", ".5", "1.", "1e", "NaN", "Infinity", "// {}", "{\"a\": \"\u{1}\"}",
        "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "kind=library&area=se",
    ])
    func whatIsNoJSONIsMalformed(text: String) async throws {
        let service = try TestApp.withoutDatabase()
        let answer = await service.send(.post, "organisations", body: Array(text.utf8))
        expectMalformed(answer, [""], "\(answer.text)")
    }

    @Test(arguments: ["[]", "null", "true", "42", "\"text\"", "[{}]"])
    func aBodyIsAnObject(text: String) async throws {
        let service = try TestApp.withoutDatabase()
        for collection in [
            "organisations", "campaign-series", "campaigns", "goals", "participant-counts", "keys",
        ] {
            let answer = await service.send(.post, collection, body: Array(text.utf8))
            #expect(answer.status == .badRequest, "\(collection)")
            #expect(answer.faults[""] == "malformed", "\(answer.text)")
        }
    }

    @Test func textIsUTF8() async throws {
        let service = try await TestApp.make()
        let wrong: [[UInt8]] = [
            [0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82],
        ]
        for bytes in wrong {
            let body = Self.ordinary.replacing("\"X\"", with: "\"?\"").utf8.flatMap { byte in
                byte == UInt8(ascii: "?") ? bytes : [byte]
            }
            expectMalformed(await service.send(.post, "organisations", body: body), [""], "\(bytes)")
        }
        let utf16 = Self.ordinary.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        expectMalformed(await service.send(.post, "organisations", body: utf16), [""])
        expectMalformed(await service.send(.post, "organisations", body: [0xff, 0xfe] + utf16), [""])
        #expect(await service.get("organisations")["_meta", "totalRecords"] == 0)
    }

    /// A byte order mark may stand there or not (RFC 8259, 8.1), but is no fault of ours.
    @Test func aByteOrderMarkIsIgnoredOrRefused() async throws {
        let service = try await TestApp.make()
        let body = [0xef, 0xbb, 0xbf] + Array(Self.ordinary.utf8)
        let answer = await service.send(.post, "organisations", body: body)
        #expect([.created, .badRequest].contains(answer.status), "\(answer.text)")
        expectMalformed(await service.send(.post, "organisations", body: [0xef, 0xbb, 0xbf]), [""])
    }

    @Test(arguments: [129, 1000, 100_000])
    func deepNestingIsRefused(depth: Int) async throws {
        let service = try TestApp.withoutDatabase()
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
            let answer = await service.send(.post, "organisations", body: Array(nested.utf8))
            expectMalformed(answer, [""])
            let unclosed = String(repeating: open, count: depth)
            expectMalformed(await service.send(.post, "organisations", body: Array(unclosed.utf8)), [""])
        }
    }

    @Test(arguments: [
        "1e400", "-1e400", "1e-400", "123456789012345678901234567890123456789012345678901234567890", "1e127",
        "0.00000000000000000000000000000000000000000000000000000000000000000000001", "-0.5", "-1", "1e9",
        "9223372036854775808",
    ])
    func numbersOfAnySizeAreToldToBeOutOfRange(number: String) async throws {
        let service = try await Self.refusing.value
        let body = """
            {"organisation": "motala-bibliotek", "campaign": "digidel2013", "measure": "attendances",
             "from": "2012-06-01", "to": "2012-06-30", "area": "se", "channel": "onSite", "value": \(number)}
            """
        let answer = await service.send(.post, "participant-counts", body: Array(body.utf8))
        #expect(answer.status == .badRequest, "\(answer.text)")
        #expect(answer["errors"]?.count == 1)
        #expect(await service.get("goals/digidel2013/progress")["version"] == 2)
    }

    @Test(arguments: ["-0", "0.0", "0e5", "4.2e1", "42.000", "420e-1"])
    func aNumberMayBeWrittenInAnyWay(number: String) async throws {
        let service = try await Self.taking.value
        let body = """
            {"organisation": "motala-bibliotek", "campaign": "digidel2013", "measure": "attendances",
             "from": "2012-06-01", "to": "2012-06-30", "area": "se", "channel": "onSite", "value": \(number)}
            """
        let answer = await service.send(.post, "participant-counts", body: Array(body.utf8))
        #expect(answer.status == .created, "\(answer.text)")
        #expect(answer["value"]?.integer == (number.hasPrefix("4") ? 42 : 0))
        #expect(answer.text.contains(number.hasPrefix("4") ? "\"value\":42," : "\"value\":0,"))
    }

    @Test(arguments: ResourceCase.all)
    func membersOfTheWrongTypeAreNamed(resource: ResourceCase) async throws {
        let service = try await resource.serviceWithItem()
        let values: [JSONValue] = [.bool(true), .exactly("7.5"), ["x": "y"], [["z"]]]
        for name in resource.body.names {
            for value in values {
                let answer = await service.patch(resource.item, .object([name: value]))
                // Some fit: another target, an empty list. What does not is named.
                #expect(answer.status.rawValue < 500, "\(name) \(answer.text)")
                if answer.status == .badRequest {
                    #expect(answer.faults.keys.allSatisfy { $0.hasPrefix("/\(name)") })
                }
            }
        }
    }

    /// A thousand faults at most are told, so that the answer is not much larger than what it answers.
    @Test func thousandsOfFaultsAreNotAllTold() async throws {
        let service = try TestApp.withoutDatabase()
        let members = (0..<5000).map { "\"m\($0)\": 0" }.joined(separator: ",")
        let answer = await service.send(.post, "organisations", body: Array("{\(members)}".utf8))
        #expect(answer.status == .badRequest)
        #expect(answer["errors"]?.count == 1000)
        #expect(answer["detail"]?.string?.contains("5003") == true)
    }

    @Test(arguments: [
        "areas?q=%", "areas?q=%zz", "areas?q=%ff", "areas?%ff=x", "goals?lang=%e5", "api-info?x=%",
    ])
    func aQueryIsPercentEncodedUTF8(target: String) async throws {
        let service = try TestApp.withoutDatabase()
        let answer = await service.get(target)
        #expect(answer.status == .badRequest, "\(answer.text)")
        #expect(answer.codes == ["malformed"])
    }

    @Test(arguments: [
        "areas?q=%00", "areas?parent=%00", "organisations?area=a%00b", "participant-counts?externalId=%00",
        "areas?country=%00", "areas?sort=%00", "participant-counts?campaign=%00", "goals?campaign=%00",
    ])
    func noTextHasAZeroByte(target: String) async throws {
        let service = try TestApp.withoutDatabase()
        let answer = await service.get(target, key: TestApp.adminKey)
        #expect(answer.status == .badRequest, "\(answer.text)")
        #expect(answer.faults.count == 1)
    }

    @Test(arguments: [
        "organisations/%00", "campaigns/%00", "goals/%00", "goals/%00/progress", "campaign-series/%00",
        "areas/%00", "keys/%00", "participant-counts/%00", "problems/%00", "goals/a%2Fb",
        "organisations/%C3%A5",
    ])
    func anIdOfAnyBytesIsLookedUp(target: String) async throws {
        let service = try await Self.empty.value
        #expect(await service.get(target, key: TestApp.adminKey).status == .notFound)
    }

    @Test func filtersTakeSQLAsText() async throws {
        let service = try await Self.empty.value
        for text in [
            "'", "\"", "\\", "'%20or%20true--", "%7B%7D", "%25", "_", "$1", ")", "*", "[", "\\9", "!", "%26",
            "%7C", ":*",
            "%F0%9F%93%9A",
        ] {
            for target in ["areas?q=\(text)", "areas?parent=\(text)", "organisations?area=\(text)"] {
                let answer = await service.get(target)
                #expect(answer.status == .ok, "\(target) \(answer.text)")
                #expect(answer["_meta", "totalRecords"] == 0, "\(target)")
            }
        }
    }

    @Test func longTextsAreRefusedWithoutBeingStored() async throws {
        let service = try await TestApp.make()
        let long = String(repeating: "å", count: 4001)
        let answer = await service.post(
            "campaign-series", ["name": .string(long), "description": .string(long)])
        expectMalformed(answer, ["/name", "/description"])
        let fits = await service.post(
            "campaign-series",
            [
                "id": "long", "name": .string(String(repeating: "å", count: 200)),
                "description": .string(String(repeating: "å", count: 4000)),
            ])
        #expect(fits.status == .created, "\(fits.text)")
    }

    @Test func addressesBeginWithTheVersion() async throws {
        let service = try TestApp.withoutDatabase()
        for target in [
            "/v1", "/v1/", "/v2/areas", "/areas", "/V1/areas", "/v1/Areas", "/v1//areas", "*",
        ] {
            let answer = Answer(response: await service.app.respond(to: Request(.get, target)))
            #expect(answer.status == .notFound, "\(target)")
            #expect(answer["status"] == 404)
        }
    }
}
