import Testing

@testable import DigidelAPI

@Suite struct ConfigTests {
    private func fault(_ environment: [String: String]) throws -> String? {
        do {
            _ = try Config(environment: environment)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func nothingNeedsToBeSet() throws {
        for environment in [
            [:], ["HOST": "", "PORT": "", "PUBLIC_URL": "", "MIGRATE": "", "DIGIDEL_ADMIN_KEY": ""],
        ] {
            let config = try Config(environment: environment)
            #expect(config.host == "127.0.0.1" && config.port == 8080)
            #expect(config.publicURL == "http://127.0.0.1:8080/v1")
            #expect(config.databaseURL == nil && config.adminKey == nil && config.postgresPrograms == nil)
            #expect(config.migratesAtStart && config.logLevel == .info)
        }
    }

    @Test func everySettingIsRead() throws {
        let config = try Config(environment: [
            "HOST": "0.0.0.0", "PORT": "80", "PUBLIC_URL": "https://api.example.se/digidel/v1",
            "DATABASE_URL": "postgres://x/y",
            "DATA_DIR": "/data", "PG_BIN": "/pg/bin", "POSTGRES_OS_USER": "pg", "DATABASE_CONNECTIONS": "7",
            "MIGRATE": "off",
            "DIGIDEL_ADMIN_KEY": "01234567890123456789012345678901", "LOG_LEVEL": "debug",
            "DRAIN_SECONDS": "1",
            "HEADER_TIMEOUT": "2", "IDLE_TIMEOUT": "3", "BODY_TIMEOUT": "4", "MAX_BODY": "5000",
            "MAX_CONNECTIONS": "6", "MAX_STREAMS": "5", "MAX_STREAMS_PER_ADDRESS": "4",
            "MAX_STREAMS_PER_KEY": "3", "RATE_LIMIT": "7/10", "RATE_LIMIT_ANONYMOUS": "off",
            "CORS_ORIGINS": "https://a.example, http://127.0.0.1:5173",
        ])
        #expect(config.host == "0.0.0.0" && config.port == 80)
        #expect(config.publicURL == "https://api.example.se/digidel/v1")
        #expect(config.databaseURL == "postgres://x/y" && config.dataDirectory == "/data")
        #expect(
            config.postgresPrograms == "/pg/bin" && config.postgresUser == "pg"
                && config.databaseConnections == 7)
        #expect(!config.migratesAtStart && config.logLevel == .debug)
        #expect(config.adminKey == "01234567890123456789012345678901")
        #expect(
            config.drainSeconds == 1 && config.headerTimeout == 2 && config.idleTimeout == 3
                && config.bodyTimeout == 4)
        #expect(config.maxBody == 5000 && config.maxConnections == 6)
        #expect(
            config.maxStreams == 5 && config.maxStreamsPerAddress == 4 && config.maxStreamsPerKey == 3)
        #expect(config.rateLimit == Quota(requests: 7, seconds: 10) && config.rateLimitAnonymous == nil)
        #expect(config.corsOrigins == ["https://a.example", "http://127.0.0.1:5173"])
    }

    @Test(arguments: [
        "600", "600/", "/60", "0/60", "600/0", "-1/60", "600/86401", "600/60/1", "none", "600 / 60",
    ])
    func aQuotaThatIsNoneIsRefused(_ text: String) {
        for name in ["RATE_LIMIT", "RATE_LIMIT_ANONYMOUS"] {
            #expect(throws: Config.Fault.self) { try Config(environment: [name: text]) }
        }
    }

    @Test func theOwnerMigratesIfThereIsOne() throws {
        #expect(try Config(environment: ["DATABASE_URL": "postgres://x/y"]).migrationDatabaseURL == nil)
        let both = ["DATABASE_URL": "postgres://x/y", "MIGRATION_DATABASE_URL": "postgres://owner@x/y"]
        #expect(try Config(environment: both).migrationDatabaseURL == "postgres://owner@x/y")
        let alone = try #require(try fault(["MIGRATION_DATABASE_URL": "postgres://owner@x/y"]))
        #expect(alone.hasPrefix("MIGRATION_DATABASE_URL needs DATABASE_URL"))
    }

    @Test func streamsLeaveRoomForRequests() throws {
        #expect(try Config(environment: [:]).maxStreams == 8000)
        #expect(try Config(environment: ["MAX_CONNECTIONS": "100"]).maxStreams == 80)
    }

    @Test(arguments: [
        ("PORT", 0, 65535), ("DATABASE_CONNECTIONS", 1, 1000), ("DRAIN_SECONDS", 0, 3600),
        ("HEADER_TIMEOUT", 1, 3600),
        ("IDLE_TIMEOUT", 2, 3600), ("BODY_TIMEOUT", 1, 3600), ("MAX_BODY", 1024, 1_073_741_824),
        ("MAX_CONNECTIONS", 1, 1_000_000), ("MAX_STREAMS", 0, 1_000_000),
        ("MAX_STREAMS_PER_ADDRESS", 1, 1_000_000), ("MAX_STREAMS_PER_KEY", 1, 1_000_000),
    ])
    func aNumberHasItsBounds(name: String, least: Int, most: Int) throws {
        #expect(try fault([name: "\(least)"]) == nil)
        #expect(try fault([name: "\(most)"]) == nil)
        for text in ["\(least - 1)", "\(most + 1)", "a", " 1", "1.5", "1e3", "99999999999999999999", "ten"] {
            #expect(
                try fault([name: text])
                    == "\(name) must be a whole number from \(least) to \(most), not \(text)")
        }
    }

    @Test(arguments: [
        ("MIGRATE", "yes", "off, on"), ("MIGRATE", "OFF", "off, on"),
        ("LOG_LEVEL", "warning", "debug, error, info"),
    ])
    func aChoiceNamesWhatThereIs(name: String, text: String, choices: String) throws {
        #expect(try fault([name: text]) == "\(name) must be one of \(choices), not \(text)")
    }

    @Test func theAdminKeyIsNotShortAndNotInTheMessage() throws {
        let short = String(repeating: "k", count: 31)
        #expect(
            try fault(["DIGIDEL_ADMIN_KEY": short]) == "DIGIDEL_ADMIN_KEY must have at least 32 characters")
        #expect(try fault(["DIGIDEL_ADMIN_KEY": short + "k"]) == nil)
    }

    @Test func theAdminKeyCanBeSent() throws {
        let message = "DIGIDEL_ADMIN_KEY must have no blanks and at most 512 characters"
        #expect(try fault(["DIGIDEL_ADMIN_KEY": String(repeating: "k ", count: 20)]) == message)
        #expect(try fault(["DIGIDEL_ADMIN_KEY": String(repeating: "k", count: 513)]) == message)
        #expect(try fault(["DIGIDEL_ADMIN_KEY": String(repeating: "k", count: 512)]) == nil)
    }

    @Test(arguments: [
        "http://localhost:8080/v1", "https://api.example.se/v1", "https://api.example.se/digidel/v1",
        "http://[::1]:8080/v1",
        "https://xn--rksmrgs-5wao1o.example/v1", "http://127.0.0.1:0/v1",
    ])
    func aPublicURLIsTakenAsItIs(url: String) throws {
        #expect(try Config(environment: ["PUBLIC_URL": url]).publicURL == url)
    }

    @Test(arguments: [
        "/v1", "v1", "api.example.se/v1", "ftp://api.example.se/v1", "https:///v1", "https://api.example.se",
        "https://api.example.se/",
        "https://api.example.se/v1/", "https://api.example.se/v2", "https://api.example.se/xv1",
        "https://api.example.se/V1",
        "https://api.example.se/v1?x=1", "https://api.example.se/v1?/v1", "https://api.example.se/v1#x",
        "https://api.example.se/#/v1",
        "https://user@api.example.se/v1", "https://user:secret@api.example.se/v1",
        "https://api example.se/v1",
        "https://api.example.se/a b/v1", "https://api.example.se/\"/v1", "https://api.example.se/å/v1",
        "https://api.example.se/v1\n",
    ])
    func aPublicURLThatLinksCannotBeBuiltFromIsRefused(url: String) throws {
        let message = "PUBLIC_URL must be an http or https URL that ends in /v1, without a slash after it"
        #expect(try fault(["PUBLIC_URL": url]) == message)
    }

    @Test(arguments: [
        ("0.0.0.0", "9000", "http://0.0.0.0:9000/v1"), ("::1", "8080", "http://[::1]:8080/v1"),
        ("::", "80", "http://[::]:80/v1"),
        ("localhost", "8080", "http://localhost:8080/v1"),
    ])
    func thePublicURLFollowsHostAndPort(host: String, port: String, url: String) throws {
        #expect(try Config(environment: ["HOST": host, "PORT": port]).publicURL == url)
    }

    @Test(arguments: [",", " , "]) func aListOfNoHostIsRefused(host: String) throws {
        #expect(try fault(["HOST": host]) == "HOST must name an address such as 127.0.0.1")
    }

    @Test func otherVariablesAreIgnored() throws {
        #expect(try fault(["PATH": "/bin", "port": "x", "DIGIDEL_PORT": "x", "MAX_BODY_": "x"]) == nil)
    }

    @Test func helpListsEverySettingWithItsDefault() throws {
        let names = Config.help.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(Config.help.allSatisfy { !$0.meaning.isEmpty })
        let defaults = Dictionary(uniqueKeysWithValues: Config.help.map { ($0.name, $0.value) })
        // These three depend on others.
        let environment = defaults.merging(["PUBLIC_URL": "", "PUBLISHER_URL": "", "SECURITY_CONTACT": ""]) {
            $1
        }
        #expect(try members(Config(environment: environment)) == members(Config(environment: [:])))
    }

    /// A configuration's members, but for the list of what was given.
    private func members(_ config: Config) -> [String] {
        Mirror(reflecting: config).children.filter { $0.label != "given" }.map {
            "\($0.label ?? ""): \($0.value)"
        }
    }
}
