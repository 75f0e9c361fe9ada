import Foundation
import Testing

@testable import DigidelAPI

@Suite struct SurveySummaryTests {
    /// The summary of a survey with these questions.
    private func summary(
        _ questions: JSONValue, states: [SurveyResponse.State: Int],
        answers: [String: [(JSONValue, Int)]] = [:]
    ) throws -> JSONValue {
        var input = ObjectInput(["title": "Enkät", "frame": ["country": "se"], "questions": questions])
        let survey = Survey(
            id: "library-2017", content: try SurveyInput(&input), openedAt: .now, closedAt: nil,
            publishedAt: nil, record: Record(createdAt: .now, updatedAt: .now, revision: 2))
        let tallies = SurveySummary.Tallies(
            states: states,
            answers: answers.mapValues { tallies in
                tallies.map { .init(answer: $0 == .null ? nil : $0, responses: $1) }
            })
        let json = written { json in
            SurveySummary(survey, tallies).write(
                to: &json,
                as: Representation(baseURL: TestApp.baseURL, language: .sv, hasKey: false))
        }
        return try JSONValue(parsing: Array(json.utf8))
    }

    private func share(_ numerator: Int, _ denominator: Int, _ percent: String?) -> JSONValue {
        [
            "numerator": .number(Decimal(numerator)), "denominator": .number(Decimal(denominator)),
            "percent": percent.map(JSONValue.exactly) ?? .null,
        ]
    }

    private static let program: JSONValue = ["id": "program", "type": "yesNo", "text": "Program?"]

    /// The library survey of spring 2017 (domain.md, section 5).
    @Test func theExampleOfTheDomainModel() throws {
        let summary = try summary(
            [Self.program], states: [.submitted: 264, .invited: 20, .started: 3, .declined: 3],
            answers: ["program": [(.bool(true), 211), (.bool(false), 53)]])
        let address = "\(TestApp.baseURL)/surveys/library-2017"
        #expect(
            summary.without("_links") == [
                "survey": "library-2017", "frame": 290, "excluded": 0, "submitted": 264,
                "responseRate": share(264, 290, "91.0"),
                "questions": [
                    [
                        "id": "program", "type": "yesNo", "text": "Program?", "answers": 264, "positive": 211,
                        "shareOfAnswers": share(211, 264, "79.9"),
                        "shareOfFrame": [
                            "lower": share(211, 290, "72.8"), "upper": share(237, 290, "81.7"),
                        ],
                    ]
                ],
            ])
        #expect(summary["_links"]?["self"]?["href"] == .string("\(address)/summary"))
        #expect(summary["_links"]?["item"]?["href"] == .string(address))
    }

    /// Who is excluded is not of the frame; blanks are not of the answers, but may be either.
    @Test func excludedAndBlank() throws {
        let summary = try summary(
            [Self.program], states: [.submitted: 10, .invited: 5, .excluded: 5],
            answers: ["program": [(.bool(true), 6), (.bool(false), 2)]])
        #expect(summary["frame"] == 20)
        #expect(summary["excluded"] == 5)
        #expect(summary["responseRate"] == share(10, 15, "66.7"))
        let question = summary["questions"]?.list?[0]
        #expect(question?["answers"] == 8)
        #expect(question?["shareOfAnswers"] == share(6, 8, "75"))
        #expect(question?["shareOfFrame"]?["lower"] == share(6, 15, "40"))
        #expect(question?["shareOfFrame"]?["upper"] == share(13, 15, "86.7"))
    }

    /// Nothing is a share of nothing.
    @Test(arguments: [[:], [.excluded: 3]] as [[SurveyResponse.State: Int]])
    func noFrame(states: [SurveyResponse.State: Int]) throws {
        let summary = try summary([Self.program], states: states)
        #expect(summary["responseRate"] == share(0, 0, nil))
        let question = summary["questions"]?.list?[0]
        #expect(question?["shareOfAnswers"] == share(0, 0, nil))
        #expect(question?["shareOfFrame"]?["upper"] == share(0, 0, nil))
    }

    @Test func aQuestionThatIsAskedOfSomeHasABase() throws {
        let questions: JSONValue = [
            Self.program,
            [
                "id": "former", "type": "multiChoice", "text": "Hur?",
                "options": ["kurs", "drop-in", "buss"],
                "onlyIf": ["question": "program", "equals": .bool(true)],
            ],
            [
                "id": "egna", "type": "yesNo", "text": "Egna?",
                "onlyIf": ["question": "former", "equals": "kurs"],
            ],
        ]
        let summary = try summary(
            questions, states: [.submitted: 20],
            answers: [
                "program": [(.bool(true), 12), (.bool(false), 6)],
                "former": [(["kurs", "drop-in"], 3), (["drop-in", "kurs"], 1), (["drop-in"], 4), ([], 2)],
                "egna": [(.bool(true), 2), (.bool(false), 1)],
            ])
        let former: JSONValue = [
            "id": "former", "type": "multiChoice", "text": "Hur?", "base": 12, "answers": 10,
            "options": [
                ["option": "kurs", "count": 4, "share": share(4, 10, "40")],
                ["option": "drop-in", "count": 8, "share": share(8, 10, "80")],
                ["option": "buss", "count": 0, "share": share(0, 10, "0")],
            ],
        ]
        #expect(summary["questions"]?.list?[1] == former)
        // No share of the frame: it was asked only of some.
        let own: JSONValue = [
            "id": "egna", "type": "yesNo", "text": "Egna?", "base": 4, "answers": 3, "positive": 2,
            "shareOfAnswers": share(2, 3, "66.7"),
        ]
        #expect(summary["questions"]?.list?[2] == own)
    }

    @Test func choicesAndTexts() throws {
        let summary = try summary(
            [
                ["id": "a", "type": "choice", "text": "A?", "options": ["x", "y"]],
                ["id": "b", "type": "text", "text": "B?"],
            ], states: [.submitted: 9], answers: ["a": [("x", 2), ("y", 1)], "b": [(.null, 7)]])
        #expect(
            summary["questions"] == [
                [
                    "id": "a", "type": "choice", "text": "A?", "answers": 3,
                    "options": [
                        ["option": "x", "count": 2, "share": share(2, 3, "66.7")],
                        ["option": "y", "count": 1, "share": share(1, 3, "33.3")],
                    ],
                ], ["id": "b", "type": "text", "text": "B?", "answers": 7],
            ])
    }

    /// As PostgreSQL's percentile_cont.
    @Test(
        arguments: [
            ([:], [nil, nil, nil]), (["7": 1], ["7", "7", "7"]),
            (["2": 1, "1": 1], ["1.25", "1.5", "1.75"]),
            (["10": 1, "30": 1, "20": 1], ["15", "20", "25"]),
            (["1": 3, "100": 1], ["1", "1", "25.75"]), (["-5": 2, "0.5": 2], ["-5", "-2.25", "0.5"]),
            (["10": 1, "20": 1, "30": 1, "40": 1, "50": 1], ["20", "30", "40"]),
        ] as [([String: Int], [String?])])
    func quartilesOfNumbers(numbers: [String: Int], quartiles: [String?]) throws {
        let summary = try summary(
            [["id": "a", "type": "number", "text": "A?"]], states: [.submitted: 10],
            answers: ["a": numbers.map { (JSONValue.exactly($0), $1) }])
        let question = summary["questions"]?.list?[0]
        #expect(question?["answers"]?.integer == numbers.values.reduce(0, +))
        #expect(
            ["q1", "median", "q3"].map { question?[$0] }
                == quartiles.map { $0.map(JSONValue.exactly) ?? .null })
    }
}
