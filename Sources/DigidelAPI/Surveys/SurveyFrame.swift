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
        // Known, so that they are told as what they are (`mixFaults`).
        input.ignore("country", "level")
        guard let organisations else { return nil }
        self = .organisations(organisations)
    }

    /// Areas are not asked beside organisations; `input` is of the survey.
    static func mixFaults(_ input: ObjectInput) -> [Fault] {
        var (input, faults) = (input, [Fault]())
        guard input.hasObject("frame") else { return [] }
        _ = input.object("frame") { frame in
            guard frame.has("organisations") else { return }
            faults = ["country", "level"].filter { frame.has($0) }.map {
                Fault("/frame/\($0)", "malformed", "Is not taken beside organisations.")
            }
        }
        return faults
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
