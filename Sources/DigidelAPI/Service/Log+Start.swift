extension Log {
    /// Says what has been started, and how: versions and the settings that were given. What they keep secret is not told.
    package func started(_ config: Config, postgres: String?, schema: String?) {
        info("started") { json in
            json.member("version", APIInfo.version)
            json.member("swift", APIInfo.swiftVersion)
            json.member("postgresql", postgres)
            json.member("schema", schema)
            json.member("settings") { json in
                for (name, value) in config.given { json.member(name, value) }
            }
        }
    }
}
