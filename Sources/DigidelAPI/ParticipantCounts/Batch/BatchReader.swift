/// One row of a body before the rules of a count are applied.
enum BatchRecord: Sendable {
    /// A JSON value, and what to tell instead of "must be …" about members that the format writes in its own way, by
    /// their pointers (RFC 6901).
    case value(JSONValue, hints: [String: String] = [:])
    /// Nothing can be made of the row, for the reason given.
    case broken(String)

    /// How many bytes a row may have. A count with a note of 2,000 escaped emoji has 25,000; what is longer is not taken
    /// apart, so that a body of one row takes no more memory than one of many.
    static let byteLimit = 65_536

    /// A row of more bytes than `byteLimit`.
    static func tooLong(_ size: Int) -> BatchRecord {
        .broken("The row has \(size) bytes; a count may have \(byteLimit).")
    }

    /// Reads the JSON that stands at `range`.
    init(json body: [UInt8], at range: Range<Int>) {
        guard range.count <= Self.byteLimit else {
            self = .tooLong(range.count)
            return
        }
        var parser = JSONParser(body, at: range)
        do throws(JSONValue.Fault) {
            self = .value(try parser.document())
        } catch {
            self = .broken(error.detail)
        }
    }
}

/// Goes through a batch's body row by row; a copy starts where the original is.
protocol BatchReader: Sendable {
    /// Passes over the next row without making anything of it; false at the end. Throws `.malformed` when the body as a
    /// whole cannot be read.
    mutating func skip() throws(APIError) -> Bool

    /// The next row; nil at the end. The body has been passed over before and can be read.
    mutating func next() -> BatchRecord?
}
