import HTTP

/// A head is read the same however it is split, and what has been read can be written and read again: no field, path
/// or query smuggles a line into it (RFC 9112, 11.1 and 11.2).
func checkRequest(_ input: [UInt8]) {
    for limits in [MessageLimits(), .small] {
        let whole = Outcome(of: input, ends: [input.count], limits)
        for ends in Splits.of(input) {
            precondition(Outcome(of: input, ends: ends, limits) == whole, "a split changes the outcome")
        }
    }
    var parser = RequestParser()
    guard let head = try? parser.parse(input[...]) else { return }
    checkTarget(head.request)
    checkFields(head)
    let text = write(head)
    var again = RequestParser()
    guard let copy = try? again.parse(text[...]) else { preconditionFailure("what was read is refused") }
    precondition(write(copy) == text && again.length == text.count, "what was read is read differently")
    precondition(copy.framing == head.framing, "the body is delimited differently")
    precondition(copy.keepsAlive == head.keepsAlive && copy.expectsContinue == head.expectsContinue)
}

/// What became of an input.
private enum Outcome: Equatable {
    case head([UInt8], length: Int)
    /// Without the sentence: of two limits that are exceeded at once, either may be named.
    case refused(Status, section: String)
    case incomplete(hasBegun: Bool)

    /// Reads pieces that end at these places.
    init(of input: [UInt8], ends: [Int], _ limits: MessageLimits) {
        var parser = RequestParser(limits: limits)
        do {
            for end in ends {
                guard let head = try parser.parse(input[..<end]) else { continue }
                precondition(parser.length <= end, "a head is longer than what has come")
                self = .head(write(head), length: parser.length)
                return
            }
            self = .incomplete(hasBegun: parser.hasBegun)
        } catch {
            self = .refused(error.status, section: error.section)
        }
    }
}

/// The head as a client would send it.
private func write(_ head: RequestHead) -> [UInt8] {
    let request = head.request
    let target = request.path + (request.query.map { "?" + $0 } ?? "")
    var text = "\(request.method.rawValue) \(target) HTTP/1.\(head.isVersion10 ? 0 : 1)\r\n"
    for (name, value) in request.fields { text += "\(name): \(value)\r\n" }
    return Array((text + "\r\n").utf8)
}

/// A path is absolute or "*", and decodes; a query may not.
private func checkTarget(_ request: Request) {
    precondition(request.path.hasPrefix("/") || (request.path == "*" && request.method == .options))
    let decoded = try? PercentEncoding.decode(request.path)
    precondition(
        decoded?.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } == true, "a path holds a control character")
    let characters = (request.path + (request.query ?? "")).utf8
    precondition(characters.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "#") })
    _ = try? QueryString(request.query)
    _ = router.match(request.method, request.path)
}

/// Names are tokens, values have no control characters, and a list has no more than its line has (RFC 9110, 5.5, 5.6.1).
private func checkFields(_ head: RequestHead) {
    let fields = head.request.fields
    precondition(fields.count <= MessageLimits().fieldCount + 1, "there are more fields than are allowed")
    precondition(head.isVersion10 || fields["Host"] != nil, "the Host is missing")
    if case .length = head.framing { precondition(fields["Transfer-Encoding"] == nil) }
    for (name, value) in fields {
        precondition(!name.isEmpty && value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7f) })
        precondition(value.utf8.first != UInt8(ascii: " ") && value.utf8.last != UInt8(ascii: " "))
    }
    for name in ["Accept", "Connection", "If-Match", "X"] {
        let members = fields.values(of: name)
        let count = members.reduce(0) { $0 + $1.utf8.count }
        precondition(
            !members.contains("") && count <= fields[name]?.utf8.count ?? 0, "a list is more than its lines")
    }
    _ = MediaType(fields["Content-Type"])
}

/// Routes as the service has them.
private let router: Router<Int> = {
    var router = Router<Int>()
    router.add(.get, "/v1/goals", 0)
    router.add(.get, "/v1/goals/{id}", 1)
    router.add(.get, "/v1/goals/{id}/progress", 2)
    router.add(.put, "/v1/{kind}/all", 3)
    return router
}()

extension MessageLimits {
    /// Limits that short inputs reach.
    static let small = {
        var limits = MessageLimits()
        limits.requestLine = 48
        limits.head = 160
        limits.fieldCount = 6
        limits.fieldSize = 64
        limits.chunkLine = 24
        limits.chunkExtensions = 40
        limits.trailers = 48
        return limits
    }()
}
