/// Writes answers (RFC 9112, 4 to 6): status line, Date, Content-Length, Connection, the answer's own fields, body.
package enum ResponseWriter {
    /// What the answer says about the connection (RFC 9112, 9.3 and 9.6).
    package enum Persistence: Sendable, Equatable {
        /// Nothing: it is kept, as HTTP/1.1 does.
        case implied
        /// It is kept for a client of HTTP/1.0 that asked for it.
        case keepAlive
        case close
    }

    /// Where the answer's body ends (RFC 9112, 6.3).
    package enum Framing: Sendable, Equatable {
        /// After as many bytes as it has.
        case length
        /// After its last chunk.
        case chunked
        /// With the connection, for a client of HTTP/1.0.
        case close
    }

    /// The interim answer that asks for a body (RFC 9110, 15.2.1).
    package static let continueResponse = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// Appends the answer to `output`. `dateLine` is the Date field's whole line; an answer to HEAD has the length of
    /// GET's body and no body.
    package static func append(
        _ response: Response, isHead: Bool, _ persistence: Persistence, _ framing: Framing = .length,
        dateLine: [UInt8], to output: inout [UInt8]
    ) {
        let sendsBody = response.status.allowsBody && !isHead
        let fields = response.fields.lines
        output.reserveCapacity(output.count + fields.count + (sendsBody ? response.body.count : 0) + 256)
        appendStatusLine(response.status, to: &output)
        output.append(contentsOf: dateLine)
        switch framing {
        case .length where response.status.allowsBody:
            output.append(contentsOf: "Content-Length: ".utf8)
            output.append(decimal: response.body.count)
            output.append(contentsOf: "\r\n".utf8)
        case .chunked: output.append(contentsOf: "Transfer-Encoding: chunked\r\n".utf8)
        case .length, .close: break
        }
        switch persistence {
        case .implied: break
        case .keepAlive: output.append(contentsOf: "Connection: keep-alive\r\n".utf8)
        case .close: output.append(contentsOf: "Connection: close\r\n".utf8)
        }
        appendFields(response.fields, to: &output)
        response.rateLimit?.append(to: &output)
        if let trace = response.trace {
            output.append(contentsOf: "traceparent: ".utf8)
            trace.append(to: &output)
            output.append(contentsOf: "\r\n".utf8)
        }
        output.append(contentsOf: "\r\n".utf8)
        if sendsBody { output.append(contentsOf: response.body) }
    }

    /// `HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112, 4).
    private static func appendStatusLine(_ status: Status, to output: inout [UInt8]) {
        output.append(contentsOf: "HTTP/1.1 ".utf8)
        output.append(decimal: status.rawValue)
        output.append(.space)
        output.append(contentsOf: status.reason.utf8)
        output.append(contentsOf: "\r\n".utf8)
    }

    /// All lines in one copy, unless one of them is the writer's own business.
    private static func appendFields(_ fields: Fields, to output: inout [UInt8]) {
        guard fields.entries.contains(where: { isOwn($0, fields) }) else {
            output.append(contentsOf: fields.lines)
            return
        }
        for entry in fields.entries where !isOwn(entry, fields) {
            // Up to and with the CRLF.
            output.append(contentsOf: fields.lines[entry.name.lowerBound..<(entry.value.upperBound + 2)])
        }
    }

    /// Whether the writer alone decides on that field.
    private static func isOwn(_ entry: Fields.Entry, _ fields: Fields) -> Bool {
        switch entry.name.count {
        case 4: fields.hasName(entry, "Date")
        case 10: fields.hasName(entry, "Connection")
        case 14: fields.hasName(entry, "Content-Length")
        case 17: fields.hasName(entry, "Transfer-Encoding")
        default: false
        }
    }
}
