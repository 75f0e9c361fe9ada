/// The words of the guide that are neither in its introduction nor in openapi.yaml, in Swedish and English.
struct GuideWords {
    let language: Language

    /// What marks English texts in a Swedish page.
    var foreign: String { choose(" lang=\"en\"", "") }

    private func choose(_ swedish: String, _ english: String) -> String {
        language == .en ? english : swedish
    }

    var title: String { choose("Guide till API:et", "API guide") }
    var skip: String { choose("Till innehållet", "Skip to content") }
    var pages: String { choose("Sidor", "Pages") }
    var contents: String { choose("Innehåll", "Contents") }
    var dashboard: String { choose("Måltavlan", "Dashboard") }
    var problems: String { choose("Fel och åtgärder", "Problems") }
    var reference: String { choose("Alla anrop", "All operations") }
    var referenceNote: String {
        choose(
            "Beskrivningarna är på engelska, som i <a href=\"v1/openapi.yaml\">openapi.yaml</a>, som de kommer ur.",
            "From <a href=\"v1/openapi.yaml\">openapi.yaml</a>, which is also served as <a href=\"v1/openapi.json\">JSON</a>."
        )
    }
    var otherLanguage: (code: String, name: String) {
        language == .en ? ("sv", "På svenska") : ("en", "In English")
    }
    var needsKey: String { choose("kräver nyckel", "needs a key") }
    var required: String { choose("obligatorisk", "required") }
    var parameters: String { choose("Parametrar", "Parameters") }
    var requestFields: String { choose("Fält i anropet", "Request fields") }
    var body: String { choose("Det som sänds", "Request body") }
    var members: String { choose("Fält i JSON", "Members") }
    var answers: String { choose("Svar", "Answers") }
    var exampleBody: String { choose("Exempel att sända", "Example request") }
    var exampleAnswer: String { choose("Exempel på svar", "Example answer") }
    var noContent: String { choose("Svaret har inget innehåll.", "The answer has no content.") }

    /// Where a parameter stands.
    func place(_ place: String) -> String {
        switch place {
        case "path": choose("i adressen", "in the path")
        case "query": choose("i frågedelen", "in the query")
        default: choose("fält", "header")
        }
    }

    /// What a schema's values are, such as "integer, 1 to 200, otherwise 20".
    func type(of schema: Node, in document: OpenAPIDocument) throws -> String {
        let schema = try document.resolve(schema)
        var parts: [String] = []
        if let choices = schema["enum"]?.list {
            parts.append(choices.filter { $0 != .null }.map(Self.code).joined(separator: " · "))
        } else if schema["oneOf"] != nil || schema["anyOf"] != nil {
            let choices =
                try (schema["oneOf"] ?? schema["anyOf"])?.list?.map { try type(of: $0, in: document) } ?? []
            parts.append(choices.joined(separator: choose(" eller ", " or ")))
        } else if let items = schema["items"] {
            let element = try type(of: items, in: document)
            parts.append(choose("lista: ", "list of ") + element)
        } else {
            parts.append(name(of: schema))
        }
        if let low = schema["minimum"]?.number, let high = schema["maximum"]?.number {
            parts.append("\(Self.short(low))–\(Self.short(high))")
        }
        if let longest = schema["maxLength"]?.integer {
            parts.append(choose("högst \(longest) tecken", "at most \(longest) characters"))
        }
        if let value = schema["default"], value != .null {
            parts.append(choose("annars ", "otherwise ") + Self.code(value))
        }
        return parts.joined(separator: ", ")
    }

    private func name(of schema: Node) -> String {
        switch schema["format"]?.string {
        case "date": return choose("datum", "date")
        case "date-time": return choose("tidpunkt", "instant")
        case "uuid": return "UUID"
        case "uri": return choose("webbadress", "web address")
        default: break
        }
        let types = schema["type"].map { $0.list?.compactMap(\.string) ?? [$0.string ?? ""] } ?? []
        return types.filter { $0 != "null" }.map { type in
            switch type {
            case "integer": choose("heltal", "integer")
            case "number": choose("tal", "number")
            case "boolean": choose("sant eller falskt", "true or false")
            case "object": choose("objekt", "object")
            case "array": choose("lista", "list")
            default: choose("text", "text")
            }
        }.joined(separator: choose(" eller ", " or "))
    }

    private static func code(_ value: Node) -> String {
        "<code>\((value.string ?? value.pretty()).escapedForMarkup)</code>"
    }

    private static func short(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }
}
