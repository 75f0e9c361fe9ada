import DigidelAPI
import Postgres

/// `digidel demo`: loads the demo data through the API itself; safe to repeat.
struct LoadDemo {
    let config: Config

    func run() async throws {
        var config = config
        let adminKey = Key.newSecret()
        config.adminKey = adminKey
        let log = Log(level: .error)
        try await Database.use(config) { [config] pool in
            let app = App(database: pool, config: config, caches: Caches(), log: log)
            try await Demo(app, adminKey: adminKey).load()
            await app.finish()
        }
        print(
            "The demo data is there: IKT-lyftet, Digidel2013, Digihjelpen, the libraries of Stockholm, the Digidel network, "
                + "the campaign weeks and IT for all.")
    }
}
