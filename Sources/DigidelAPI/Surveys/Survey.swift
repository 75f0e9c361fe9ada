package import Postgres

/// Questions to municipalities, counties or organisations, never to persons (domain.md, section 5).
package struct Survey: Resource {
    package static let collection = "surveys"
    package let id: String
    package var revision: Int? { record.revision }
    let content: SurveyInput
    let openedAt: Instant?
    let closedAt: Instant?
    let publishedAt: Instant?
    let record: Record

    package enum State: String, Sendable, CaseIterable, ParameterConvertible {
        case draft, open, closed, published
    }

    /// How far its acts have brought it.
    var state: State {
        if openedAt == nil { return .draft }
        if closedAt == nil { return .open }
        return publishedAt == nil ? .closed : .published
    }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("title", content.title, in: representation.language)
        json.name("frame")
        content.frame.write(to: &json)
        json.name("questions")
        json.array(content.questions) { json, question in
            question.write(to: &json, in: representation.language)
        }
        json.member("state", state.rawValue)
        json.member("openedAt", openedAt)
        json.member("closedAt", closedAt)
        json.member("publishedAt", publishedAt)
        json.members(record)
    }
}

/// What a coordinator says of a survey.
struct SurveyInput: CheckedInput {
    let title: LocalisedText
    let frame: SurveyFrame
    let questions: [Question]
    private let frameFaults: [Fault]

    /// Throws `.malformed` with everything that is wrong. In what a patch was merged into, a frame of two kinds is a rule
    /// that it breaks (`ruleFaults`): the patch itself may have been as a patch can be.
    init(_ input: inout ObjectInput, isMerged: Bool = false) throws(APIError) {
        let mixFaults = SurveyFrame.mixFaults(input)
        let title = input.localised("title", limit: 300, required: true)
        let frame = input.object("frame", required: true, SurveyFrame.init) ?? nil
        questions = input.objects("questions", required: true, Question.init)
        if !isMerged { input.add(mixFaults) }
        try input.finish()
        guard let title, let frame else { throw .malformed(input.faults) }
        self.title = title
        self.frame = frame
        frameFaults = mixFaults
    }

    var references: [Reference?] { frame.references }
    var texts: [PlacedText] { .at("/title", title) + questions.texts }
    var ruleFaults: [Fault] { frameFaults + questions.ruleFaults }

    var stored: ColumnValues {
        ["title": title, "frame": frame, "questions": JSONList(questions)]
    }
}

extension Survey: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        content = try SurveyInput(row: row)
        openedAt = try row.get("opened_at")
        closedAt = try row.get("closed_at")
        publishedAt = try row.get("published_at")
        record = try Record(row: row)
    }
}

extension SurveyInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        title = try row.get("title")
        frame = try row.get("frame")
        questions = try row.list("questions")
        frameFaults = []
    }
}

/// What is done to a survey; each once, in this order (decisions.md, 3).
enum SurveyAct {
    /// Asks everybody in the frame.
    case open
    /// Takes no more answers.
    case close
    /// Shows the summary to everybody.
    case publish

    /// The state that a survey must be in.
    var from: Survey.State {
        switch self {
        case .open: .draft
        case .close: .open
        case .publish: .closed
        }
    }
}
