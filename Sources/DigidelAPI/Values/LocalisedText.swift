package import Postgres

/// A language that names come in; in the order in which one stands in for another (decisions.md, 40).
package enum Language: String, Sendable, CaseIterable {
    case sv, nb, da, en

    /// The language that an Accept-Language field prefers, `sv` when it names none of ours (RFC 9110, 12.5.4).
    package init(accepting field: String?) {
        guard let field else {
            self = .sv
            return
        }
        var best: (language: Language, quality: Double) = (.sv, 0)
        var named: Set<Language> = []
        var qualityOfOthers = 0.0
        for range in AcceptedRange.list(field) {
            guard let tag = range.name.split(separator: "-").first.map(String.init) else { continue }
            if tag == "*" { qualityOfOthers = range.weight }
            guard let language = tag == "no" || tag == "nn" ? .nb : Language(rawValue: tag) else { continue }
            named.insert(language)
            if range.weight > best.quality { best = (language, range.weight) }
        }
        let other = Language.allCases.first { !named.contains($0) }
        self = qualityOfOthers > best.quality ? other ?? best.language : best.language
    }
}

/// A text that people read, in one or more languages.
package struct LocalisedText: Sendable, Hashable {
    package let texts: [Language: String]

    package init(_ texts: [Language: String]) {
        self.texts = texts
    }

    /// The text in a language, or in the first of `sv nb da en` that there is.
    package func text(in language: Language) -> String {
        texts[language] ?? Language.allCases.lazy.compactMap { texts[$0] }.first ?? ""
    }

    var ordered: [(Language, String)] {
        Language.allCases.compactMap { language in texts[language].map { (language, $0) } }
    }
}

/// Stored as a JSON object, `{"sv": "…"}`.
extension LocalisedText: ParameterConvertible, ColumnDecodable {
    package var parameter: Parameter {
        var json = JSONWriter()
        json.write(self, in: nil)
        return json.text
    }

    package init?(column text: String) {
        guard case .object(let members)? = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
        var texts: [Language: String] = [:]
        for (name, value) in members {
            guard let language = Language(rawValue: name), case .string(let text) = value else { return nil }
            texts[language] = text
        }
        self.init(texts)
    }
}

extension StringProtocol {
    func trimmingWhitespace() -> String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
