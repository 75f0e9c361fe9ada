import Foundation
import Testing

@testable import DigidelAPI

@Suite struct BatchEncodingTests {
    /// ISO 8859-1 and Windows-1252 have these letters in common.
    private func latin1(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    @Test(arguments: [
        (BatchFormat.csv, "kommun;å\n1;2", 1), (.csv, "a;b\n1;Malmö\n2;Skövde", 2),
        (.csv, "a\r\n\r\n\r\n1\r\nö\r\n", 5),
        (.ndjson, "{}\n{}\n\"å\"", 3), (.json, "[\n\"å\"]", 2), (.json, "å", 1), (.csv, "a\n1\n\u{0}", 3),
    ])
    func `the line of the first byte that is not UTF-8 is told`(format: BatchFormat, text: String, line: Int)
        throws
    {
        let remedy = format == .csv ? "Save the file as \"CSV UTF-8\" and send it again." : "Send UTF-8."
        let expected = "Line \(line) of the body has a byte that is not UTF-8; it is the first one. \(remedy)"
        let error = try refusal(latin1(text), format)
        #expect(error.type == .malformed && error.faults == [Fault("", "malformed", expected)])
    }

    @Test(arguments: [String.Encoding.utf16LittleEndian, .utf16BigEndian], BatchFormat.allCases)
    func `UTF-16 is named`(encoding: String.Encoding, format: BatchFormat) throws {
        let body = try #require("\u{FEFF}value;area\n42;se-0583".data(using: encoding))
        let error = try refusal(Array(body), format)
        #expect(
            error.type == .malformed && error.faults.first?.detail.hasPrefix("The body is UTF-16.") == true)
        let unmarked = try refusal(Array(body.dropFirst(2)), format)
        #expect(
            unmarked.faults.first?.detail.hasPrefix("Line 1 of the body has a byte that is not UTF-8") == true
        )
    }

    @Test func `a character that is cut off at the end is found`() throws {
        let error = try refusal(Array("a\nå".utf8.dropLast()), .csv)
        #expect(error.faults.first?.detail.hasPrefix("Line 2 ") == true)
    }
}
