import HTTP
import Testing

@Suite struct ResponseWriterTests {
    private func write(
        _ response: Response, isHead: Bool = false, _ persistence: ResponseWriter.Persistence = .implied,
        _ framing: ResponseWriter.Framing = .length
    ) -> String {
        var output: [UInt8] = []
        let date = Array("Date: D\r\n".utf8)
        ResponseWriter.append(response, isHead: isHead, persistence, framing, dateLine: date, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private let page = Response(.ok, fields: ["Content-Type": "text/plain"], body: Array("hello".utf8))

    @Test func `an answer has its status, date, length, fields and body`() {
        #expect(
            write(page)
                == "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello")
    }

    @Test func `an answer that goes on has no length`() {
        let answer = Response(.ok, fields: ["X": "y"])
        #expect(
            write(answer, .close, .chunked)
                == "HTTP/1.1 200 OK\r\nDate: D\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nX: y\r\n\r\n"
        )
        #expect(
            write(answer, .close, .close)
                == "HTTP/1.1 200 OK\r\nDate: D\r\nConnection: close\r\nX: y\r\n\r\n")
    }

    @Test func `a part is a chunk of its own`() {
        let part = BodyPart(Array(repeating: 97, count: 26))
        #expect(
            String(decoding: part.chunk, as: UTF8.self) == "1a\r\n\(String(repeating: "a", count: 26))\r\n")
        #expect(part.content.elementsEqual(Array(repeating: 97, count: 26)))
    }

    @Test func `HEAD has the length of GET and no body`() {
        #expect(
            write(page, isHead: true)
                == "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\n")
    }

    @Test(arguments: [Status.noContent, .notModified]) func `204 and 304 have neither length nor body`(
        status: Status
    ) {
        let text = write(Response(status, fields: ["ETag": "x"], body: [65]))
        #expect(text == "HTTP/1.1 \(status.rawValue) \(status.reason)\r\nDate: D\r\nETag: x\r\n\r\n")
    }

    @Test func `an answer says which trace it belongs to`() {
        var response = Response(.noContent)
        let trace = Trace(continuing: nil)
        response.trace = trace
        #expect(write(response).hasSuffix("\r\ntraceparent: \(trace.traceparent)\r\n\r\n"))
    }

    @Test func `an answer says what is left of a quota`() {
        var response = Response(.noContent, fields: ["A": "b"])
        response.rateLimit = RateLimit(
            RateLimit.Policy("key", requests: 600, seconds: 60), remaining: 0, reset: 7)
        #expect(
            write(response)
                == """
                HTTP/1.1 204 No Content\r\nDate: D\r\nA: b\r\nRateLimit-Policy: "key";q=600;w=60\r\n\
                RateLimit: "key";r=0;t=7\r\n\r\n
                """)
    }

    @Test func `an empty body has the length 0`() {
        #expect(write(Response(.created)).contains("\r\nContent-Length: 0\r\n"))
    }

    @Test func `what becomes of the connection is said`() {
        #expect(!write(page).contains("Connection"))
        #expect(write(page, .close).contains("\r\nConnection: close\r\n"))
        #expect(write(page, .keepAlive).contains("\r\nConnection: keep-alive\r\n"))
    }

    @Test func `fields that are the writer's own are left out`() {
        let fields: Fields = [
            "content-length": "9", "A": "b", "Date": "x", "Connection": "x", "Transfer-Encoding": "chunked",
        ]
        #expect(
            write(Response(.ok, fields: fields))
                == "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 0\r\nA: b\r\n\r\n")
    }

    @Test func `a status without a known reason keeps the blank behind it`() {
        #expect(write(Response(Status(rawValue: 299))).hasPrefix("HTTP/1.1 299 \r\n"))
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
    ])
    func `a date is in the fixed form`(seconds: Int, text: String) {
        #expect(HTTPDate.string(secondsSince1970: seconds) == text)
    }
}
