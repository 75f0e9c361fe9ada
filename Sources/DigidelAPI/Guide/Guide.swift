/// The guide to the API as a page: the introduction of Sources/Guide, and every operation of openapi.yaml.
struct Guide {
    let document: OpenAPIDocument
    let language: Language
    let baseURL: String
    var words: GuideWords { GuideWords(language: language) }

    /// The page.
    func html() throws -> [UInt8] {
        let groups = try groups()
        let introduction = EmbeddedFiles.text(EmbeddedFiles.guide, "introduction.\(language.rawValue).html")
        let content = """
            \(contents(introduction, groups))
            <main id="main" tabindex="-1">
            \(introduction)
            <section class="reference" aria-labelledby="reference">
            <h2 id="reference">\(words.reference)</h2>
            <p>\(words.referenceNote)</p>
            </section>
            \(try groups.map { try section($0) }.joined(separator: "\n"))
            </main>
            """
        return GuidePage(language: language, root: "", title: words.title, isGuide: true).html(
            content.replacing("{root}", with: baseURL.withoutVersion.escapedForMarkup)
                .replacing("{api}", with: baseURL.escapedForMarkup)
                .replacing(OpenAPIDocument.exampleURL, with: baseURL.escapedForMarkup))
    }

    private typealias Group = (name: String, description: String, operations: [OpenAPIDocument.Operation])

    /// The operations by their tags, in the order of the document's tags.
    private func groups() throws -> [Group] {
        let byTag = Dictionary(grouping: document.operations) { $0.node["tags"]?.list?.first?.string ?? "" }
        let tags = document.root["tags"]?.list ?? []
        guard Set(byTag.keys) == Set(tags.compactMap { $0["name"]?.string }) else {
            throw ContractError("an operation has a tag that is not listed, or a tag has no operation")
        }
        return tags.map { tag in
            let name = tag["name"]?.string ?? ""
            return (name, tag["description"]?.string ?? "", byTag[name] ?? [])
        }
    }

    /// The list of what the page has.
    private func contents(_ introduction: String, _ groups: [Group]) -> String {
        let chapters = introduction.matches(of: /<h2 id="([a-z-]+)">(.*?)<\/h2>/).map {
            "<li><a href=\"#\($0.1)\">\($0.2)</a></li>"
        }
        let lists = groups.map { group in
            let links = group.operations.map { operation in
                """
                <li><a href="#\(operation.id)"><span class="method \(operation.method.lowercased())">\(operation.method)</span> \
                <span>\((operation.node["summary"]?.string ?? operation.id).escapedForMarkup)</span></a></li>
                """
            }
            return """
                <li><details><summary>\(group.name.escapedForMarkup)</summary>
                <ul>\(links.joined(separator: "\n"))</ul></details></li>
                """
        }
        return """
            <nav class="contents" aria-label="\(words.contents)">
            <details open><summary>\(words.contents)</summary>
            <p class="find" id="find"></p>
            <ul>\(chapters.joined())</ul>
            <p class="label"><a href="#reference">\(words.reference)</a></p>
            <ul\(foreign)>\(lists.joined(separator: "\n"))</ul>
            </details>
            </nav>
            """
    }

    private func section(_ group: Group) throws -> String {
        let operations = try group.operations.map {
            try GuideOperation(operation: $0, document: document, words: words, baseURL: baseURL).html()
        }
        return """
            <section class="group" aria-labelledby="tag-\(group.name)">
            <h2 id="tag-\(group.name)"\(foreign)>\(group.name.escapedForMarkup)</h2>
            <div class="lead"\(foreign)>\(Prose.paragraphs(group.description))</div>
            \(operations.joined(separator: "\n"))
            </section>
            """
    }

    /// What marks the document's texts, which are English, in the Swedish guide.
    private var foreign: String { words.foreign }
}

/// The frame that the guide and the pages about problems have in common.
struct GuidePage {
    let language: Language
    /// The way from the page up to where the guide is.
    let root: String
    let title: String
    var isGuide = false
    private var words: GuideWords { GuideWords(language: language) }

    /// The page with its content, which has the `main` part.
    func html(_ content: String) -> [UInt8] {
        let other = words.otherLanguage
        return Array(
            EmbeddedFiles.text(EmbeddedFiles.guide, "page.html")
                .replacing("{lang}", with: language.rawValue)
                .replacing("{title}", with: title.escapedForMarkup)
                .replacing("{kind}", with: isGuide ? "guide" : "problem")
                .replacing("{up}", with: root)
                .replacing("{skip}", with: words.skip)
                .replacing("{pages}", with: words.pages)
                .replacing("{guide}", with: words.title)
                .replacing("{dashboard}", with: words.dashboard)
                .replacing("{problems}", with: words.problems)
                .replacing("{other}", with: other.code)
                .replacing("{other-name}", with: other.name)
                .replacing("{content}", with: content).utf8)
    }
}
