extension RequestHead {
    /// Puts a request together and reads the fields that control how it is handled.
    init(_ line: RequestLine, _ received: Fields, bytes: [UInt8]) throws(Refusal) {
        self.bytes = bytes
        try Self.checkHost(received, isVersion10: line.isVersion10)
        framing = try BodyFraming(received, isVersion10: line.isVersion10)
        expectsContinue = try Self.readExpectation(received, isVersion10: line.isVersion10)
        isVersion10 = line.isVersion10
        keepsAlive = Self.readPersistence(received, isVersion10: line.isVersion10)
        var fields = received
        if let authority = line.target.authority { fields["Host"] = authority }
        request = Request(
            method: line.method, path: line.target.path, query: line.target.query, fields: fields)
    }

    /// Exactly one Host with a host in it; HTTP/1.0 may leave it out (RFC 9112, 3.2).
    private static func checkHost(_ fields: Fields, isVersion10: Bool) throws(Refusal) {
        var count = 0
        for entry in fields.entries where fields.hasName(entry, "Host") {
            count += 1
            guard HostGrammar.matches(fields.lines.span.extracting(entry.value)) else {
                throw .malformed("The Host field has no host, or not one that can be.", "RFC 9112, 3.2")
            }
        }
        if count > 1 { throw .malformed("There is more than one Host field.", "RFC 9112, 3.2") }
        if count == 0 && !isVersion10 { throw .malformed("The Host field is missing.", "RFC 9112, 3.2") }
    }

    /// Whether the client waits for 100. HTTP/1.0 knows no expectations; any other than 100-continue is refused
    /// (RFC 9110, 10.1.1).
    private static func readExpectation(_ fields: Fields, isVersion10: Bool) throws(Refusal) -> Bool {
        guard !isVersion10, let value = fields["Expect"] else { return false }
        guard value.isSame(as: "100-continue") else {
            throw Refusal(
                .expectationFailed, "The only expectation that can be met is 100-continue.",
                "RFC 9110, 10.1.1")
        }
        return true
    }

    /// `close` wins; 1.1 persists without a word, 1.0 with keep-alive only (RFC 9112, 9.3).
    private static func readPersistence(_ fields: Fields, isVersion10: Bool) -> Bool {
        if fields.hasToken("close", in: "Connection") { return false }
        return !isVersion10 || fields.hasToken("keep-alive", in: "Connection")
    }
}
