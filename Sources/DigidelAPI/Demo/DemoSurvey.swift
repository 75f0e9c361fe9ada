import Foundation

/// The survey's view of Digidel2013, beside the one of what partners report: the two are never mixed. That it led from 1.7
/// million down to 1.2 million is published; what is observed between is invented, and says so.
enum DemoSurvey {
    static let id = "vuxna-utan-internetvana"

    static let indicator: JSONValue = [
        "id": .string(id),
        "name": [
            "sv": "Vuxna som sällan eller aldrig använder internet",
            "en": "Adults who rarely or never use the internet",
        ],
        "description": ["sv": "Observationerna är demosiffror.", "en": "The observations are demo figures."],
        "source": "Befolkningsundersökning", "unit": "people",
    ]

    static let observations: KeyValuePairs<String, JSONValue> = [
        "2011-12-31": observation(1_550_000), "2012-12-31": observation(1_350_000),
        "2013-12-31": observation(1_180_000),
    ]

    static let goal: JSONValue = [
        "id": "digidel2013-befolkning",
        "name": ["sv": "Från 1,7 till 1,2 miljoner utanför", "en": "From 1.7 to 1.2 million outside"],
        "description": ["sv": "Bedömt efter demosiffror.", "en": "Judged by demo figures."],
        "campaign": "digidel2013", "kind": "stock", "indicator": .string(id), "direction": "down",
        "baseline": ["value": 1_700_000], "target": 1_200_000,
    ]

    private static func observation(_ value: Int) -> JSONValue {
        .object(["value": .number(.init(value)), "source": .string(DemoFigures.surveyNote)])
    }
}
