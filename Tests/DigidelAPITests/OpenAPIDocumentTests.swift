import Foundation
import Testing

@testable import DigidelAPI

/// openapi.yaml itself, and how `OpenAPIDocument` finds things in it.
struct OpenAPIDocumentTests {
    private let document: OpenAPIDocument

    init() throws { document = try OpenAPIDocument.load() }

    @Test func operationsAreListedInOrderWithTheRouteTheyAreServedUnder() throws {
        let routes = document.operations.map { "\($0.method) \($0.route)" }
        #expect(routes.first == "GET /v1/api-info")
        #expect(routes.suffix(2) == ["GET /health/live", "GET /health/ready"])
        #expect(Set(routes).count == routes.count)
        #expect(Set(document.operations.map(\.id)).count == routes.count)
    }

    @Test func operationsAreFoundByPathAndByRoute() throws {
        #expect(try document.operation("GET", "/goals/{id}/progress").id == "getGoalProgress")
        #expect(try document.operation("GET", "/v1/goals/{id}/progress").id == "getGoalProgress")
        #expect(throws: ContractError.self) { try document.operation("DELETE", "/v1/goals/{id}") }
    }

    @Test func writesAndRawCountsNeedAKey() throws {
        let open = document.operations.filter { !$0.needsKey }
        #expect(open.allSatisfy { $0.method == "GET" })
        #expect(try document.operation("GET", "/v1/participant-counts/{id}").needsKey)
        #expect(try document.operation("GET", "/v1/keys").needsKey)
    }

    @Test func everyReferenceLeadsSomewhereAndEveryComponentIsUsed() throws {
        let references = Set(strings(of: "$ref", in: document.root))
        for reference in references { _ = try document.target(of: reference) }
        for (group, components) in document.root["components"]?.object?.entries ?? []
        where group != "securitySchemes" {
            for name in components.object?.names ?? [] {
                #expect(references.contains("#/components/\(group)/\(name)"))
            }
        }
    }

    @Test func everySchemaUsesKeywordsThatAreChecked() throws {
        let schemas = nodes(of: "schema", in: document.root)
        for schema in schemas { try SchemaValidator.check(schema) }
        for schema in document.root["components"]?["schemas"]?.object?.entries ?? [] {
            try SchemaValidator.check(schema.value)
        }
        #expect(schemas.count > 50)
    }

    @Test func everyExampleFitsItsSchema() throws {
        let validator = SchemaValidator(document: document)
        let bodies = nodes(of: "content", in: document.root).flatMap { $0.object?.entries ?? [] }
        var count = 0
        for (mediaType, body) in bodies where mediaType.hasSuffix("json") {
            for (name, example) in body["examples"]?.object?.entries ?? [] {
                let value = try #require(try document.resolve(example)["value"])
                let faults = try validator.faults(in: value, against: body["schema"] ?? .null)
                #expect(faults.isEmpty, "\(name)")
                count += 1
            }
        }
        #expect(count > 50)
    }

    /// No object that a client sends or reads has members that are not documented.
    @Test func everyObjectIsClosed() throws {
        let readOnly = "#/components/schemas/ReadOnlyLinks"
        for (name, schema) in document.root["components"]?["schemas"]?.object?.entries ?? []
        where "#/components/schemas/\(name)" != readOnly {
            for object in objects(in: schema) { #expect(object["additionalProperties"] != nil, "\(name)") }
        }
    }

    @Test func everyOperationTracesAndNamesItsRefusals() throws {
        for operation in document.operations {
            let names =
                try operation.node["parameters"]?.list?.map { try document.resolve($0)["name"]?.string } ?? []
            #expect(names.contains("traceparent"), "\(operation.id)")
            for status in operation.node["responses"]?.object?.names ?? [] {
                let response = try document.resolve(operation.node["responses"]?[status] ?? .null)
                #expect(response["headers"]?["traceparent"] != nil, "\(operation.id) \(status)")
                #expect(response["headers"]?["API-Version"] != nil, "\(operation.id) \(status)")
            }
        }
    }

    /// Replaces what is there, or puts it there: there may be nothing to name in If-Match.
    private static let upserts: Set = ["putEnrolment", "putObservation", "putSurveyResponse"]

    @Test func conditionsAreDocumentedWhereTheyCount() throws {
        for operation in document.operations {
            let parameters = try (operation.node["parameters"]?.list ?? []).map(document.resolve)
            let ifMatch = parameters.first { $0["name"] == .string("If-Match") }
            let isRead = operation.method == "GET"
            let isChange =
                operation.id == "withdrawParticipantCount"
                || ["PUT", "PATCH"].contains(operation.method) && !Self.upserts.contains(operation.id)
            #expect((ifMatch != nil) == (isRead || isChange), "\(operation.id)")
            #expect((ifMatch?["required"] == .boolean(true)) == isChange, "\(operation.id)")
            #expect(
                parameters.contains { $0["name"] == .string("If-None-Match") } == isRead, "\(operation.id)")
            let statuses = operation.node["responses"]?.object?.names ?? []
            #expect(statuses.contains("304") == isRead, "\(operation.id)")
            #expect(statuses.contains("412"), "\(operation.id)")
            #expect(statuses.contains("428") == isChange, "\(operation.id)")
        }
    }

    @Test func answersAreComparedWithTheContract() throws {
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let fields = ["Traceparent": trace, "API-Version": "1.0.0", "Content-Type": "application/json"]
        func faults(_ fields: [String: String], _ body: String) throws -> [String] {
            try document.faults(
                inAnswerTo: "GET", "/health/live", status: 200, fields: fields, body: Data(body.utf8)
            ).map(\.pointer)
        }
        #expect(try faults(fields, #"{"status": "pass"}"#) == [])
        #expect(try faults(fields, #"{"status": "fail", "host": "a"}"#).sorted() == ["/host", "/status"])
        #expect(
            try faults(["content-type": "application/json; charset=utf-8"], #"{"status": "pass"}"#).count == 2
        )
        #expect(throws: ContractError.self) { try faults(["content-type": "text/plain"], "pass") }
        #expect(throws: ContractError.self) { try document.response("GET", "/health/live", status: 201) }
        #expect(try document.response("GET", "/health/live", status: 500)["description"] != nil)
    }

    @Test func answersWithoutABodyAreComparedToo() throws {
        func count(_ fields: [String: String], _ body: Data) throws -> Int {
            try document.faults(inAnswerTo: "GET", "/v1/areas", status: 304, fields: fields, body: body).count
        }
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        #expect(try count(["traceparent": trace, "api-version": "1.0.0"], Data()) == 0)
        #expect(try count(["traceparent": "x", "api-version": "1.0.0"], Data("x".utf8)) == 2)
    }

    @Test(arguments: [
        (#""from": "2016-10-03", "to": "2016-10-09""#, 0), (#""period": "2016-W40", "note": null"#, 0),
        (#""from": "2016-10-03""#, 1), (#""period": "2016-13""#, 1),
        (#""period": "2016", "status": "accepted""#, 1),
        (#""period": "2016", "breakdowns": {"age": {"0-17": 1, "18-31": 2}}"#, 1),
    ])
    func requestsAreComparedWithTheContract(rest: String, faults: Int) throws {
        let body = """
            {"organisation": "motala-bibliotek", "campaign": "emedborgarveckan-2016",
             "measure": "attendances", "value": 3, "area": "se-0583", "channel": "onSite", \(rest)}
            """
        let found = try document.faults(inRequest: "POST", "/v1/participant-counts", body: Data(body.utf8))
        #expect(found.isEmpty == (faults == 0), "\(found)")
    }

    /// What a GET answers can be sent back by PUT.
    @Test(arguments: ["Organisation", "CampaignSeries", "Campaign", "Goal"])
    func readOnlyMembersMayComeBack(name: String) throws {
        let validator = SchemaValidator(document: document)
        let read = try #require(document.root["components"]?["examples"]?[name]?["value"])
        let schemas = try #require(document.root["components"]?["schemas"])
        let replacement = try #require(schemas["\(name)Replacement"])
        let new = try #require(schemas["\(name)New"])
        #expect(try validator.faults(in: read, against: replacement).isEmpty)
        #expect(try !validator.faults(in: read, against: new).isEmpty)
    }

    /// The values of a member, at any depth.
    private func nodes(of name: String, in node: Node) -> [Node] {
        let members = node.object?.entries ?? []
        let children = members.map(\.value) + (node.list ?? [])
        return (node[name].map { [$0] } ?? []) + children.flatMap { nodes(of: name, in: $0) }
    }

    /// The texts of a member, at any depth.
    private func strings(of name: String, in node: Node) -> [String] {
        nodes(of: name, in: node).compactMap(\.string)
    }

    /// The schema and those inside it that describe objects by their properties.
    private func objects(in node: Node) -> [Node] {
        let children = (node.object?.entries ?? []).map(\.value) + (node.list ?? [])
        let isObject = node["properties"]?.object != nil && node["type"] != nil
        return (isObject ? [node] : []) + children.flatMap { objects(in: $0) }
    }
}
