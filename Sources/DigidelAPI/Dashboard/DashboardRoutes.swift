import HTTP

/// A page for people: a file of Sources/Dashboard with what is known of the reader filled in. Parameters that are not
/// meant for the server are the script's, so none is refused.
struct DashboardPage {
    /// `lang=sv|en`, else what the browser prefers.
    private let language: Language
    /// `theme=light|dark`, else what the reader's system prefers.
    private let theme: String
    /// `screen=wall` for a screen that nobody touches.
    private let screen: String

    init(_ call: Call) {
        let query = try? QueryString(call.request.query)
        func choice(_ name: String, _ choices: [String]) -> String? {
            query?[name].flatMap { choices.contains($0) ? $0 : nil }
        }
        language = call.pageLanguage
        theme = choice("theme", ["light", "dark"]) ?? "auto"
        screen = choice("screen", ["wall"]) ?? "page"
    }

    /// The page, which may be shown in a frame of the `ancestors`' sites.
    func answer(
        _ call: Call, _ name: String, goal: String = "", ancestors: String
    ) throws(APIError) -> Response {
        let html = String(decoding: EmbeddedFiles.dashboard[name] ?? [], as: UTF8.self)
            .replacing("{lang}", with: language.rawValue).replacing("{theme}", with: theme)
            .replacing("{screen}", with: screen).replacing("{goal}", with: goal)
        let bytes = Array(html.utf8)
        return try call.page(bytes, tag: call.contentTag(bytes), in: language, ancestors: ancestors)
    }
}

extension App {
    /// The dashboard of the goals.
    func showDashboard(_ call: Call) async throws -> Response {
        try DashboardPage(call).answer(call, "index.html", ancestors: "'none'")
    }

    /// A goal's card, for frames in other sites. Whether there is such a goal the card finds out itself, so that it is
    /// served while the database is away.
    func showGoalCard(_ call: Call) async throws -> Response {
        let id = call.parameter("id")
        guard Slug.isValid(id) else { throw APIError.notFound("goal") }
        return try DashboardPage(call).answer(call, "embed.html", goal: id, ancestors: "*")
    }

    func showDashboardStyle(_ call: Call) async throws -> Response {
        try call.file(EmbeddedFiles.dashboard["dashboard.css"], "text/css; charset=utf-8")
    }

    func showDashboardScript(_ call: Call) async throws -> Response {
        try call.file(EmbeddedFiles.dashboard["dashboard.js"], "text/javascript; charset=utf-8")
    }

    func showIcon(_ call: Call) async throws -> Response {
        try call.file(EmbeddedFiles.dashboard["icon.svg"], "image/svg+xml")
    }

    /// How far a goal has come, as a small picture.
    func showGoalBadge(_ call: Call) async throws -> Response {
        let language = call.pageLanguage
        let svg = try await shared(call) {
            let found = try await database.goalBasis(
                id: call.parameter("id"), showsDrafts: call.showsDrafts)
            guard let basis = found else { throw APIError.notFound("goal") }
            return GoalBadge(basis, on: basis.today(at: call.now), in: language).svg
        }
        var response = try call.answer(.ok, svg)
        guard response.status == .ok else { return response }
        response.fields["Content-Type"] = "image/svg+xml"
        response.fields["Content-Language"] = language.rawValue
        response.fields["Content-Security-Policy"] = "default-src 'none'"
        return response
    }
}

extension Call {
    /// The language of a page: English for those who ask or are known to prefer it, Swedish for all others.
    var pageLanguage: Language {
        switch (try? QueryString(request.query))?["lang"] {
        case "sv": .sv
        case "en": .en
        default: Language(accepting: request.fields["Accept-Language"]) == .en ? .en : .sv
        }
    }

    /// A page, which runs nothing but the service's own scripts and may be shown in a frame of the `ancestors`' sites.
    func page(
        _ html: [UInt8], tag: String, in language: Language, ancestors: String = "'none'"
    ) throws(APIError) -> Response {
        var response = try answer(.ok, html, tag: tag)
        guard response.status == .ok else { return response }
        response.fields["Content-Type"] = "text/html; charset=utf-8"
        response.fields["Content-Language"] = language.rawValue
        response.fields["Content-Security-Policy"] = """
            default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
            base-uri 'none'; form-action 'none'; frame-ancestors \(ancestors)
            """
        return response
    }

    /// A file that the program carries, as it is.
    func file(_ bytes: [UInt8]?, _ mediaType: String) throws(APIError) -> Response {
        var response = try answer(.ok, bytes ?? [])
        guard response.status == .ok else { return response }
        response.fields["Content-Type"] = mediaType
        response.fields["Content-Language"] = nil
        return response
    }
}
