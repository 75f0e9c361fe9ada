import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Digidel API: requests that are tried again, answers as Swift values, refusals thrown as `Problem`.
struct DigidelClient: Sendable {
    /// The API's address, such as `https://api.example.se/digidel/v1/`.
    let address: URL
    /// The secret that the coordination office gave you; nil reads what is public.
    let key: String?
    /// Of names that people read: sv, nb, da or en.
    var language = "sv"
    /// Told of every try that failed and will be repeated: what happened, and the seconds until then.
    var onTrouble: @Sendable (_ trouble: String, _ wait: Double) -> Void = { _, _ in }

    private let session: URLSession
    private let transfers = Transfers()

    /// Without a cache, so that 304 comes to us.
    init(address: URL, key: String? = nil) {
        self.address = address.absoluteString.hasSuffix("/") ? address : address.appendingPathComponent("")
        self.key = key
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.timeoutIntervalForRequest = 60
        session = URLSession(configuration: configuration, delegate: transfers, delegateQueue: nil)
    }

    /// Reports one count. `isNew` is false when it was here already.
    func post(_ count: ParticipantCount) async throws -> (count: StoredCount, isNew: Bool) {
        let answer = try await send("POST", "participant-counts", body: JSONEncoder().encode(count))
        return (try answer.decoded(), answer.status == 201)
    }

    /// Reports up to 10 000 counts. The good ones are stored and the others rejected, unless it is a dry run or `atomic`.
    func post(_ counts: [ParticipantCount], dryRun: Bool = false, atomic: Bool = false) async throws
        -> BatchAnswer
    {
        let path = "participant-counts/batch?dryRun=\(dryRun)&mode=\(atomic ? "atomic" : "partial")"
        return try await send("POST", path, body: JSONEncoder().encode(counts)).decoded()
    }

    /// All items of a list, page after page.
    func list<Item: Decodable & Sendable>(_ path: String, of: Item.Type) async throws -> [Item] {
        var items: [Item] = []
        var next: String? = path
        while let path = next {
            let page: Page<Item> = try await send("GET", path).decoded()
            items += page.items
            next = page.links.next?.href
        }
        return items
    }

    /// A goal's progress, now and whenever it changes. Ends with an error when going on is useless.
    func progress(of goal: String, every interval: Double = 5) -> AsyncThrowingStream<GoalProgress, any Error>
    {
        AsyncThrowingStream { continuation in
            let polling = Task {
                do {
                    var etag: String?
                    while true {
                        let answer = try await send(
                            "GET", "goals/\(goal)/progress", etag: etag, tries: .max)
                        etag = answer.etag
                        // 304: it is what we have.
                        if answer.status == 200 { continuation.yield(try answer.decoded()) }
                        let wait = max(interval * .random(in: 0.9...1.1), answer.wait)
                        try await pause(seconds: wait)
                    }
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in polling.cancel() }
        }
    }

    /// Sends until there is an answer, with a longer pause after each failure, and throws the last failure after `tries`.
    private func send(
        _ method: String, _ path: String, body: Data? = nil, etag: String? = nil, tries: Int = 8
    ) async throws -> Answer {
        let request = try request(method, path, body: body, etag: etag)
        for attempt in 1... {
            let trouble: any Error
            var wait = pause(after: attempt)
            do {
                let (data, response) = try await transfers.data(for: request, in: session)
                if (200..<300).contains(response.statusCode) || response.statusCode == 304 {
                    return Answer(body: data, response: response)
                }
                let problem = Problem(body: data, response: response)
                guard problem.isPassing else { throw problem }
                trouble = problem
                wait = max(wait, response.wait)
            } catch let error as URLError where error.code != .cancelled {
                // It may have been stored all the same. As the next try has the same key, it counts once.
                trouble = error
            }
            guard attempt < tries else { throw trouble }
            onTrouble((trouble as? URLError)?.localizedDescription ?? "\(trouble)", wait)
            try await pause(seconds: wait)
        }
        throw CancellationError()
    }

    private func request(_ method: String, _ path: String, body: Data?, etag: String?) throws -> URLRequest {
        guard let url = URL(string: path, relativeTo: address)?.absoluteURL else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body
        request.setValue("application/json", forHTTPHeaderField: "Accept")
        request.setValue(language, forHTTPHeaderField: "Accept-Language")
        request.setValue(etag, forHTTPHeaderField: "If-None-Match")
        if body != nil {
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            // One key for all tries of this request: should an answer be lost, the next try gets that answer.
            request.setValue(UUID().uuidString, forHTTPHeaderField: "Idempotency-Key")
        }
        if let key {
            // A link to elsewhere does not get the key.
            guard (url.scheme, url.host, url.port) == (address.scheme, address.host, address.port) else {
                throw URLError(.userAuthenticationRequired)
            }
            request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization")
        }
        return request
    }

    /// Waits, at most an hour, however much longer an answer says.
    private func pause(seconds: Double) async throws {
        try await Task.sleep(nanoseconds: UInt64(min(max(0, seconds), 3600) * 1e9))
    }

    /// Seconds, twice as many after each failure, and not the same for all clients.
    private func pause(after failures: Int) -> Double {
        min(60, 0.5 * pow(2, Double(min(failures, 10)))) * .random(in: 0.5...1)
    }
}

/// An answer that is no refusal.
private struct Answer: Sendable {
    let status: Int
    let etag: String?
    /// Seconds until the next request is welcome.
    let wait: Double
    private let body: Data

    init(body: Data, response: HTTPURLResponse) {
        status = response.statusCode
        etag = response.value(forHTTPHeaderField: "ETag")
        wait = response.wait
        self.body = body
    }

    func decoded<Value: Decodable>() throws -> Value {
        try JSONDecoder().decode(Value.self, from: body)
    }
}

extension HTTPURLResponse {
    /// Seconds that the service wants us to wait: `Retry-After`, or what `RateLimit` leaves for each request.
    fileprivate var wait: Double {
        if let after = value(forHTTPHeaderField: "Retry-After") {
            if let seconds = Int(after) { return Double(seconds) }
            let dates = DateFormatter()
            dates.locale = Locale(identifier: "en_US_POSIX")
            dates.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
            return max(0, dates.date(from: after)?.timeIntervalSinceNow ?? 0)
        }
        // "default";r=12;t=30 means that 12 requests remain for 30 seconds.
        let policies = value(forHTTPHeaderField: "RateLimit")?.split(separator: ",") ?? []
        return policies.map { policy in
            let left = policy.firstMatch(of: /;\s*r=(\d+)/).flatMap { Double($0.1) } ?? 0
            let seconds = policy.firstMatch(of: /;\s*t=(\d+)/).flatMap { Double($0.1) } ?? 0
            return seconds / max(1, left)
        }.max() ?? 0
    }
}

/// What is on its way. Redirects are not followed, and so become refusals: one would take the key along, and make a GET of a
/// POST. `URLSession.data(for:)` asks nobody about them on Linux, hence the delegate. The lock guards `running`.
private final class Transfers: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private typealias Waiting = CheckedContinuation<(Data, HTTPURLResponse), any Error>

    private let lock = NSLock()
    private var running: [Int: (body: Data, waiting: Waiting)] = [:]

    func data(for request: URLRequest, in session: URLSession) async throws -> (Data, HTTPURLResponse) {
        try Task.checkCancellation()
        let task = session.dataTask(with: request)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiting in
                lock.withLock { running[task.taskIdentifier] = (Data(), waiting) }
                task.resume()
                // It may have been cancelled before anybody waited.
                if Task.isCancelled { end(task)?.waiting.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            task.cancel()
        }
    }

    /// What had come, and who waits for it, for whoever is the first to ask.
    private func end(_ task: URLSessionTask) -> (body: Data, waiting: Waiting)? {
        lock.withLock { running.removeValue(forKey: task.taskIdentifier) }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        lock.withLock { running[dataTask.taskIdentifier]?.body.append(data) }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let transfer = end(task)
        if let body = transfer?.body, error == nil, let response = task.response as? HTTPURLResponse {
            transfer?.waiting.resume(returning: (body, response))
        } else {
            transfer?.waiting.resume(throwing: error ?? URLError(.badServerResponse))
        }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}
