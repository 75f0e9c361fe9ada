import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// openapi.yaml and the service say the same: every route, who may use it, and every answer of a walk through all
/// operations.
@Suite struct ContractTests {
    /// The document is not an operation in itself, and its address has a dot, which those of operations must not (REST
    /// API-profil, RES.06); the catalogue of APIs leads to it. Pages for people are no operations, and neither is what is
    /// outside of the API: docs/dashboard.md and docs/discovery.md describe them.
    private static let undocumented: Set = [
        "GET /v1/openapi.yaml", "GET /v1/openapi.json",
        "GET /docs", "GET /guide.css", "GET /guide.js", "GET /.well-known/api-catalog",
        "GET /.well-known/security.txt", "GET /", "GET /dashboard.css", "GET /dashboard.js", "GET /icon.svg",
        "GET /embed/goals/{id}", "GET /v1/goals/{id}/badge.svg",
    ]

    // MARK: Routes

    @Test func everyRouteIsDocumentedAndEveryOperationServed() throws {
        let document = try OpenAPIDocument.load()
        let routes = Routes.all.map { "\($0.method.rawValue) \($0.template)" }
        #expect(Set(routes).count == routes.count)
        let operations = document.operations.map { "\($0.method) \($0.route)" }
        #expect(Set(routes).subtracting(Self.undocumented) == Set(operations))
        #expect(Self.undocumented.isSubset(of: routes))
        // In the document's order.
        #expect(routes.filter { !Self.undocumented.contains($0) } == operations)
    }

    @Test func theDocumentSaysWhoNeedsAKey() throws {
        let document = try OpenAPIDocument.load()
        for operation in document.operations {
            let route = try #require(
                Routes.all.first { $0.method.rawValue == operation.method && $0.template == operation.route })
            #expect((route.access != .open) == operation.needsKey, "\(operation.id)")
            guard case .key(let role) = route.access else { continue }
            let description = operation.node["description"]?.string ?? ""
            for other in [Role.coordinator, .admin] {
                let isNamed = description.contains("\(other.rawValue) key")
                #expect(isNamed == (other == role), "\(operation.id) \(other)")
            }
        }
    }

    @Test func everyBodyIsOfTheMediaTypesThatAreTaken() throws {
        let document = try OpenAPIDocument.load()
        for operation in document.operations {
            guard let body = operation.node["requestBody"] else { continue }
            let route = try #require(
                Routes.all.first { $0.method.rawValue == operation.method && $0.template == operation.route })
            #expect(
                try document.resolve(body)["content"]?.object?.names == route.mediaTypes, "\(operation.id)")
        }
    }

    /// Every parameter of a GET that is documented is taken, with its example or a value of its schema.
    @Test func everyParameterIsTaken() async throws {
        let document = try OpenAPIDocument.load()
        let walk = try await Walk.prepared()
        for operation in document.operations where operation.method == "GET" {
            for reference in operation.node["parameters"]?.list ?? [] {
                let parameter = try document.resolve(reference)
                guard parameter["in"] == .string("query"), let name = parameter["name"]?.string else {
                    continue
                }
                let answer = await walk.ask(
                    operation, query: [name: try value(of: parameter, document)], key: walk.key(operation))
                // A cursor is taken with the sort that it comes from only.
                let status: Status = name == "cursor" ? .badRequest : .ok
                #expect(answer.status == status, "\(operation.id) \(name): \(answer.text)")
            }
        }
    }

    /// The parameter's example, or a value that its schema takes.
    private func value(of parameter: Node, _ document: OpenAPIDocument) throws -> String {
        if let words = parameter["example"]?.list { return words.compactMap(\.string).joined(separator: ",") }
        var schema = try document.resolve(parameter["schema"] ?? .null)
        let isList = schema["type"] == .string("array")
        if isList { schema = try document.resolve(schema["items"] ?? .null) }
        if let choices = schema["enum"]?.list?.compactMap(\.string) {
            return isList ? choices.joined(separator: ",") : choices.last ?? ""
        }
        if let example = parameter["example"]?.string { return example }
        if let maximum = schema["maximum"]?.integer { return String(maximum) }
        if schema["format"] == .string("date") { return "2012-01-31" }
        if schema["type"] == .string("boolean") { return "true" }
        if schema["format"] == .string("date-time") { return "2012-01-31T12:00:00Z" }
        if schema["format"] == .string("uuid") { return "0192f0c5-7a1e-7cc3-8f7e-1f2a3b4c5d6e" }
        if let length = schema["maxLength"]?.integer, schema["pattern"] == nil {
            return String(repeating: "x", count: length)
        }
        let pattern = schema["pattern"]?.string ?? ""
        if pattern.hasPrefix("^-?(") { return String(pattern.dropFirst(4).prefix { $0 != "|" }) }
        return pattern.contains("se|no|dk") ? "se-0583" : "aa"
    }

    // MARK: Answers

    /// What the document says that cannot be brought about.
    private static let unreachable: Set = [
        // A partner's key is the least there is.
        "listParticipantCounts 403", "getParticipantCount 403", "listParticipantCountRevisions 403",
        "createParticipantCountBatch 403", "replaceParticipantCount 403", "withdrawParticipantCount 403",
        // Nothing else depends on these yet, so that no change of them is in the way.
        "replaceOrganisation 409", "changeOrganisation 409", "replaceCampaignSeries 409",
        "changeCampaignSeries 409", "replaceGoal 409", "changeGoal 409", "replaceProject 409",
        "changeProject 409", "replaceActivity 409", "changeActivity 409", "replaceServicePoint 409",
        "changeServicePoint 409", "replaceAgreement 409", "changeAgreement 409", "replacePublication 409",
        "changePublication 409", "replaceStrategy 409", "changeStrategy 409", "replaceStrategyItem 409",
        "changeStrategyItem 409",
        // A partner's key is the least there is here too.
        "listSurveyResponses 403", "getSurveyResponse 403", "listGuidanceSessions 403",
        "getGuidanceSession 403",
    ]

    /// Asks every operation for every status that the document names, and compares each answer with it.
    @Test func everyDocumentedAnswerIsGivenAsDocumented() async throws {
        let document = try OpenAPIDocument.load()
        let walk = try await Walk.prepared()
        for operation in document.operations {
            for name in operation.node["responses"]?.object?.names ?? [] where name != "default" {
                guard let status = Int(name), !Self.unreachable.contains("\(operation.id) \(name)") else {
                    continue
                }
                let answer = try await walk.provoke(status, operation)
                #expect(answer.status.rawValue == status, "\(operation.id): \(answer.text)")
                try expect(answer, of: operation, in: document)
            }
        }
    }

    /// The same in every language, without a key where none is needed, and for answers that are found by `default`.
    @Test func otherAnswersAreDocumentedToo() async throws {
        let document = try OpenAPIDocument.load()
        let walk = try await Walk.prepared()
        for operation in document.operations where operation.method == "GET" {
            var answers = [
                await walk.ask(operation, key: walk.key(operation), fields: ["Accept-Language": "en"]),
                await walk.ask(operation, key: TestApp.adminKey),
                await walk.ask(operation, key: walk.key(operation), fields: ["Accept": "text/html"]),
            ]
            if !operation.needsKey { answers.append(await walk.ask(operation, key: nil)) }
            if operation.route.hasPrefix("/v1/"), !operation.id.contains("Problem") {
                answers.append(await walk.ask(operation, query: ["lang": "all"], key: walk.key(operation)))
            }
            for answer in answers {
                #expect(answer.status == .ok, "\(operation.id): \(answer.text)")
                try expect(answer, of: operation, in: document)
            }
            let method = try #require([Method.trace, .connect].first)
            let refused = await walk.ask(operation, as: method, key: nil)
            #expect(refused.status == .methodNotAllowed)
            try expect(refused, of: operation, in: document)
        }
    }

    /// Compares an answer with what the document says of its status.
    private func expect(
        _ answer: Answer, of operation: OpenAPIDocument.Operation, in document: OpenAPIDocument
    ) throws {
        var fields = Dictionary(answer.response.fields.map { ($0.name, $0.value) }) { first, _ in first }
        fields["traceparent"] = answer.response.trace?.traceparent
        let faults = try document.faults(
            inAnswerTo: operation.method, operation.route, status: answer.status.rawValue, fields: fields,
            body: Data(answer.response.body))
        #expect(faults.isEmpty, "\(operation.id) \(answer.status.rawValue): \(answer.text)")
        if answer.status.rawValue >= 400 {
            #expect(answer["status"]?.integer == answer.status.rawValue, "\(operation.id)")
        }
        let response = try document.response(
            operation.method, operation.route, status: answer.status.rawValue)
        let documented = Set((response["headers"]?.object?.names ?? []).map { $0.lowercased() })
        // ETag and its like are on every answer that the document has them for.
        for name in ["etag", "location", "link", "vary"] where answer.status.rawValue < 300 {
            #expect(
                (fields.keys.contains { $0.lowercased() == name }) == documented.contains(name),
                "\(operation.id) \(name)")
        }
    }

    /// What the tests send with success is what the document describes.
    @Test func requestsThatSucceedAreDocumented() async throws {
        let document = try OpenAPIDocument.load()
        let walk = try await Walk.prepared()
        for operation in document.operations {
            guard let body = walk.body(operation) else { continue }
            var json = JSONWriter()
            json.value(body)
            let faults = try document.faults(
                inRequest: operation.method, operation.route, body: Data(json.bytes))
            #expect(faults.isEmpty, "\(operation.id)")
        }
    }

    /// The examples of the document are taken by the service.
    @Test func theDocumentsExamplesAreTaken() async throws {
        let document = try OpenAPIDocument.load()
        let service = try await TestApp.make(at: "2016-10-20T10:00:00Z")
        for id in ["motala-bibliotek", "digidel-kansliet", "kungliga-biblioteket"] {
            try await service.makeOrganisation(id)
        }
        func example(_ name: String) throws -> JSONValue {
            let value = try #require(document.root["components"]?["examples"]?[name]?["value"])
            return JSONValue(value)
        }
        let earlier: JSONValue = [
            "id": "emedborgarveckan-2015", "startsOn": "2015-10-05", "endsOn": "2015-10-11",
            "series": .null, "predecessor": .null, "reporting": .null,
        ]
        let digidel2013: JSONValue = [
            "id": "digidel2013", "startsOn": "2011-01-01", "endsOn": "2013-12-31",
            "measures": ["newlyIncluded"],
            "series": .null, "predecessor": .null, "reporting": .null,
        ]
        let requests: [(String, JSONValue)] = [
            ("organisations", try example("OrganisationNew").merged(with: ["id": "example"])),
            ("campaign-series", try example("CampaignSeriesNew").merged(with: ["id": "emedborgarveckan"])),
            ("campaigns", try example("CampaignNew").merged(with: earlier)),
            ("campaigns", try example("CampaignNew").merged(with: digidel2013)),
            ("indicators", try example("IndicatorNew")),
            ("campaigns", try example("CampaignNew")), ("goals", try example("GoalNew")),
            ("participant-counts", try example("ParticipantCountNew")),
            ("participant-counts", try example("ParticipantCountOfWeek")),
            ("keys", try example("KeyNew")), ("publications", try example("PublicationNew")),
            ("strategies", try example("StrategyNew")),
            (
                "strategies/digitaliseringsstrategi-2011-2015/items",
                try example("StrategyItemReplacement")
            ),
            (
                "guidance-sessions",
                try example("GuidanceSessionNew").merged(with: ["servicePoint": .null])
            ),
        ]
        for (collection, body) in requests {
            let answer = await service.post(collection, body)
            #expect(answer.status == .created, "\(collection): \(answer.text)")
        }
        let replaced = await service.put("goals/digidel2013", try example("GoalReplacement"))
        #expect(replaced.status == .ok, "\(replaced.text)")
        let patched = await service.patch("goals/digidel2013", try example("GoalPatch"))
        #expect(patched.status == .ok, "\(patched.text)")
        let campaign = await service.patch("campaigns/emedborgarveckan-2016", try example("CampaignPatch"))
        #expect(campaign.status == .ok, "\(campaign.text)")
        let enrolment = await service.ask(
            .put, "campaigns/emedborgarveckan-2016/enrolments/digidel-kansliet",
            try example("EnrolmentReplacement"))
        #expect(enrolment.status == .created, "\(enrolment.text)")
        let indicator = await service.put("indicators/ovana", try example("IndicatorReplacement"))
        #expect(indicator.status == .ok, "\(indicator.text)")
        let observation = await service.ask(
            .put, "indicators/ovana/observations/2011-12-31", try example("ObservationReplacement"))
        #expect(observation.status == .created, "\(observation.text)")
        let item = await service.post(
            "strategies/digitaliseringsstrategi-2011-2015/items", try example("StrategyItemNew")
        ).created
        for (target, name) in [
            ("publications/digidel2013-slutrapport", "Publication"),
            ("strategies/digitaliseringsstrategi-2011-2015", "Strategy"), (item, "StrategyItem"),
        ] {
            let replaced = await service.put(target, try example("\(name)Replacement"))
            #expect(replaced.status == .ok, "\(replaced.text)")
            let changed = await service.patch(target, try example("\(name)Patch"))
            #expect(changed.status == .ok, "\(changed.text)")
        }
    }

    // MARK: Files

    private static let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardized

    @Test func theProgramCarriesTheMigrationsOfTheFolder() throws {
        let folder = Self.package.appending(path: "migrations")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
            .filter { $0.hasSuffix(".sql") }.sorted()
        #expect(EmbeddedFiles.migrations.map { "\($0.name).sql" } == names)
        for migration in EmbeddedFiles.migrations {
            let file = try Data(contentsOf: folder.appending(path: "\(migration.name).sql"))
            #expect(Data(migration.sql.utf8) == file, "\(migration.name)")
        }
    }

    @Test func theProgramServesTheDocumentOfTheFolder() async throws {
        let file = try Data(contentsOf: Self.package.appending(path: "openapi.yaml"))
        #expect(Data(EmbeddedFiles.openAPI) == file)
        let service = try await TestApp.make()
        let answer = await service.get("openapi.yaml")
        #expect(answer.status == .ok)
        #expect(Data(answer.response.body) == file)
        #expect(answer.response.fields["Content-Type"] == "application/yaml")
        let etag = try #require(answer.etag)
        #expect(await service.get("openapi.yaml", fields: ["If-None-Match": etag]).status == .notModified)
        #expect(await service.get("openapi.yaml?x=1").status == .badRequest)
        #expect(await service.get("openapi.yaml/").status == .notFound)
    }

    @Test func theProgramCarriesTheDashboardOfTheFolder() throws {
        let folder = Self.package.appending(path: "Sources/Dashboard")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
        #expect(Set(EmbeddedFiles.dashboard.keys) == Set(names))
        for (name, bytes) in EmbeddedFiles.dashboard {
            #expect(try Data(bytes) == Data(contentsOf: folder.appending(path: name)), "\(name)")
        }
    }

    @Test func theProgramCarriesTheGuideOfTheFolder() throws {
        let folder = Self.package.appending(path: "Sources/Guide")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
        #expect(Set(EmbeddedFiles.guide.keys) == Set(names))
        for (name, bytes) in EmbeddedFiles.guide {
            #expect(try Data(bytes) == Data(contentsOf: folder.appending(path: name)), "\(name)")
        }
    }

    @Test func theDocumentHasTheVersionOfTheService() async throws {
        let document = try OpenAPIDocument.load()
        let service = try await TestApp.make()
        let info = await service.get("api-info")
        #expect(document.root["info"]?["version"]?.string == APIInfo.version)
        #expect(info["apiVersion"]?.string == APIInfo.version)
        #expect(info.response.fields["API-Version"] == APIInfo.version)
        #expect(info["apiDocumentation"] == .string("https://api.example.se/digidel/docs"))
    }
}

/// A service in which every operation can succeed, and ways to make it answer with any status.
private struct Walk {
    private let service: TestApp
    private let away: TestApp
    private let partner: String
    private let ids: [String: String]

    /// A service with one of everything.
    static func prepared() async throws -> Walk {
        let service = try await TestApp.make()
        try await service.makeOrganisation("arsta")
        try await service.makeOrganisation("verkstan")
        try await service.makeOrganisation()
        try await service.makeDigidel2013()
        for resource in ResourceCase.all {
            let answer = await service.post(resource.collection, resource.body)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        for id in ["cancelled", "locked", "to-be-cancelled", "to-be-locked"] {
            let answer = await service.post(
                "campaigns", Self.digidel2013.merged(with: ["id": .string(id), "name": .string(id)]))
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        for act in ["campaigns/cancelled/cancel", "campaigns/locked/lock"] {
            let answer = await service.post(act, [:])
            guard answer.status == .ok else { throw TestApp.Unexpected(answer) }
        }
        let indicator = await service.post(
            "indicators", Self.indicator.merged(with: ["id": "ovana", "name": "Ovana"]))
        guard indicator.status == .created else { throw TestApp.Unexpected(indicator) }
        let stock = await service.post(
            "goals",
            [
                "id": "befolkning", "name": "Befolkning", "kind": "stock", "indicator": "ovana",
                "direction": "down",
                "baseline": ["value": 1_700_000], "target": 1_200_000, "startsOn": "2011-01-01",
                "endsOn": "2013-12-31",
            ])
        guard stock.status == .created else { throw TestApp.Unexpected(stock) }
        _ = await service.ask(.put, "indicators/ovana/observations/\(Self.observed)", ["value": 5])
        let count = await service.post("participant-counts", TestApp.count())
        let gone = await service.post("participant-counts", TestApp.count(["externalId": "gone"]))
        _ = await service.ask(.delete, gone.created, fields: ["If-Match": "*"])
        let key = await service.post("keys", ["role": "admin", "label": "x"])
        var others: [String: String] = [:]
        for (collection, body) in Self.others {
            let answer = await service.post(
                collection.replacing("{id}", with: others["strategies"] ?? ""), body)
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
            others[collection] = answer["id"]?.string
        }
        try await makeSurveys(service)
        let ids = [
            "areas": "se-0583", "problems": "conflict", "organisations": "motala-bibliotek",
            "campaign-series": "arsta-oppna-verkstad", "campaigns": "digidel2013", "goals": "digidel2013",
            "indicators": "ovana", "participant-counts": count["id"]?.string ?? "",
            "keys": key["id"]?.string ?? "",
            "lockCampaign": "to-be-locked", "cancelCampaign": "to-be-cancelled",
            "withdrawn": gone["id"]?.string ?? "", "audit-events": "\(count["id"]?.string ?? "").1",
            "surveys": "open", "openSurvey": "to-be-opened", "closeSurvey": "to-be-closed",
            "publishSurvey": "to-be-published", "getSurveySummary": "published", "changeSurvey": "draft",
            "replaceSurvey": "draft",
        ].merging(others) { own, _ in own }
        return Walk(
            service: service, away: try TestApp.withoutDatabase(),
            partner: try await service.makeKey(.partner, organisation: "arsta"), ids: ids)
    }

    /// A survey in each state, and one to be brought into each.
    private static func makeSurveys(_ service: TestApp) async throws {
        let acts = [
            "draft": [], "to-be-opened": [], "open": ["open"], "to-be-closed": ["open"],
            "to-be-published": ["open", "close"], "closed": ["open", "close"],
            "published": ["open", "close", "publish"],
        ]
        for (id, acts) in acts {
            let body = survey.merged(with: ["id": .string(id), "title": .string(id)])
            guard await service.post("surveys", body).status == .created else { throw ContractError(id) }
            for act in acts {
                let answer = await service.post("surveys/\(id)/\(act)", [:])
                guard answer.status == .ok else { throw TestApp.Unexpected(answer) }
            }
        }
    }

    /// What is posted to other collections, in an order in which each is there before it is named.
    private static let others: KeyValuePairs<String, JSONValue> = [
        "projects": [
            "owner": "motala-bibliotek", "name": "IKT i Motala", "startsOn": "2012-01-01",
            "areas": ["se-0583"],
            "funding": [["funder": "Kulturrådet", "amount": 100_000, "currency": "SEK"]],
            "milestones": [["date": "2012-06-30", "title": "Halvvägs"]],
        ],
        "service-points": [
            "name": "DigidelCenter Motala", "operator": "motala-bibliotek", "kind": "digidelCenter",
            "area": "se-0583", "location": ["lat": .exactly("58.537"), "lon": .exactly("15.036")],
        ],
        "activities": [
            "organiser": "motala-bibliotek", "type": "course", "title": "Surfa lugnt", "area": "se-0583",
            "from": "2012-03-01", "to": "2012-05-31", "precision": "season",
            "servicePoint": "digidelcenter-motala",
            "visited": [["organisation": "arsta"]],
        ],
        "agreements": [
            "parties": ["motala-bibliotek", "arsta"], "subject": "Läromedel", "signedOn": "2011-12-01",
            "deliverables": ["Ett häfte"],
        ],
        "publications": [
            "title": "Delrapport", "kind": "report", "publisher": "motala-bibliotek",
            "publishedOn": "2010-06-01",
            "formats": [["mediaType": "application/pdf", "url": "https://example.se/a.pdf"]],
        ],
        "strategies": ["name": "Den digitala vägen"],
        "strategies/{id}/items": [
            "year": 2012, "kind": "obligation", "title": "Ansök digitalt",
            "focusArea": ["number": 1, "name": "Post"],
        ],
        "guidance-sessions": [
            "organisation": "motala-bibliotek", "date": "2012-01-02", "topics": ["moms"], "channel": "onSite",
            "outcome": "solved", "travelKm": 14,
        ],
    ]

    private static let survey: JSONValue = [
        "title": "Walk through", "frame": ["organisations": ["motala-bibliotek", "arsta", "verkstan"]],
        "questions": [["id": "q1", "text": "Erbjuder ni stöd?", "type": "yesNo"]],
    ]

    // MARK: Asking

    /// The key that an operation needs.
    func key(_ operation: OpenAPIDocument.Operation) -> String? {
        operation.needsKey ? TestApp.adminKey : nil
    }

    /// Sends a request of an operation.
    func ask(
        _ operation: OpenAPIDocument.Operation, as method: Method? = nil, on service: TestApp? = nil,
        id: String? = nil, organisation: String = "motala-bibliotek", date: String = Self.observed,
        query: [String: String] = [:],
        body: JSONValue? = nil, key: String?,
        fields: KeyValuePairs<String, String> = [:]
    ) async -> Answer {
        let own = ids[operation.id] ?? ids[collection(operation)] ?? ""
        let path = operation.route.replacing("{id}", with: id ?? own).replacing(
            "{organisation}", with: organisation
        ).replacing("{respondent}", with: organisation).replacing("{date}", with: date).replacing(
            "{item}", with: ids["strategies/{id}/items"] ?? "")
        var query = query
        if query["radiusKm"] != nil { query["near"] = "58.5,15" }
        let parameters = query.map { "\($0)=\($1)" }.joined(separator: "&")
        let target = parameters.isEmpty ? path : "\(path)?\(parameters)"
        var request = Request(method ?? Method(rawValue: operation.method) ?? .get, target)
        if let key { request.fields.add("Authorization", "Bearer \(key)") }
        if let body {
            var json = JSONWriter()
            json.value(body)
            request.body = json.bytes
        }
        if body != nil { request.fields.add("Content-Type", "application/json") }
        for (name, value) in fields { request.fields.add(name, value) }
        return Answer(response: await (service ?? self.service).app.respond(to: request))
    }

    /// `goals` for `/v1/goals/{id}/progress`.
    private func collection(_ operation: OpenAPIDocument.Operation) -> String {
        operation.path.split(separator: "/").first.map(String.init) ?? ""
    }

    /// A body with which an operation succeeds; nil when it takes none.
    func body(_ operation: OpenAPIDocument.Operation) -> JSONValue? {
        guard operation.node["requestBody"] != nil else { return nil }
        if operation.method == "PATCH" {
            return .object([Self.nameMember(of: operation): ["en": "Another name"]])
        }
        let isNew = operation.method == "POST"
        switch collection(operation) {
        case "participant-counts" where operation.id == "createParticipantCountBatch":
            return .array([TestApp.count(["externalId": "batch"]), TestApp.count(["area": "se-9999"])])
        case _ where operation.id == "putEnrolment": return ["expected": .bool(true)]
        case _ where operation.id == "putObservation": return ["value": .exactly("5.5")]
        case _ where operation.id == "putSurveyResponse": return ["answers": ["q1": .bool(true)]]
        case "surveys" where operation.id.hasSuffix("eSurvey"): return Self.survey
        case "surveys": return [:]
        case "indicators": return Self.indicator
        case "participant-counts": return TestApp.count(isNew ? ["externalId": "walk"] : ["value": 43])
        case "keys": return ["role": "partner", "organisation": "arsta", "label": "Walk"]
        case "campaigns" where !isNew: return Self.digidel2013
        default:
            if let body = Self.others.first(where: { $0.key == place(operation) })?.value {
                return isNew
                    ? body.merged(with: .object([Self.nameMember(of: operation): "Walk through"])) : body
            }
            let resource = ResourceCase.all.first { $0.collection == collection(operation) }
            return isNew ? resource?.body(name: "Walk through") : resource?.body
        }
    }

    /// `strategies/{id}/items` for it and for what is in it.
    private func place(_ operation: OpenAPIDocument.Operation) -> String {
        operation.id.contains("StrategyItem") ? "strategies/{id}/items" : collection(operation)
    }

    /// The member that says what a thing is called.
    private static func nameMember(of operation: OpenAPIDocument.Operation) -> String {
        for (kind, member) in [
            "Activity": "title", "Publication": "title", "StrategyItem": "title", "Survey": "title",
            "Agreement": "subject", "GuidanceSession": "learnedThrough",
        ] where operation.id.hasSuffix(kind) { return member }
        return "name"
    }

    private static let digidel2013: JSONValue = [
        "name": "Digidel2013", "startsOn": "2011-01-01", "endsOn": "2013-12-31", "countries": ["se"],
        "organiser": "motala-bibliotek", "measures": ["newlyIncluded", "attendances"],
    ]

    private static let indicator: JSONValue = [
        "name": "Walk through", "source": "Survey", "unit": "people",
    ]
    /// A day of which there is an observation.
    static let observed = "2011-12-31"

    // MARK: Provoking

    /// Has an operation answer with a status.
    func provoke(_ status: Int, _ operation: OpenAPIDocument.Operation) async throws -> Answer {
        let (key, body) = (key(operation), body(operation))
        let isChange = ["PUT", "PATCH"].contains(operation.method)
        let any: KeyValuePairs = ["If-Match": "*"]
        switch status {
        case 200 where operation.id == "createParticipantCount":
            return await ask(operation, body: TestApp.count(), key: key)
        case 200 where operation.id == "deleteEnrolment":
            // Of an organisation that has not reported.
            _ = await service.ask(.put, "campaigns/digidel2013/enrolments/verkstan", [:])
            return await ask(operation, organisation: "verkstan", key: key)
        case 201 where operation.id == "putEnrolment":
            return await ask(operation, organisation: "verkstan", body: body, key: key)
        case 201 where operation.id == "putSurveyResponse":
            return await ask(operation, organisation: "verkstan", body: body, key: key)
        case 200 where operation.id == "putSurveyResponse":
            _ = await ask(operation, organisation: "arsta", body: body, key: key)
            return await ask(operation, organisation: "arsta", body: body, key: key)
        case 403 where operation.id == "putSurveyResponse":
            return await ask(
                operation, organisation: "arsta", body: ["state": "excluded", "reason": "x"], key: partner)
        case 201 where operation.id == "putObservation":
            return await ask(operation, date: "2011-11-30", body: body, key: key)
        case 200 where operation.id == "deleteObservation":
            // Another, since that of the walk is still needed.
            _ = await service.ask(.put, "indicators/ovana/observations/2011-10-31", ["value": 1])
            return await ask(operation, date: "2011-10-31", key: key)
        case 409 where operation.id == "replaceParticipantCount":
            return await ask(
                operation, id: ids["withdrawn"], body: TestApp.count(["externalId": "gone"]), key: key,
                fields: any)
        case 304: return await ask(operation, key: key, fields: ["If-None-Match": "*"])
        case 400: return await ask(operation, query: ["colour": "red"], body: body, key: key, fields: any)
        case 401:
            return await ask(operation, body: body, key: operation.needsKey ? nil : "wrong", fields: any)
        case 403: return await ask(operation, body: foreign(operation) ?? body, key: partner, fields: any)
        case 404:
            return await ask(operation, id: "0192f0c5-7a1e-7cc3-8f7e-1f2a3b4c5d6e", body: body, key: key)
        case 409:
            return await ask(
                operation, id: Self.closed[operation.id], body: conflicting(operation), key: key, fields: any)
        case 412: return await ask(operation, body: body, key: key, fields: ["If-Match": "\"99\""])
        case 413:
            return Answer(response: service.app.respond(to: Refusal.bodyTooLarge(limit: 1 << 20), of: nil))
        case 415: return try admission(operation)
        case 422 where operation.id == "createParticipantCountBatch":
            let once: KeyValuePairs = ["Idempotency-Key": "once"]
            _ = await ask(operation, body: body, key: key, fields: once)
            return await ask(operation, body: .array([]), key: key, fields: once)
        case 422: return await ask(operation, body: ruleBroken(operation), key: key, fields: any)
        case 428: return await ask(operation, body: body, key: key)
        case 429: return Answer(response: service.app.respond(to: Refusal.tooManyStreams, of: nil))
        case 503: return await ask(operation, on: away, body: body, key: key, fields: any)
        default:
            let needsTag = isChange || operation.id == "withdrawParticipantCount"
            return await ask(operation, body: body, key: key, fields: needsTag ? any : [:])
        }
    }

    /// The campaigns whose state does not allow an operation, and the goal whose kind does not.
    private static let closed = [
        "announceCampaign": "cancelled", "lockCampaign": "cancelled", "cancelCampaign": "locked",
        "putEnrolment": "locked", "getGoalBreakdown": "befolkning", "openSurvey": "open",
        "closeSurvey": "draft", "publishSurvey": "open", "replaceSurvey": "open", "changeSurvey": "open",
        "putSurveyResponse": "closed",
    ]

    /// Another organisation's count.
    private func foreign(_ operation: OpenAPIDocument.Operation) -> JSONValue? {
        operation.id == "createParticipantCount" ? TestApp.count() : nil
    }

    /// A body that is in conflict with what is there.
    private func conflicting(_ operation: OpenAPIDocument.Operation) -> JSONValue? {
        switch (operation.method, collection(operation)) {
        case _ where operation.id == "putEnrolment": body(operation)
        case (_, "participant-counts"): TestApp.count(["value": 7])
        case _ where ["replaceSurvey", "changeSurvey"].contains(operation.id):
            Self.survey.merged(with: ["questions": [["id": "q2", "text": "Varför?", "type": "text"]]])
        case _ where operation.id == "putSurveyResponse": body(operation)
        case ("POST", "surveys") where operation.id != "createSurvey": body(operation)
        case ("POST", _): body(operation)?.merged(with: ["id": .string(ids[collection(operation)] ?? "")])
        case ("PATCH", _): ["endsOn": "2011-12-31"]
        default: body(operation)?.merged(with: ["endsOn": "2011-12-31"])
        }
    }

    /// A body that breaks a rule.
    private func ruleBroken(_ operation: OpenAPIDocument.Operation) -> JSONValue? {
        let change: JSONValue =
            switch collection(operation) {
            case _ where operation.id == "putEnrolment": ["exemptReason": "eva@example.se"]
            case _ where operation.id == "putObservation": ["source": "eva@example.se"]
            case "participant-counts": ["area": "dk"]
            case "keys": ["label": "eva@example.se"]
            case _ where operation.id == "putSurveyResponse": ["answers": ["q9": .bool(true)]]
            default: .object([Self.nameMember(of: operation): "eva@example.se"])
            }
        return operation.method == "PATCH" ? change : body(operation)?.merged(with: change)
    }

    /// The answer to a head with another media type.
    private func admission(_ operation: OpenAPIDocument.Operation) throws -> Answer {
        let method = try #require(Method(rawValue: operation.method))
        let path = operation.route.replacing("{id}", with: "any")
        let head = Request(
            method, path,
            fields: ["Authorization": "Bearer \(TestApp.adminKey)", "Content-Type": "text/plain"])
        guard case .refused(let response) = service.app.admit(head) else {
            throw ContractError("\(operation.id) takes text/plain")
        }
        return Answer(response: response)
    }
}

extension JSONValue {
    /// A value of the document as a request has it.
    init(_ node: Node) {
        self =
            switch node {
            case .null: .null
            case .boolean(let truth): .bool(truth)
            case .integer(let number): .number(Decimal(number))
            case .number(let number): .exactly("\(number)")
            case .string(let text): .string(text)
            case .list(let elements): .array(elements.map(JSONValue.init))
            case .object(let members):
                .object(
                    Dictionary(uniqueKeysWithValues: members.entries.map { ($0.name, JSONValue($0.value)) }))
            }
    }
}
