import Foundation
import Postgres

/// What was answered to a survey: shares with what they are shares of (domain.md, section 5).
struct SurveySummary {
    /// How many have answered a question so; nil stands for any text.
    struct Tally: Sendable {
        let answer: JSONValue?
        let responses: Int
    }

    /// How often what occurs, in one snapshot.
    struct Tallies: Sendable {
        var states: [SurveyResponse.State: Int] = [:]
        /// Of what was submitted, by question.
        var answers: [String: [Tally]] = [:]
    }

    private let survey: Survey
    private let tallies: Tallies
    /// How many were asked.
    private let frame: Int
    private let excluded: Int
    private let submitted: Int
    /// N: who should have answered.
    private var expected: Int { frame - excluded }

    init(_ survey: Survey, _ tallies: Tallies) {
        self.survey = survey
        self.tallies = tallies
        frame = tallies.states.values.reduce(0, +)
        excluded = tallies.states[.excluded] ?? 0
        submitted = tallies.states[.submitted] ?? 0
    }

    func write(to json: inout JSONWriter, as representation: Representation) {
        json.object { json in
            json.member("survey", survey.id)
            json.member("frame", frame)
            json.member("excluded", excluded)
            json.member("submitted", submitted)
            json.member("responseRate", Share(submitted, of: expected))
            json.name("questions")
            json.array(survey.content.questions) { json, question in
                json.object { json in
                    question.writeHead(to: &json, in: representation.language)
                    write(question, to: &json)
                }
            }
            let item = representation.baseURL + survey.path
            json.links(["self": "\(item)/summary", "item": item])
        }
    }

    /// Every stored answer is valid and inside its question's base, or it would have been refused.
    private func write(_ question: Question, to json: inout JSONWriter) {
        let tallies = tallies.answers[question.id] ?? []
        let answers = tallies.reduce(0) { $0 + $1.responses }
        json.member("base", question.onlyIf.map(base))
        json.member("answers", answers)
        switch question.kind {
        case .yesNo:
            let positive = tallies.count { $0 == .bool(true) }
            json.member("positive", positive)
            json.member("shareOfAnswers", Share(positive, of: answers))
            guard question.onlyIf == nil else { return }
            json.member("shareOfFrame") { json in
                // As if who is silent all said no, and as if they all said yes.
                json.member("lower", Share(positive, of: expected))
                json.member("upper", Share(positive + expected - answers, of: expected))
            }
        case .choice, .multiChoice:
            json.name("options")
            json.array(question.options) { json, option in
                let condition = Question.Condition(question: question.id, equals: .string(option))
                let count = tallies.count(where: condition.isMet)
                json.object { json in
                    json.member("option", option)
                    json.member("count", count)
                    json.member("share", Share(count, of: answers))
                }
            }
        case .number:
            let numbers = tallies.numbers
            json.nullable("q1", numbers.quartile(1))
            json.nullable("median", numbers.quartile(2))
            json.nullable("q3", numbers.quartile(3))
        case .text: break
        }
    }

    /// How many were asked a question that is asked only of some.
    private func base(of condition: Question.Condition) -> Int {
        (tallies.answers[condition.question] ?? []).count(where: condition.isMet)
    }
}

extension [SurveySummary.Tally] {
    fileprivate func count(where isWanted: (JSONValue?) -> Bool) -> Int {
        reduce(0) { $0 + (isWanted($1.answer) ? $1.responses : 0) }
    }

    /// The numbers that were answered, the least first.
    fileprivate var numbers: [Decimal] {
        flatMap { tally -> [Decimal] in
            guard case .number(let number) = tally.answer else { return [] }
            return Array<Decimal>(repeating: number, count: tally.responses)
        }.sorted()
    }
}

extension [Decimal] {
    /// The value that so many quarters of the sorted values are not above, between two of them where it falls there, as by
    /// `percentile_cont`; nil without values.
    fileprivate func quartile(_ number: Int) -> Decimal? {
        guard !isEmpty else { return nil }
        let (place, quarters) = (number * (count - 1)).quotientAndRemainder(dividingBy: 4)
        let next = self[Swift.min(place + 1, count - 1)]
        return self[place] + (next - self[place]) * Decimal(quarters) / 4
    }
}

extension Queryable {
    /// What the respondents to a survey have answered, and how many have.
    func tallies(of survey: Survey) async throws(PostgresError) -> SurveySummary.Tallies {
        // Of texts it is only told how many there are.
        let texts = survey.content.questions.filter { $0.kind == .text }.map(\.id)
        let rows = try await query(
            """
            select null as question, state, null as answer, count(*) as responses
            from survey_responses where survey = \(survey.id) group by state
            union all
            select question, null, case when question = any(\(texts)) then null else answer end, count(*)
            from survey_responses cross join jsonb_each(answers) as given (question, answer)
            where survey = \(survey.id) and state = 'submitted'
            group by 1, 3
            """)
        var tallies = SurveySummary.Tallies()
        for row in rows {
            let responses: Int = try row.get("responses")
            guard let question: String = try row.get("question") else {
                tallies.states[try row.get("state")] = responses
                continue
            }
            let tally = SurveySummary.Tally(answer: try row.get("answer"), responses: responses)
            tallies.answers[question, default: []].append(tally)
        }
        return tallies
    }
}
