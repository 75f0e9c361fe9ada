import Foundation

/// Digidel2013: its goal with invented reports, and the survey's view beside it.
extension Demo {
    func loadDigidel2013() async throws {
        let reporters = try await reporters()
        try await create("campaigns", [Self.digidel2013])
        try await create("goals", [Self.newlyIncludedGoal])
        try await create("indicators", [DemoSurvey.indicator])
        for (date, observation) in DemoSurvey.observations {
            try await put("indicators/\(DemoSurvey.id)/observations/\(date)", observation)
        }
        try await create("goals", [DemoSurvey.goal])
        try await report(
            reporters.enumerated().flatMap { number, reporter in
                DemoFigures.reports(number: number, population: reporter.population).map {
                    Self.count($0, by: reporter)
                }
            })
    }

    private struct Reporter {
        let id: String
        let area: String
        let population: Int
    }

    /// The libraries of the three largest municipalities of every county.
    private func reporters() async throws -> [Reporter] {
        var reporters: [Reporter] = []
        var perCounty: [String: Int] = [:]
        for place in try await municipalities(of: "se") where perCounty[place.parent, default: 0] < 3 {
            perCounty[place.parent, default: 0] += 1
            guard let slug = Slug.derived(from: place.name) else { continue }
            let id = "\(slug)-bibliotek"
            try await create(
                "organisations",
                [
                    [
                        "id": .string(id), "kind": "library", "area": .string(place.area),
                        "name": [
                            "sv": .string("\(place.name) bibliotek"), "en": .string("\(place.name) library"),
                        ],
                    ]
                ])
            reporters.append(Reporter(id: id, area: place.area, population: place.population))
        }
        return reporters
    }

    private static func count(_ report: DemoFigures.Report, by reporter: Reporter) -> JSONValue {
        [
            "organisation": .string(reporter.id), "campaign": "digidel2013", "measure": "newlyIncluded",
            "value": .number(.init(report.value)), "from": .string("\(report.from)"),
            "to": .string("\(report.to)"), "area": .string(reporter.area), "channel": "onSite",
            "evidence": "guideAssessed", "externalId": .string(report.externalID),
            "note": .string(DemoFigures.note),
        ]
    }

    private static let digidel2013: JSONValue = [
        "id": "digidel2013", "name": ["sv": "Digidel2013", "en": "Digidel 2013"],
        "description": [
            "sv": "500 000 fler digitalt delaktiga till slutet av 2013. Siffrorna här är demosiffror.",
            "en": "500,000 more digitally included by the end of 2013. The figures here are demo figures.",
        ],
        "startsOn": "2011-01-01", "endsOn": "2013-12-31", "countries": ["se"], "organiser": "digidel-kansli",
        "predecessor": "ikt-lyftet", "measures": ["newlyIncluded", "attendances"],
    ]

    private static let newlyIncludedGoal: JSONValue = [
        "id": "digidel2013",
        "name": ["sv": "500 000 fler digitalt delaktiga", "en": "500,000 more digitally included"],
        "description": ["sv": "Räknat på demosiffror.", "en": "Computed from demo figures."],
        "campaign": "digidel2013", "kind": "contribution", "measure": "newlyIncluded", "direction": "up",
        "baseline": ["value": 0], "target": 500_000,
    ]
}
