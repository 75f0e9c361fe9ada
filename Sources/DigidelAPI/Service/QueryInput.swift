import HTTP

/// Reads the query's parameters and collects every fault; a parameter that nobody asks for is one.
package struct QueryInput {
    private let parameters: [String: String]
    private var faults: [Fault] = []
    private var known = ["lang"]

    init(_ raw: String?) throws(APIError) {
        do {
            let query = try QueryString(raw)
            var parameters: [String: String] = [:]
            for parameter in query {
                if parameters.updateValue(parameter.value, forKey: parameter.name) != nil {
                    faults.append(
                        Fault(
                            parameter.name, "malformed",
                            "Is given twice; several values are joined by commas."))
                }
            }
            self.parameters = parameters
        } catch {
            throw .malformed([Fault("", "malformed", "The query is not percent-encoded UTF-8.")])
        }
        if let lang = parameters["lang"], lang != "all" {
            fault("lang", "Must be all; to choose one language send Accept-Language.")
        }
    }

    /// Whether every language is wanted (`?lang=all`).
    var asksForAllLanguages: Bool { parameters["lang"] == "all" }

    /// Throws `.malformed` with all faults.
    package mutating func finish() throws(APIError) {
        for name in parameters.keys.sorted() where !known.contains(name) {
            let names = Set(known).sorted().joined(separator: ", ")
            fault(name, "Is not a parameter here; the parameters are \(names).")
        }
        if !faults.isEmpty { throw .malformed(faults) }
    }

    package mutating func fault(_ name: String, _ detail: String) {
        faults.append(Fault(name, "malformed", detail))
    }

    /// The parameter read by `parse`; nil, and a fault that says `rule`, when `parse` makes nothing of it.
    package mutating func value<Value>(_ name: String, rule: String, _ parse: (String) -> Value?) -> Value? {
        known.append(name)
        guard let text = parameters[name] else { return nil }
        guard let value = parse(text) else {
            fault(name, "Must be \(rule).")
            return nil
        }
        return value
    }

    /// A text without control characters.
    package mutating func text(_ name: String, limit: Int) -> String? {
        value(name, rule: "1 to \(limit) characters") { text in
            (1...limit).contains(text.unicodeScalars.count)
                && !text.unicodeScalars.contains { $0.value < 0x20 } ? text : nil
        }
    }

    /// Ids joined by commas; whether such things exist is not asked. As many as a query has room for, with others
    /// beside them.
    package mutating func ids(_ name: String) -> [String] {
        value(name, rule: "1 to 50 ids of 1 to 80 characters, joined by commas") { text in
            let ids = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let areIDs = ids.allSatisfy { (1...80).contains($0.unicodeScalars.count) && !$0.utf8.contains(0) }
            return areIDs && ids.count <= 50 ? ids : nil
        } ?? []
    }

    /// Values of a closed set joined by commas.
    package mutating func choices<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) -> [Choice]
    {
        value(name, rule: "of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))") { text in
            let words = text.split(separator: ",", omittingEmptySubsequences: false)
            let choices = words.compactMap { Choice(rawValue: String($0)) }
            return choices.count == words.count && words.count <= Choice.allCases.count ? choices : nil
        } ?? []
    }

    /// Languages by their codes (ISO 639), joined by commas.
    package mutating func languages(_ name: String) -> [String] {
        value(name, rule: "1 to 20 languages such as sv or ar, joined by commas") { text in
            let words = text.split(separator: ",", omittingEmptySubsequences: false)
            let codes = words.compactMap { JSONValue.string(String($0)).languageCode }
            return codes.count == words.count && codes.count <= 20 ? codes : nil
        } ?? []
    }

    package mutating func bool(_ name: String) -> Bool? {
        value(name, rule: "true or false") { Bool($0) }
    }

    /// One value of a closed set.
    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) -> Choice? {
        value(name, rule: "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))") {
            Choice(rawValue: $0)
        }
    }

    package mutating func instant(_ name: String) -> Instant? {
        value(name, rule: "an instant such as 2016-10-03T08:00:00Z") { Instant($0) }
    }

    package mutating func date(_ name: String) -> CalendarDate? {
        value(name, rule: "a date such as 2016-10-03") { CalendarDate($0) }
    }

    package mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        value(name, rule: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(digits: text.utf8.prefix(12)).flatMap {
                range.contains($0) && text.utf8.count <= 12 && !text.isEmpty ? $0 : nil
            }
        }
    }
}
