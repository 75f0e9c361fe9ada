import EventLoop
package import HTTP
package import Postgres

/// The service: what its handlers depend on, and the way of every request through it. One value per lane, each with
/// its lane's connections; the rest is shared.
package struct App: Sendable {
    private let pool: Pool
    /// What statements run on: any connection of the pool, or the request's own transaction.
    package private(set) var database: any Queryable
    private let sharedCommits: SharedCommits
    /// Progress of goals as the public sees it, by path and variant.
    let goalReads: SharedReads<String, ProgressAnswer>
    /// Series, breakdowns, statistics and badges as the public sees them, by address, form and variant.
    let figureReads: SharedReads<String, [UInt8]>
    /// What the transaction has changed; nil outside of one.
    private var changes: CommittedChanges?
    /// Where clients find the API, without a slash at the end.
    let baseURL: String
    /// Who publishes the data, and where faults in the service's security are told.
    let publisher: Publisher
    private let adminKey: String?
    let caches: Caches
    private let announcer: Announcer
    private let rateNotices: Announcer
    let commonFields: CommonFields
    private let checkpoints: Checkpoints?
    private let standbyReads: StandbyReads?
    let clock: @Sendable () -> Instant
    let log: Log
    package let metrics: LaneMetrics
    /// The longest body of a request, in bytes.
    let bodyLimit: Int
    private let router: Router<Route>

    /// `clock` is the time that rules go by; what is stored is stamped by the database's clock.
    package init(
        database: Pool, config: Config, caches: Caches, turn: Turn = Turn(),
        checkpoints: Checkpoints? = nil, standbyReads: StandbyReads? = nil, log: Log,
        clock: @escaping @Sendable () -> Instant = { .now }, routes: [Route] = Routes.all
    ) {
        pool = database
        self.database = database
        metrics = LaneMetrics()
        sharedCommits = SharedCommits(database, turn, metrics)
        goalReads = SharedReads(on: database.lane)
        figureReads = SharedReads(on: database.lane)
        self.caches = caches
        announcer = Announcer(database, channel: Caches.channel) { log.error("\($0)") }
        rateNotices = Announcer(database, channel: RateLimits.channel) { log.error("\($0)") }
        commonFields = CommonFields(config)
        self.checkpoints = checkpoints
        self.standbyReads = standbyReads
        self.clock = clock
        self.log = log
        baseURL = config.publicURL
        publisher = config.publisher
        adminKey = config.adminKey
        bodyLimit = config.maxBody
        var router = Router<Route>()
        for route in routes { router.add(route.method, route.template, route) }
        self.router = router
    }

    /// The answer to a request. Every error becomes one here, and only here.
    package func respond(to request: Request) async -> Response {
        let trace = Trace(continuing: request.fields["traceparent"])
        do {
            if request.method == .options { return finished(try options(request), request, trace) }
            let (route, parameters) = try find(request)
            return await answer(request, route, parameters, trace)
        } catch {
            return refusal(of: request, error, trace)
        }
    }

    private func answer(
        _ request: Request, _ route: Route, _ parameters: [String: String], _ trace: Trace
    ) async -> Response {
        let caller: Caller?
        do {
            caller = try await identify(request)
        } catch {
            return refusal(of: request, error, trace, route)
        }
        let counted = count(request, by: caller, at: clock())
        var answer: Response
        do {
            if let refusal = counted?.refusal { throw refusal }
            answer = try await handle(request, by: caller, route, parameters, trace)
        } catch {
            answer = response(to: error, trace)
        }
        answer.rateLimit = counted?.rateLimit
        answer.route = route.template
        answer.keyID = caller?.keyID
        route.deprecation?.add(to: &answer.fields)
        return finished(answer, request, trace)
    }

    /// The answer to a request that is refused before it is known whose it is; it counts for its address.
    func refusal(
        of request: Request, _ error: any Error, _ trace: Trace, _ route: Route? = nil
    ) -> Response {
        let counted = count(request, by: nil, at: clock())
        var answer = response(to: counted?.refusal ?? error, trace)
        answer.rateLimit = counted?.rateLimit
        answer.route = route?.template
        route?.deprecation?.add(to: &answer.fields)
        return finished(answer, request, trace)
    }

    private func handle(
        _ request: Request, by caller: Caller?, _ route: Route, _ parameters: [String: String], _ trace: Trace
    ) async throws -> Response {
        try authorize(caller, for: route)
        try checkConditions(request)
        let query = try QueryInput(request.query)
        let call = Call(
            request: request, route: route, parameters: parameters, caller: caller, trace: trace,
            now: clock(),
            representation: Representation(
                baseURL: baseURL,
                language: query.asksForAllLanguages
                    ? nil : Language(accepting: request.fields["Accept-Language"]),
                hasKey: caller != nil))
        switch route.effect {
        case .none:
            if let answer = await standbyAnswer(call, route) { return answer }
            return try await route.handler(self)(call)
        case .recorded where request.fields["Idempotency-Key"] == nil:
            return try await route.handler(self)(call)
        case .recorded, .audited: return try await write(call, route)
        }
    }

    /// The answer to a reader without a key, as a standby gives it. Nil when the primary is to be asked, which is also
    /// for whatever a standby refuses: it may not have the thing yet, or give up a statement because of what it replays.
    private func standbyAnswer(_ call: Call, _ route: Route) async -> Response? {
        guard let standbyReads, route.mayLag, call.caller == nil else { return nil }
        return try? await standbyReads.read { connection in
            var app = self
            app.database = connection
            return try await route.handler(app)(call)
        }
    }

    // MARK: Steps

    /// The route for a request; throws `.notFound` or `.methodNotAllowed`.
    func find(_ request: Request) throws(APIError) -> (Route, [String: String]) {
        switch router.match(request.method, request.path) {
        case .found(let route, let parameters):
            // No id has a zero byte, and PostgreSQL takes no text that has one.
            guard !parameters.values.contains(where: { $0.utf8.contains(0) }) else {
                throw .notFound("thing")
            }
            return (route, parameters)
        case .methodNotAllowed(let allowed):
            let methods = allowed.map(\.rawValue).joined(separator: ", ")
            var error = APIError(.methodNotAllowed, "This path takes \(methods).")
            error.fields.add("Allow", methods)
            throw error
        case .notFound:
            throw APIError(
                .notFound, "There is no such path. Paths begin with /v1/ and have no slash at the end.")
        }
    }

    func options(_ request: Request) throws(APIError) -> Response {
        if request.path == "*" { return Response(.noContent, fields: ["Allow": Method.allowedByServer]) }
        guard case .methodNotAllowed(let allowed) = router.match(.options, request.path) else {
            throw APIError(.notFound, "There is no such path.")
        }
        var response = Response(
            .noContent, fields: ["Allow": allowed.map(\.rawValue).joined(separator: ", ")])
        commonFields.addPreflight(to: &response, for: request, allowed: allowed)
        // RFC 5789, 3.1.
        if allowed.contains(.patch) {
            response.fields.add("Accept-Patch", Route.patchMediaTypes.joined(separator: ", "))
        }
        return response
    }

    /// What is posted to is a list or an act, which is always there and has no tag that a writer could name.
    private func checkConditions(_ request: Request) throws(APIError) {
        guard request.method == .post, Preconditions(request).outcome(for: nil) == .failed else { return }
        throw APIError(
            .preconditionFailed, "What is posted to has no ETag to compare; send it without conditions.")
    }

    /// Whose key it is; nil without one. Throws `.unauthorized` for a key that is not valid.
    private func identify(_ request: Request) async throws -> Caller? {
        guard let field = request.fields["Authorization"] else { return nil }
        guard let secret = Self.bearer(field) else {
            throw APIError.noBearer
        }
        if let caller = caches.keys.value(for: secret, at: .now) { return caller }
        try caches.rateLimits.checkMayTryKeys(request, at: clock())
        if let adminKey, isEqual(secret, adminKey) {
            return Caller(key: nil, role: .admin, organisation: nil)
        }
        guard !caches.rateLimits.isKnownWrong(secret, request, at: clock()) else { throw APIError.wrongKey }
        let callers = try await caches.keys.values(for: [secret]) { (_) async throws(PostgresError) in
            try await database.caller(secret: secret).map { [(secret, $0)] } ?? []
        }
        guard let caller = callers[secret] else {
            caches.rateLimits.addWrongKey(secret, request, at: clock())
            throw APIError.wrongKey
        }
        return caller
    }

    /// The secret in an Authorization field (RFC 6750, 2.1); nil when it is of another scheme or malformed.
    static func bearer(_ field: String) -> String? {
        let scheme = String(decoding: field.utf8.prefix(7), as: UTF8.self)
        let secret = field.utf8.dropFirst(7).drop { $0 == UInt8(ascii: " ") }
        guard scheme.isSame(as: "bearer "), (1...512).contains(secret.count),
            !secret.contains(UInt8(ascii: " "))
        else { return nil }
        return String(decoding: secret, as: UTF8.self)
    }

    /// Compares in a time that does not tell how much of a guess was right.
    private func isEqual(_ guess: String, _ secret: String) -> Bool {
        let (guess, secret) = (guess.utf8.span, secret.utf8.span)
        var difference = guess.count ^ secret.count
        for index in secret.indices {
            difference |= Int(secret[index] ^ (index < guess.count ? guess[index] : 0))
        }
        return difference == 0
    }

    private func authorize(_ caller: Caller?, for route: Route) throws(APIError) {
        guard case .key(let role) = route.access else { return }
        guard let caller else {
            throw .unauthorized("This needs a key: send Authorization: Bearer and the key.")
        }
        guard caller.role >= role else {
            throw APIError(
                .forbidden,
                "This needs a key of the role \(role.rawValue); yours has the role \(caller.role.rawValue).")
        }
    }

    /// A change to a campaign's figures is committed; nil for one that belongs to no campaign. Nobody is given an older
    /// answer from here on, and the other instances are told.
    func changed(_ campaigns: String?...) async {
        if let changes { return changes.add(campaigns) }
        for campaign in campaigns { await announcer.announce(caches.changed(campaign)) }
    }

    /// A key was changed. Once that is committed no request gets in by what the key was before; the other instances are
    /// told by the database.
    func keysChanged() {
        if let changes { return changes.addKeys() }
        caches.keysChanged()
    }

    /// Counts what has become of counts, once that is committed.
    func tally(_ outcomes: [LaneMetrics.CountOutcome: Int]) {
        if let changes { return changes.add(outcomes) }
        metrics.record(outcomes)
    }

    /// Returns when the other instances have been told of all changes; the app's pool is closed after that.
    package func finish() async {
        await announcer.finish()
        await rateNotices.finish()
    }

    /// Records revisions of counts: in the request's transaction if it has one, else one together with others' and many
    /// in a transaction of their own. Tells of the change.
    func record(_ revisions: [CountRevision]) async throws(PostgresError) -> [CountOutcome] {
        guard let revision = revisions.first else { return [] }
        let outcomes: [CountOutcome]
        if isInTransaction {
            // A transaction that was refused something cannot try again, so in there nothing is taken for granted.
            outcomes = try await database.record(revisions.map(\.enrolling))
        } else if revisions.count == 1 {
            outcomes = [try await sharedCommits.record(revision)]
        } else {
            outcomes = try await database.record(revisions)
            metrics.recordCommit(rows: outcomes.count { $0.recorded != nil })
        }
        for (campaign, counts) in Dictionary(
            grouping: outcomes.compactMap(\.recorded), by: \.content.campaign)
        {
            await changed(campaign)
            checkpoints?.recorded(counts.count, of: campaign)
        }
        return outcomes
    }

    /// Where this app's requests are answered.
    var lane: Lane { pool.lane }

    /// Whether statements run in the request's own transaction.
    var isInTransaction: Bool { changes != nil }

    /// Runs `body` in a transaction, or in a part of the request's own, and undoes all that it did unless it says that it
    /// shall last.
    func tentatively<Value: Sendable>(
        _ body: @Sendable (App) async throws -> (value: Value, lasts: Bool)
    ) async throws -> Value {
        guard isInTransaction else {
            return try await transaction { app in try await app.tentatively(body) }
        }
        try await database.execute("savepoint tentative")
        let (value, lasts) = try await body(self)
        if !lasts { try await database.execute("rollback to savepoint tentative") }
        return value
    }

    /// Runs `body` in a transaction, with an app whose statements are part of it; what it changes is told when it is
    /// committed. Returns nothing of `body` when that throws.
    func transaction<Value: Sendable>(_ body: @Sendable (App) async throws -> Value) async throws -> Value {
        let changes = CommittedChanges()
        let value = try await pool.transaction { transaction in
            var app = self
            app.database = transaction
            app.changes = changes
            return try await body(app)
        }
        if changes.keys { keysChanged() }
        metrics.record(changes.outcomes)
        metrics.recordCommit(rows: changes.revisionCount)
        for campaign in changes.campaigns { await changed(campaign) }
        return value
    }

    /// What is read by several statements, from one snapshot.
    func snapshot<Value: Sendable>(
        _ read: @Sendable (any Queryable) async throws -> Value
    ) async throws -> Value {
        if let standby = database as? Connection { return try await standby.reading { try await read($0) } }
        return try await pool.transaction(for: .reading) { try await read($0) }
    }

    /// Counts a request for its key, else for its address; nil when there is no limit.
    func count(_ request: Request, by caller: Caller?, at now: Instant) -> RequestCounter.Outcome? {
        // Probes of the service's health never count (decisions.md, 83).
        guard !request.path.hasPrefix("/health/") else { return nil }
        return caches.rateLimits.count(request, by: caller, at: now) { notice in
            Task(executorPreference: lane) { await rateNotices.announce(notice) }
        }
    }

    /// The answer with the fields that every answer carries, and its place in the trace.
    func finished(_ response: consuming Response, _ request: Request?, _ trace: Trace) -> Response {
        commonFields.add(to: &response, for: request)
        response.trace = trace
        return response
    }
}
