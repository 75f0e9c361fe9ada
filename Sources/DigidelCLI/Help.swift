import DigidelAPI

/// What `digidel help` prints.
enum Help {
    static let text = """
        Digidel API \(APIInfo.version): counts, campaigns and goals of a digital-inclusion network.

        digidel serve                 migrate, then serve until SIGTERM or Ctrl-C
        digidel migrate [--status]    apply or list the database's migrations
        digidel demo                  load demo data; safe to repeat
        digidel keys create --role partner|coordinator|admin [--organisation ID] [--label TEXT] [--expires INSTANT]
        digidel keys list
        digidel keys revoke ID
        digidel version
        digidel help

        Settings are environment variables:

        \(settings)
        """

    private static var settings: String {
        let width = (Config.help.map(\.name.count).max() ?? 0) + 2
        return Config.help.map { setting in
            let name = setting.name + String(repeating: " ", count: width - setting.name.count)
            return name + setting.meaning + (setting.value.isEmpty ? "" : " (\(setting.value))")
        }.joined(separator: "\n")
    }
}
