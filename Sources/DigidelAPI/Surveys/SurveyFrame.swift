import Postgres

/// Who is asked by a survey.
enum SurveyFrame: Sendable, Equatable {
    /// All areas of a level in a country.
    case areas(Country, Level)
    case organisations([String])

    enum Level: String, Sendable, CaseIterable {
        case municipality, county
    }

    /// The most organisations that are listed.
    private static let limit = 1000
}

extension SurveyFrame {
    /// Nil, and faults, when it is none.
    init?(_ input: inout ObjectInput) {
        guard input.has("organisations") else {
            let country: Country? = input.choice("country", required: true)
            let level: Level? = input.choice("level")
            // Known, so that a null passes.
            input.ignore("organisations")
            guard let country else { return nil }
            self = .areas(country, level ?? .municipality)
            return
        }
        let organisations = input.list(
            "organisations", limit: Self.limit, required: true, rule: "an organisation's id", \.slug)
        for name in ["country", "level"] {
            if input.has(name) { input.fault(name, "Is not taken beside organisations.") }
            input.ignore(name)
        }
        guard let organisations else { return nil }
        self = .organisations(organisations)
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            switch self {
            case .areas(let country, let level):
                json.member("country", country.rawValue)
                json.member("level", level.rawValue)
            case .organisations(let organisations): json.member("organisations", organisations)
            }
        }
    }

    var references: [Reference?] {
        guard case .organisations(let organisations) = self else { return [] }
        return Reference.all(.organisation, organisations, "/frame/organisations")
    }
}

/// The column `frame`, as JSON.
extension SurveyFrame: ParameterConvertible, ColumnDecodable {
    var parameter: Parameter {
        var json = JSONWriter()
        write(to: &json)
        return json.text
    }

    init?(column text: String) {
        guard let value = JSONValue(column: text) else { return nil }
        var input = ObjectInput(value)
        self.init(&input)
    }
}
