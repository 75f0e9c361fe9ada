import Foundation
import Postgres

/// A question of a survey.
struct Question: JSONElement, Equatable {
    enum Kind: String, Sendable, CaseIterable {
        case yesNo, choice, multiChoice, number, text
    }

    /// That an earlier question is answered so: with this answer, or with a list that has it.
    struct Condition: Sendable, Equatable {
        let question: String
        let equals: JSONValue
    }

    let id: String
    let text: LocalisedText
    let kind: Kind
    /// The answers to choose from; none where nothing is chosen.
    let options: [String]
    /// Who is asked; nil asks everybody.
    let onlyIf: Condition?

    private static let optionLimit = 50
    private static let textLimit = 2000
}

// MARK: Reading and writing

extension Question {
    init?(_ input: inout ObjectInput) {
        let id = input.value(
            "id", required: true,
            rule: "an id: 1 to 40 letters a to z, digits, - and _, a letter or digit first"
        ) { value -> String? in
            guard case .string(let text) = value,
                text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_\-]{0,39}/) != nil
            else { return nil }
            return text
        }
        let text = input.localised("text", limit: 500, required: true)
        let kind: Kind? = input.choice("type", required: true)
        options = input.texts("options", limit: 200, count: Self.optionLimit) ?? []
        onlyIf = input.object("onlyIf", Condition.init) ?? nil
        guard let id, let text, let kind else { return nil }
        self.id = id
        self.text = text
        self.kind = kind
    }

    func write(to json: inout JSONWriter) {
        write(to: &json, in: nil)
    }

    /// In one language, or in all when `language` is nil.
    func write(to json: inout JSONWriter, in language: Language?) {
        json.object { json in
            writeHead(to: &json, in: language)
            if !options.isEmpty { json.member("options", options) }
            guard let onlyIf else { return }
            json.member("onlyIf") { json in
                json.member("question", onlyIf.question)
                json.name("equals")
                json.value(onlyIf.equals)
            }
        }
    }

    /// What is asked.
    func writeHead(to json: inout JSONWriter, in language: Language?) {
        json.member("id", id)
        json.member("text", text, in: language)
        json.member("type", kind.rawValue)
    }
}

extension Question.Condition {
    fileprivate init?(_ input: inout ObjectInput) {
        let question = input.text("question", limit: 40, required: true)
        let equals = input.value("equals", required: true, rule: "true, false, a number or a text") {
            value -> JSONValue? in
            switch value {
            case .bool: value
            // Nobody can answer with another.
            case .number(let number): GoalInput.figures.contains(number) ? value : nil
            case .string(let text): isText(text, limit: Question.textLimit) ? value : nil
            case .null, .array, .object: nil
            }
        }
        guard let question, let equals else { return nil }
        self.question = question
        self.equals = equals
    }
}

// MARK: Rules

extension [Question] {
    /// The rules for the questions of a survey.
    var ruleFaults: [Fault] {
        var earlier: [String: Question] = [:]
        return enumerated().flatMap { index, question in
            let faults = question.ruleFaults(after: earlier, at: "/questions/\(index)")
            earlier[question.id] = earlier[question.id] ?? question
            return faults
        }
    }

    var texts: [PlacedText] {
        enumerated().flatMap { index, question in
            let pointer = "/questions/\(index)"
            return .at("\(pointer)/id", question.id) + .at("\(pointer)/text", question.text)
                + .at("\(pointer)/options", question.options)
                + .at("\(pointer)/onlyIf/equals", question.onlyIf?.equals.text)
        }
    }
}

extension Question {
    /// `earlier` are the questions before it, by their ids.
    fileprivate func ruleFaults(after earlier: [String: Question], at pointer: String) -> [Fault] {
        var faults: [Fault] = []
        if earlier[id] != nil {
            faults.append(
                Fault("\(pointer)/id", "duplicateQuestion", "An earlier question has the id \(id)."))
        }
        switch kind {
        case .choice, .multiChoice:
            if options.count < 2 {
                faults.append(
                    Fault(
                        "\(pointer)/options", "optionsMissing",
                        "Must be 2 to \(Self.optionLimit) different answers to choose from."))
            }
        case .yesNo, .number, .text:
            if !options.isEmpty {
                faults.append(
                    Fault(
                        "\(pointer)/options", "optionsNotTaken", "Only choice and multiChoice have options."))
            }
        }
        return faults + (onlyIf.map { $0.ruleFaults(after: earlier, at: "\(pointer)/onlyIf") } ?? [])
    }

    /// Why it cannot be answered so; nil when it can. A blank is no answer.
    func fault(inAnswer answer: JSONValue, at pointer: String) -> Fault? {
        switch (kind, answer) {
        case (.yesNo, .bool): nil
        case (.number, .number(let number))
        where GoalInput.figures.contains(number) && number.rounded(GoalInput.decimals) == number:
            nil
        case (.text, .string(let text)) where isText(text, limit: Self.textLimit): nil
        case (.choice, .string(let option)): fault(inOptions: [option], at: pointer)
        case (.multiChoice, .array(let chosen)) where chosen.areDifferentTexts:
            fault(inOptions: chosen.compactMap(\.text), at: pointer)
        default: Fault(pointer, "answerType", "Must be \(rule).")
        }
    }

    private func fault(inOptions chosen: [String], at pointer: String) -> Fault? {
        guard let unknown = chosen.first(where: { !options.contains($0) }) else { return nil }
        return Fault(
            pointer, "unknownOption",
            "\(unknown) is none of the options: \(options.joined(separator: "; ")).")
    }

    private var rule: String {
        switch kind {
        case .yesNo: "true or false"
        case .choice: "one of the options"
        case .multiChoice: "a list of options, each once"
        case .number:
            "a number from \(GoalInput.figures.lowerBound) to \(GoalInput.figures.upperBound) with at most \(GoalInput.decimals) decimals"
        case .text: "a text of 1 to \(Self.textLimit) characters"
        }
    }
}

extension Question.Condition {
    fileprivate func ruleFaults(after earlier: [String: Question], at pointer: String) -> [Fault] {
        guard let asked = earlier[question] else {
            return [
                Fault("\(pointer)/question", "unknownQuestion", "No earlier question has the id \(question).")
            ]
        }
        // Of several options one is asked for.
        let answer: JSONValue = asked.kind == .multiChoice ? .array([equals]) : equals
        return [asked.fault(inAnswer: answer, at: "\(pointer)/equals")].compactMap(\.self)
    }

    /// Whether the question is answered so; nil is a blank.
    func isMet(by answer: JSONValue?) -> Bool {
        if case .array(let chosen) = answer { return chosen.contains(equals) }
        return answer == equals
    }
}

extension JSONValue {
    /// The text, if it is one.
    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}

extension [JSONValue] {
    fileprivate var areDifferentTexts: Bool {
        let texts = compactMap(\.text)
        return texts.count == count && Set(texts).count == count
    }
}
