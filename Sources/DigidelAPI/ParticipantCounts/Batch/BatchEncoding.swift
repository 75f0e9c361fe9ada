/// Checks that a batch's body is UTF-8, and tells the person who saved it as something else where and what to do.
enum BatchEncoding {
    /// Throws `.malformed` when the body is UTF-16 or has a byte that is not UTF-8, with the line of the first one. Zero
    /// bytes are refused as well: they are UTF-8 but no text, and UTF-16 without a byte order mark is full of them.
    static func check(_ body: [UInt8], _ format: BatchFormat) throws(APIError) {
        if body.starts(with: [0xff, 0xfe]) || body.starts(with: [0xfe, 0xff]) {
            throw fault("The body is UTF-16.", format)
        }
        if isText(body[...]) { return }
        // A line break is never a part of another character, so each line is UTF-8 or not by itself.
        var (line, start) = (1, 0)
        while let end = body[start...].firstIndex(of: UInt8(ascii: "\n")), isText(body[start..<end]) {
            line += 1
            start = end + 1
        }
        throw fault("Line \(line) of the body has a byte that is not UTF-8; it is the first one.", format)
    }

    private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil && !bytes.contains(0)
    }

    private static func fault(_ what: String, _ format: BatchFormat) -> APIError {
        let remedy = format == .csv ? "Save the file as \"CSV UTF-8\" and send it again." : "Send UTF-8."
        return .malformed([Fault("", "malformed", "\(what) \(remedy)")])
    }
}
