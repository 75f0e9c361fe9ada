import Foundation

/// The settings, each an environment variable with a default.
package struct Config: Sendable {
    /// A value that cannot be; one line for the operator.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String

        package init(_ description: String) {
            self.description = description
        }
    }

    package var host = "127.0.0.1"
    package var port = 8080
    package var publicURL = ""
    package var databaseURL: String?
    /// Of the role that owns the tables; nil when that is the role of `databaseURL`.
    package var migrationDatabaseURL: String?
    package var readDatabaseURL: String?
    package var dataDirectory = ".digidel"
    package var postgresPrograms: String?
    package var postgresUser = "postgres"
    package var adminKey: String?
    package var migratesAtStart = true
    package var logLevel = LogLevel.info
    package var databaseConnections = 16
    package var metricsAddress: (host: String, port: Int)? = ("127.0.0.1", 9464)
    package var drainSeconds = 20
    package var headerTimeout = 10
    package var idleTimeout = 60
    package var bodyTimeout = 10
    package var maxBody = 1 << 20
    package var writeTimeout = 20
    package var maxHead = 64 << 10
    package var maxConnections = 10_000
    package var maxConnectionsPerAddress: Int?
    package var trustedProxies = ""
    /// Unless it is set, four fifths of the connections, so that streams leave room for requests.
    package var maxStreams = 8000
    package var maxStreamsPerAddress: Int?
    package var maxStreamsPerKey = 100
    /// For each key; nil is no limit.
    package var rateLimit: Quota? = Quota(requests: 600, seconds: 60)
    /// For each address that asks without a key; nil is no limit. A town hall's dashboards have one address: 250 of them
    /// may ask every five seconds.
    package var rateLimitAnonymous: Quota? = Quota(requests: 3000, seconds: 60)
    /// Sites whose pages may write.
    package var corsOrigins: [String] = []
    /// The settings that were given, for the log: of those that hold a secret, or may, only that they were.
    package private(set) var given: [(name: String, value: String)] = []
    package var publisher = Publisher()

    /// Reads the variables; those that are not settings are ignored. Throws `Fault` for a value that cannot be.
    package init(environment: [String: String]) throws(Fault) {
        let reader = Reader(environment: environment)
        host = reader.text("HOST") ?? host
        port = try reader.number("PORT", in: 0...65535) ?? port
        databaseURL = reader.text("DATABASE_URL")
        migrationDatabaseURL = reader.text("MIGRATION_DATABASE_URL")
        readDatabaseURL = reader.text("READ_DATABASE_URL")
        dataDirectory = reader.text("DATA_DIR") ?? dataDirectory
        postgresPrograms = reader.text("PG_BIN")
        postgresUser = reader.text("POSTGRES_OS_USER") ?? postgresUser
        adminKey = reader.text("DIGIDEL_ADMIN_KEY")
        migratesAtStart = try reader.choice("MIGRATE", ["on": true, "off": false]) ?? migratesAtStart
        logLevel = try reader.choice("LOG_LEVEL", LogLevel.byName) ?? logLevel
        databaseConnections = try reader.number("DATABASE_CONNECTIONS", in: 1...1000) ?? databaseConnections
        metricsAddress = try reader.address("METRICS_ADDRESS", else: metricsAddress)
        drainSeconds = try reader.number("DRAIN_SECONDS", in: 0...3600) ?? drainSeconds
        headerTimeout = try reader.number("HEADER_TIMEOUT", in: 1...3600) ?? headerTimeout
        idleTimeout = try reader.number("IDLE_TIMEOUT", in: 2...3600) ?? idleTimeout
        bodyTimeout = try reader.number("BODY_TIMEOUT", in: 1...3600) ?? bodyTimeout
        maxBody = try reader.number("MAX_BODY", in: 1024...1 << 30) ?? maxBody
        writeTimeout = try reader.number("WRITE_TIMEOUT", in: 1...3600) ?? writeTimeout
        maxHead = try reader.number("MAX_HEAD", in: 16 << 10...1 << 20) ?? maxHead
        maxConnectionsPerAddress = try reader.number("MAX_CONNECTIONS_PER_ADDRESS", in: 1...1_000_000)
        trustedProxies = reader.text("TRUSTED_PROXIES") ?? trustedProxies
        maxConnections = try reader.number("MAX_CONNECTIONS", in: 1...1_000_000) ?? maxConnections
        maxStreams = try reader.number("MAX_STREAMS", in: 0...1_000_000) ?? maxConnections * 4 / 5
        maxStreamsPerAddress = try reader.number("MAX_STREAMS_PER_ADDRESS", in: 1...1_000_000)
        maxStreamsPerKey = try reader.number("MAX_STREAMS_PER_KEY", in: 1...1_000_000) ?? maxStreamsPerKey
        rateLimit = try reader.quota("RATE_LIMIT", else: rateLimit)
        rateLimitAnonymous = try reader.quota("RATE_LIMIT_ANONYMOUS", else: rateLimitAnonymous)
        corsOrigins = try reader.origins("CORS_ORIGINS")
        given = Self.help.compactMap { setting in
            reader.text(setting.name).map { value in
                (name: setting.name, value: Self.isSecret(setting.name) ? "given" : value)
            }
        }
        guard migrationDatabaseURL == nil || databaseURL != nil else {
            throw Fault(
                "MIGRATION_DATABASE_URL needs DATABASE_URL: the private cluster has an owner of its own")
        }
        guard !hosts.isEmpty else { throw Fault("HOST must name an address such as 127.0.0.1") }
        let name = hosts.first { !$0.hasPrefix("unix:") } ?? "localhost"
        let authority = name.contains(":") ? "[\(name)]" : name
        publicURL = try Self.publicURL(reader.text("PUBLIC_URL") ?? "http://\(authority):\(port)/v1")
        publisher = try Publisher(
            name: reader.text("PUBLISHER_NAME"), url: reader.text("PUBLISHER_URL"),
            email: reader.text("PUBLISHER_EMAIL"), securityContact: reader.text("SECURITY_CONTACT"))
        if let adminKey, adminKey.count < 32 {
            throw Fault("DIGIDEL_ADMIN_KEY must have at least 32 characters")
        }
        // What no Authorization field can carry would lock its owner out.
        if let adminKey, App.bearer("Bearer \(adminKey)") != adminKey {
            throw Fault("DIGIDEL_ADMIN_KEY must have no blanks and at most 512 characters")
        }
    }

    /// The hosts and sockets of `HOST`.
    package var hosts: [String] {
        host.split(separator: ",").map { $0.trimmingWhitespace() }.filter { !$0.isEmpty }
    }

    /// Whether a setting is, or has in it, what nobody shall read: keys, and addresses of databases with their passwords.
    private static func isSecret(_ name: String) -> Bool {
        ["DATABASE_URL", "ADMIN_KEY", "SECRET", "PASSWORD", "TOKEN"].contains { name.hasSuffix($0) }
    }

    private static func publicURL(_ text: String) throws(Fault) -> String {
        // URL escapes what may not stand in one; links are built from the text itself.
        guard let url = URL(string: text), url.absoluteString == text,
            url.scheme == "http" || url.scheme == "https",
            url.host()?.isEmpty == false, url.user() == nil, text.hasSuffix("/v1"),
            url.path().hasSuffix("/v1"),
            url.query() == nil, url.fragment() == nil
        else {
            throw Fault("PUBLIC_URL must be an http or https URL that ends in /v1, without a slash after it")
        }
        return text
    }

    /// What `digidel help` says of each setting.
    package static let help: [(name: String, value: String, meaning: String)] = [
        (
            "HOST", "127.0.0.1",
            "addresses to listen on, joined by commas: names, IPv4 or IPv6 addresses, * for all, unix:/path for a socket"
        ),
        ("PORT", "8080", "port to listen on"),
        ("PUBLIC_URL", "http://HOST:PORT/v1", "where clients find the API; links are built from it"),
        (
            "DATABASE_URL", "",
            "libpq URI of the database; without it a private cluster under DATA_DIR is used"
        ),
        (
            "MIGRATION_DATABASE_URL", "",
            "the same database as the owner of its tables, who migrates; else DATABASE_URL's role does"
        ),
        (
            "READ_DATABASE_URL", "",
            "libpq URI of hot standbys, which lists and things are read from for whoever has no key"
        ),
        ("DATA_DIR", ".digidel", "folder of the private cluster"),
        ("PG_BIN", "", "folder of PostgreSQL's programs, else PATH and pg_config --bindir"),
        ("POSTGRES_OS_USER", "postgres", "user that runs the private cluster when started by root"),
        ("DATABASE_CONNECTIONS", "16", "connections to the database, over all lanes"),
        ("MIGRATE", "on", "off: serve does not migrate"),
        ("DIGIDEL_ADMIN_KEY", "", "an admin key for set-up and automation, 32 characters or more"),
        ("LOG_LEVEL", "info", "error, info or debug; JSON lines on stderr"),
        ("METRICS_ADDRESS", "127.0.0.1:9464", "where /metrics is served; off serves none"),
        ("DRAIN_SECONDS", "20", "how long SIGTERM waits for requests in flight"),
        ("HEADER_TIMEOUT", "10", "seconds for a request's head to come"),
        ("IDLE_TIMEOUT", "60", "seconds that an idle connection is kept"),
        ("BODY_TIMEOUT", "10", "seconds without a byte of a request's body"),
        ("WRITE_TIMEOUT", "20", "seconds in which a client takes nothing of its answers"),
        ("MAX_HEAD", "65536", "bytes of a request line and its header fields"),
        ("MAX_BODY", "1048576", "bytes of a request's body"),
        ("MAX_CONNECTIONS", "10000", "clients at once; further ones wait to be accepted"),
        (
            "MAX_CONNECTIONS_PER_ADDRESS", "",
            "of one client, further ones are answered 503; else 1000, and any number from this machine and from trusted proxies"
        ),
        (
            "MAX_STREAMS", "",
            "live streams at once, further ones are answered 503; else four fifths of MAX_CONNECTIONS"
        ),
        (
            "MAX_STREAMS_PER_ADDRESS", "",
            "of one client, also behind a trusted proxy, further ones are answered 429; else 500, and any number from this machine"
        ),
        ("MAX_STREAMS_PER_KEY", "100", "of one key, further ones are answered 429"),
        (
            "RATE_LIMIT", "600/60",
            "requests of one key in so many seconds, further ones are answered 429; or off"
        ),
        (
            "RATE_LIMIT_ANONYMOUS", "3000/60",
            "the same for each address that asks without a key, an IPv6 network of 64 bits counting as one; or off"
        ),
        (
            "CORS_ORIGINS", "",
            "sites whose pages may write, such as https://www.example.se, joined by commas; every page may read"
        ),
        (
            "TRUSTED_PROXIES", "",
            "proxies whose Forwarded or X-Forwarded-For is believed: addresses, networks (10.0.0.0/8), unix"
        ),
        ("PUBLISHER_NAME", "Digidel", "who publishes the data, in /v1/dcat"),
        ("PUBLISHER_URL", "the guide", "the publisher's web page"),
        ("PUBLISHER_EMAIL", "", "address of the publisher's mailbox for questions about the data"),
        (
            "SECURITY_CONTACT", "the guide",
            "where faults in security are told, in /.well-known/security.txt: https://, mailto: or tel:"
        ),
    ]
}

/// Reads variables; an empty one counts as not set.
private struct Reader {
    let environment: [String: String]

    func text(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws(Config.Fault) -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Config.Fault(
                "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), not \(text)")
        }
        return number
    }

    /// Nil for `off`.
    func address(
        _ name: String, else standard: (host: String, port: Int)?
    ) throws(Config.Fault) -> (host: String, port: Int)? {
        guard let text = text(name) else { return standard }
        if text == "off" { return nil }
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65535).contains(port)
        else {
            throw Config.Fault(
                "\(name) must be an address with a port such as 127.0.0.1:9464, or off, not \(text)")
        }
        return (text[..<colon].filter { $0 != "[" && $0 != "]" }, port)
    }

    /// Nil for `off`.
    func quota(_ name: String, else standard: Quota?) throws(Config.Fault) -> Quota? {
        guard let text = text(name) else { return standard }
        if text == "off" { return nil }
        guard let quota = Quota(text) else {
            throw Config.Fault("\(name) must be requests/seconds such as 600/60, or off, not \(text)")
        }
        return quota
    }

    /// Origins as browsers send them (RFC 6454, 6.2): scheme, host in small letters, port unless it is the scheme's.
    func origins(_ name: String) throws(Config.Fault) -> [String] {
        let origins = (text(name) ?? "").split(separator: ",").map { $0.trimmingWhitespace() }
        for origin in origins where !CrossOrigin.isOrigin(origin) {
            throw Config.Fault(
                "\(name) must be origins such as https://www.example.se, joined by commas and without a path, not \(origin)"
            )
        }
        return origins
    }

    func choice<Value>(_ name: String, _ values: [String: Value]) throws(Config.Fault) -> Value? {
        guard let text = text(name) else { return nil }
        guard let value = values[text] else {
            throw Config.Fault(
                "\(name) must be one of \(values.keys.sorted().joined(separator: ", ")), not \(text)")
        }
        return value
    }
}
