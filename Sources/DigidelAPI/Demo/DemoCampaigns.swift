import Foundation

/// The campaigns of the demo, with the dates and totals that were published.
enum DemoCampaigns {
    static let iktLyftet: JSONValue = [
        "id": "ikt-lyftet", "name": ["sv": "IKT-lyftet"],
        "description": ["sv": "Nationellt projekt med lokala projekt i länen, 2009–2011."],
        "startsOn": "2009-09-01", "endsOn": "2011-05-31", "countries": ["se"], "organiser": "digidel-kansli",
        "measures": ["attendances"], "funding": [["funder": "Statligt bidrag"]],
    ]

    static let digidel2013: JSONValue = [
        "id": "digidel2013", "name": ["sv": "Digidel2013", "en": "Digidel 2013"],
        "description": [
            "sv": "500 000 fler digitalt delaktiga till slutet av 2013. Siffrorna här är demosiffror.",
            "en": "500 000 more digitally included by the end of 2013. The figures here are demo figures.",
        ],
        "startsOn": "2011-01-01", "endsOn": "2013-12-31", "countries": ["se"], "organiser": "digidel-kansli",
        "predecessor": "ikt-lyftet", "measures": ["newlyIncluded", "attendances"],
    ]

    static let goal: JSONValue = [
        "id": "digidel2013",
        "name": ["sv": "500 000 fler digitalt delaktiga", "en": "500 000 more digitally included"],
        "description": ["sv": "Räknat på demosiffror.", "en": "Computed from demo figures."],
        "campaign": "digidel2013", "kind": "contribution", "measure": "newlyIncluded", "direction": "up",
        "baseline": ["value": 0], "target": 500_000,
    ]

    static let series: JSONValue = [
        "id": "emedborgarveckan", "name": ["sv": "eMedborgarveckan", "en": "eCitizen Week"],
        "description": ["sv": "Varje oktober.", "en": "Every October."],
    ]

    static let editions: [JSONValue] = [
        edition(year: 2015, from: "2015-10-05", to: "2015-10-11", measures: ["attendances"]),
        edition(year: 2016, from: "2016-10-03", to: "2016-10-09", measures: ["attendances", "reached"]),
    ]

    /// 2015: about 300 actors, nearly 16 000 people. 2016: more than 170 actors, more than 20 000 participants, of
    /// which about 15 000 were digital interactions. Kept apart by measure, as they must be.
    static let publishedTotals: [JSONValue] = [
        total(year: 2015, "attendances", 16_000, from: "2015-10-05", to: "2015-10-11", channel: "onSite"),
        total(year: 2016, "attendances", 5_000, from: "2016-10-03", to: "2016-10-09", channel: "onSite"),
        total(year: 2016, "reached", 15_000, from: "2016-10-03", to: "2016-10-09", channel: "remote"),
    ]

    private static func edition(year: Int, from: String, to: String, measures: [String]) -> JSONValue {
        .object([
            "id": .string("emedborgarveckan-\(year)"), "series": "emedborgarveckan",
            "name": ["sv": .string("eMedborgarveckan \(year)"), "en": .string("eCitizen Week \(year)")],
            "startsOn": .string(from), "endsOn": .string(to), "countries": ["se"],
            "organiser": "digidel-kansli",
            "measures": .array(measures.map(JSONValue.string)),
        ])
    }

    private static func total(
        year: Int, _ measure: String, _ value: Int, from: String, to: String, channel: String
    ) -> JSONValue {
        .object([
            "organisation": "digidel-kansli", "campaign": .string("emedborgarveckan-\(year)"),
            "measure": .string(measure), "value": .number(.init(value)), "from": .string(from),
            "to": .string(to),
            "area": "se", "channel": .string(channel), "externalId": .string("published-\(year)-\(measure)"),
            "note": "Published total of the whole week, rounded as published.",
        ])
    }
}
