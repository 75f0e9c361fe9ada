package import Postgres

/// What one respondent, an area or an organisation according to the survey's frame, has answered (domain.md, section 5).
package struct SurveyResponse: Resource {
    package static let collection = "responses"
    /// Each is asked once, so the respondent tells a survey's responses apart.
    package var id: String { respondent }
    package var revision: Int? { record.revision }
    /// The name is the organisation's, which may be given another.
    package var phase: String? { organisationRevision.map(String.init) }
    package var path: String { "/\(Survey.collection)/\(survey)/\(Self.collection)/\(respondent)" }
    let survey: String
    let respondent: String
    let name: LocalisedText
    let organisationRevision: Int?
    let content: SurveyResponseContent
    let record: Record

    package enum State: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case invited, started, submitted, declined, excluded
    }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("survey", survey)
        json.member("respondent", respondent)
        json.member("name", name, in: representation.language)
        json.member("state", content.state.rawValue)
        json.name("answers")
        json.value(.object(content.answers.values))
        json.member("reason", content.reason)
        json.members(record)
    }
}

/// What is said in a response.
struct SurveyResponseContent: Sendable, Equatable {
    let state: SurveyResponse.State
    let answers: Answers
    /// Why the respondent should not have been asked.
    let reason: String?

    private static let writable: [SurveyResponse.State] = [.started, .submitted, .declined, .excluded]

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        input.ignore("survey", "respondent", "name", "createdAt", "updatedAt", "revision", "_links")
        let states = Self.writable.map(\.rawValue).joined(separator: ", ")
        state =
            input.value("state", rule: "one of \(states)") { value in
                Self.writable.first { value == .string($0.rawValue) }
            } ?? .submitted
        answers =
            input.value("answers", rule: "an object of answers by the questions' ids", Answers.init)
            ?? Answers(values: [:])
        reason = input.text("reason", limit: 500)
        try input.finish()
    }

    /// The rules for a response to these questions.
    func ruleFaults(_ questions: [Question]) -> [Fault] {
        var faults = personalDataFaults(.at("/reason", reason))
        if state == .excluded, reason == nil {
            faults.append(Fault("/reason", "reasonMissing", "Say why the respondent is excluded."))
        }
        if state != .excluded, reason != nil {
            faults.append(Fault("/reason", "reasonNotTaken", "Only who is excluded has a reason."))
        }
        if state == .declined || state == .excluded, !answers.values.isEmpty {
            faults.append(
                Fault("/answers", "answersNotTaken", "Who is \(state.rawValue) has answered nothing."))
        }
        return faults + answers.ruleFaults(questions)
    }

    var stored: ColumnValues { ["state": state, "answers": answers, "reason": reason] }
}

/// Answers by the questions' ids, without blanks.
struct Answers: Sendable, Equatable {
    let values: [String: JSONValue]

    init(values: [String: JSONValue]) {
        self.values = values
    }

    /// Nil when it is no object.
    init?(_ value: JSONValue) {
        guard case .object(let members) = value else { return nil }
        values = members.filter { $0.value != .null }
    }

    /// The rules for answers to these questions.
    func ruleFaults(_ questions: [Question]) -> [Fault] {
        let asked = Set(questions.map(\.id))
        var faults = values.keys.filter { !asked.contains($0) }.sorted().map { id in
            Fault(Self.pointer(to: id), "unknownQuestion", "The survey has no question \(id).")
        }
        for question in questions {
            guard let answer = values[question.id] else { continue }
            let pointer = Self.pointer(to: question.id)
            if let fault = question.fault(inAnswer: answer, at: pointer) { faults.append(fault) }
            if question.kind == .text { faults += personalDataFaults(.at(pointer, answer.text)) }
            if let condition = question.onlyIf, !condition.isMet(by: values[condition.question]) {
                faults.append(
                    Fault(
                        pointer, "answerOutsideBase",
                        "Is asked only of those who have answered \(condition.question) so; leave it blank."))
            }
        }
        return faults
    }

    private static func pointer(to question: String) -> String { "/answers/\(question.pointerToken)" }
}

extension SurveyResponse: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        survey = try row.get("survey")
        respondent = try row.get("respondent")
        name = try row.get("name")
        organisationRevision = try row.get("organisation_revision")
        content = try SurveyResponseContent(row: row)
        record = try Record(row: row)
    }
}

extension SurveyResponseContent: RowDecodable {
    init(row: Row) throws(PostgresError) {
        state = try row.get("state")
        answers = try row.get("answers")
        reason = try row.get("reason")
    }
}

/// The column `answers`, as JSON.
extension Answers: ParameterConvertible, ColumnDecodable {
    var parameter: Parameter {
        var json = JSONWriter()
        json.value(.object(values))
        return json.text
    }

    init?(column text: String) {
        guard let value = JSONValue(column: text) else { return nil }
        self.init(value)
    }
}
