import Foundation
import Postgres

/// What a coverage goal asks of each municipality (domain.md, section 4).
enum Predicate: Sendable, Equatable {
    /// An accepted count names it as its area.
    case hasReport
    /// A service point there is in service.
    case hasServicePoint
    /// An organisation of it is party to an agreement in force.
    case hasAgreement
    /// It, or an organisation of it, has answered a survey's question so, or so among others.
    case survey(String, question: String, equals: JSONValue)

    /// Predicates that are a word.
    fileprivate static let words: KeyValuePairs<String, Predicate> = [
        "hasReport": .hasReport, "hasServicePoint": .hasServicePoint, "hasAgreement": .hasAgreement,
    ]

    /// The survey that it asks about.
    var survey: String? {
        guard case .survey(let survey, _, _) = self else { return nil }
        return survey
    }

    /// A word, or `{survey, question, equals}`; nil and faults when it is neither.
    static func read(_ input: inout ObjectInput) -> Predicate? {
        guard input.hasObject("predicate") else {
            let names = words.map { $0.key }.joined(separator: ", ")
            return input.value("predicate", rule: "one of \(names), or an object {survey, question, equals}")
            {
                value in
                words.first { .string($0.key) == value }?.value
            }
        }
        return input.object("predicate") { input in
            let survey = input.slug("survey", required: true)
            let question = input.text("question", limit: 80, required: true)
            let equals = input.value("equals", required: true, rule: "true, false, a number or a text") {
                $0.isScalar ? $0 : nil
            }
            guard let survey, let question, let equals else { return nil }
            return .survey(survey, question: question, equals: equals)
        } ?? nil
    }

    func write(to json: inout JSONWriter) {
        switch self {
        case .survey(let survey, let question, let equals):
            json.object { json in
                json.member("survey", survey)
                json.member("question", question)
                json.name("equals")
                json.value(equals)
            }
        default:
            json.value(Self.words.first { $0.value == self }?.key ?? "")
        }
    }
}

/// The column `predicate`, as JSON.
extension Predicate: ParameterConvertible, ColumnDecodable {
    var parameter: Parameter {
        var json = JSONWriter()
        write(to: &json)
        return json.text
    }

    init?(column text: String) {
        guard let value = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
        var input = ObjectInput(.object(["predicate": value]))
        guard let predicate = Self.read(&input), input.faults.isEmpty else { return nil }
        self = predicate
    }
}

extension JSONValue {
    /// Whether it is a text of reasonable length, a number that can be answered, true or false.
    fileprivate var isScalar: Bool {
        switch self {
        case .bool: true
        case .number(let number): GoalInput.figures.contains(number)
        case .string(let text): (1...200).contains(text.unicodeScalars.count)
        case .null, .array, .object: false
        }
    }
}

extension JSONWriter {
    /// Left out when nil.
    mutating func member(_ name: String, _ predicate: Predicate?) {
        guard let predicate else { return }
        self.name(name)
        predicate.write(to: &self)
    }
}
