import Foundation

/// eMedborgarveckan every October, and Get Online Week every spring.
extension Demo {
    func loadCampaignWeeks() async throws {
        try await create("campaign-series", Self.weekSeries)
        try await create("campaigns", Self.weeks)
        try await report(Self.publishedTotals)
        try await create("goals", [Self.interactionGoal])
    }

    private static let weekSeries: [JSONValue] = [
        [
            "id": "emedborgarveckan", "name": ["sv": "eMedborgarveckan", "en": "eCitizen Week"],
            "description": ["sv": "Varje oktober.", "en": "Every October."],
        ],
        [
            "id": "get-online-week", "name": ["en": "Get Online Week"],
            "description": ["sv": "Varje vår i hela Europa.", "en": "Every spring, all over Europe."],
        ],
    ]

    private static let weeks: [JSONValue] = [
        emedborgarveckan(year: 2015, from: "2015-10-05", to: "2015-10-11", measures: ["attendances"]),
        emedborgarveckan(
            year: 2016, from: "2016-10-03", to: "2016-10-09", measures: ["attendances", "reached"]),
        [
            "id": "get-online-week-2017", "series": "get-online-week",
            "name": ["en": "Get Online Week 2017"],
            "startsOn": "2017-03-27", "endsOn": "2017-04-02", "countries": ["se", "no", "dk"],
            "organiser": "digidel-kansli", "measures": ["attendances", "reached"],
        ],
    ]

    /// 2015: about 300 actors, nearly 16 000 people. 2016: more than 170 actors, more than 20 000 participants, of
    /// which about 15 000 were digital interactions. Kept apart by measure, as they must be.
    private static let publishedTotals: [JSONValue] = [
        total(year: 2015, "attendances", 16_000, from: "2015-10-05", to: "2015-10-11", channel: "onSite"),
        total(year: 2016, "attendances", 5_000, from: "2016-10-03", to: "2016-10-09", channel: "onSite"),
        total(year: 2016, "reached", 15_000, from: "2016-10-03", to: "2016-10-09", channel: "remote"),
    ]

    private static let interactionGoal: JSONValue = [
        "id": "emedborgarveckan-2016",
        "name": ["sv": "12 000 digitala möten på en vecka", "en": "12,000 digital interactions in a week"],
        "description": ["sv": "Ett demomål.", "en": "A demo goal."], "campaign": "emedborgarveckan-2016",
        "kind": "contribution", "measure": "reached", "target": 12_000,
    ]

    private static func emedborgarveckan(
        year: Int, from: String, to: String, measures: [String]
    ) -> JSONValue {
        [
            "id": .string("emedborgarveckan-\(year)"), "series": "emedborgarveckan",
            "name": ["sv": .string("eMedborgarveckan \(year)"), "en": .string("eCitizen Week \(year)")],
            "startsOn": .string(from), "endsOn": .string(to), "countries": ["se"],
            "organiser": "digidel-kansli", "measures": .array(measures.map(JSONValue.string)),
        ]
    }

    private static func total(
        year: Int, _ measure: String, _ value: Int, from: String, to: String, channel: String
    ) -> JSONValue {
        [
            "organisation": "digidel-kansli", "campaign": .string("emedborgarveckan-\(year)"),
            "measure": .string(measure), "value": .number(.init(value)), "from": .string(from),
            "to": .string(to), "area": "se", "channel": .string(channel),
            "externalId": .string("published-\(year)-\(measure)"),
            "note": "Published total of the whole week, rounded as published.",
        ]
    }
}
