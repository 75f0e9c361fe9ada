/// Reads the elements of one JSON array (RFC 8259, 5).
struct JSONBatchReader: BatchReader {
    private let body: [UInt8]
    private var elements: JSONParser

    /// A reader at the beginning of UTF-8 text.
    init(_ body: [UInt8]) {
        self.body = body
        elements = JSONParser(body, makesValues: false)
    }

    mutating func skip() throws(APIError) -> Bool {
        do throws(JSONValue.Fault) {
            return try elements.passElement() != nil
        } catch {
            let what = "The body must be a JSON array of participant counts. \(error.detail)"
            throw .malformed([Fault("", "malformed", what)])
        }
    }

    mutating func next() -> BatchRecord? {
        // Whatever is thrown here was thrown when the body was passed over, or the end has been reached.
        guard let range = try? elements.passElement() else { return nil }
        return BatchRecord(json: body, at: range)
    }
}
