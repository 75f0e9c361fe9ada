import Foundation
package import HTTP
import Synchronization

/// How much is logged.
package enum LogLevel: Int, Sendable, CaseIterable {
    case error, info, debug

    static let byName: [String: LogLevel] = ["error": .error, "info": .info, "debug": .debug]
}

/// The log: one JSON object per line on stderr. Never in it: keys, bodies, query values, fields of requests, and the
/// client's address, which is personal data; the proxy in front has a log of its own for that.
package final class Log: Sendable {
    private let level: LogLevel
    private let write: @Sendable (String) -> Void
    private let successfulReads = Atomic<Int>(0)
    /// Of successful reads, which are mostly polls, every so many is logged.
    private static let readSampling = 100

    /// `write` gets each line without its end; by default it goes to stderr.
    package init(level: LogLevel, write: @escaping @Sendable (String) -> Void = Log.standardError) {
        self.level = level
        self.write = write
    }

    package static let standardError: @Sendable (String) -> Void = { line in
        var line = line + "\n"
        line.withUTF8 { FileHandle.standardError.write(Data($0)) }
    }

    package func error(_ message: String, trace: Trace? = nil) {
        line("error") { json in
            json.member("message", message)
            json.member("traceId", trace?.traceID)
        }
    }

    package func info(_ message: String) {
        info(message) { _ in }
    }

    /// A message with further members.
    func info(_ message: String, _ members: (inout JSONWriter) -> Void) {
        guard level >= .info else { return }
        line("info") { json in
            json.member("message", message)
            members(&json)
        }
    }

    /// Something that works, and should be put right.
    package func warning(_ message: String) {
        if level >= .info { line("warning") { $0.member("message", message) } }
    }

    /// One finished exchange.
    package func exchange(_ request: Request?, _ response: Response, microseconds: Int) {
        guard isLogged(request, response) else { return }
        line("info") { json in
            json.member("method", request?.method.rawValue)
            json.member("route", response.route)
            json.member("path", Self.namesThing(response) ? request?.path : nil)
            json.member("status", response.status.rawValue)
            json.member("bytes", response.body.count)
            json.member("microseconds", microseconds)
            json.member("traceId", response.trace?.traceID)
            json.member("spanId", response.trace?.spanID)
            json.member("keyId", response.keyID)
        }
    }

    /// Whether the path is a route's and names what is there: else anything may have been typed into it, a personal number
    /// too. Of what was refused nothing was found, or nobody looked.
    private static func namesThing(_ response: Response) -> Bool {
        response.route != nil && response.status.rawValue < 400
    }

    private func isLogged(_ request: Request?, _ response: Response) -> Bool {
        guard level >= .info else { return response.status.rawValue >= 500 }
        let isRead = request?.method == .get || request?.method == .head
        guard isRead, response.status.rawValue < 400, level < .debug else { return true }
        return successfulReads.wrappingAdd(1, ordering: .relaxed).newValue % Self.readSampling == 1
    }

    private func line(_ level: String, _ members: (inout JSONWriter) -> Void) {
        var json = JSONWriter(capacity: 256)
        json.object { json in
            json.member("time", Instant.now)
            json.member("level", level)
            members(&json)
        }
        write(json.text)
    }
}

extension LogLevel: Comparable {
    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
