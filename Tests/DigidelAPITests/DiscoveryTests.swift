import Foundation
import HTTP
import Testing

@testable import DigidelAPI

/// How programs and catalogues find the API, and people whom to tell of a weakness.
@Suite struct DiscoveryTests {
    private func get(
        _ target: String, _ method: HTTP.Method = .get, fields: KeyValuePairs<String, String> = [:]
    ) async throws -> Answer {
        let service = try TestApp.withoutDatabase()
        var request = Request(method, target)
        for (name, value) in fields { request.fields.add(name, value) }
        return Answer(response: await service.app.answer(to: request))
    }

    // MARK: Catalogue of APIs

    private static let link = "<https://api.example.se/.well-known/api-catalog>; rel=\"api-catalog\""

    @Test(arguments: [HTTP.Method.get, .head]) func theCatalogueIsALinkSet(method: HTTP.Method) async throws {
        let answer = try await get("/.well-known/api-catalog", method)
        #expect(answer.status == .ok)
        #expect(
            answer.response.fields["Content-Type"]
                == "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"")
        #expect(answer.response.fields["Link"] == Self.link)
    }

    @Test func theCatalogueLeadsToTheDescriptionAndToThePages() async throws {
        let answer = try await get("/.well-known/api-catalog")
        let own = "https://api.example.se/digidel"
        #expect(answer["linkset", 0, "anchor"] == "https://api.example.se/.well-known/api-catalog")
        #expect(answer["linkset", 0, "item", 0, "href"] == .string(TestApp.baseURL))
        #expect(answer["linkset", 1, "anchor"] == .string(TestApp.baseURL))
        #expect(answer["linkset", 1, "service-desc", 0, "href"] == .string("\(TestApp.baseURL)/openapi.yaml"))
        #expect(answer["linkset", 1, "service-desc", 1, "href"] == .string("\(TestApp.baseURL)/openapi.json"))
        #expect(answer["linkset", 1, "service-doc", 0, "href"] == .string("\(own)/docs"))
        #expect(answer["linkset", 1, "service-meta", 0, "href"] == .string("\(TestApp.baseURL)/dcat"))
        #expect(answer["linkset", 1, "status", 0, "href"] == .string("\(own)/health/ready"))
    }

    @Test(arguments: ["/v1/api-info", "/docs"]) func theCatalogueIsLinkedTo(path: String) async throws {
        #expect(try await get(path).response.fields["Link"] == Self.link)
    }

    // MARK: security.txt

    @Test func securityTextSaysWhomToTell() async throws {
        let answer = try await get("/.well-known/security.txt")
        #expect(answer.response.fields["Content-Type"] == "text/plain; charset=utf-8")
        #expect(
            answer.text == """
                Contact: https://api.example.se/digidel/docs#security
                Expires: 2012-12-01T00:00:00Z
                Preferred-Languages: sv, en
                Canonical: https://api.example.se/.well-known/security.txt
                Policy: https://api.example.se/digidel/docs#security

                """)
        #expect(try await get("/docs").text.contains("id=\"security\""))
    }

    /// RFC 9116, 2.5.5: less than a year ahead; and never about to be out of date.
    @Test func securityTextIsNeverOutOfDate() throws {
        var day = try #require(CalendarDate("2023-12-01"))
        for _ in 0..<800 {
            let expiry = try #require(CalendarDate(String(SecurityText.expiry(asOf: day).prefix(10))))
            #expect((150...190).contains(expiry - day), "\(day)")
            day = day + 1
        }
    }

    @Test(arguments: [
        ("mailto:sec@example.se", true), ("https://example.se/sec", true), ("tel:+46-8-123", true),
        ("http://example.se", false), ("sec@example.se", false), ("mailto:x", false), ("https://", false),
        ("https://a b", false), ("tel:x", false),
    ])
    func theContactIsAnAddress(contact: String, isTaken: Bool) {
        let config = try? Config(environment: ["SECURITY_CONTACT": contact])
        #expect((config != nil) == isTaken)
        #expect(config == nil || config?.publisher.securityContact == contact)
    }

    @Test(arguments: ["PUBLISHER_URL", "PUBLISHER_EMAIL"]) func thePublishersAddressesAreChecked(name: String)
    {
        #expect(throws: Config.Fault.self) { try Config(environment: [name: "x y"]) }
    }

    // MARK: Catalogue of data

    @Test(
        arguments: [
            ("", nil, "application/rdf+xml"), ("", "text/turtle", "text/turtle"),
            ("", "application/ld+json, */*;q=0.1", "application/ld+json"),
            ("", "application/json", "application/json"),
            ("?format=turtle", nil, "text/turtle"), ("?format=json-ld", "text/turtle", "application/ld+json"),
        ] as [(String, String?, String)])
    func theCatalogueOfDataHasSeveralForms(query: String, accepted: String?, mediaType: String) async throws {
        let answer = try await get("/v1/dcat" + query, fields: ["Accept": accepted ?? "*/*"])
        #expect(answer.status == .ok)
        #expect(answer.response.fields["Content-Type"] == mediaType)
        #expect(answer.response.fields["Vary"]?.hasPrefix("Accept,") == true)
        #expect(answer.text.contains("\(TestApp.baseURL)/dcat#participant-statistics"))
    }

    /// That they say the same is tested by an RDF parser; here that each says everything.
    @Test func everyFormSaysEverything() async throws {
        let graph = DataCatalogue(
            baseURL: TestApp.baseURL, rootURL: "https://api.example.se/digidel", publisher: Publisher()
        ).graph
        let json = try JSONValue(parsing: graph.jsonLD)
        #expect("@graph".step(into: json)?.count == graph.resources.count)
        let statements = graph.resources.map { $0.statements.count + 1 }.reduce(0, +)
        #expect(graph.turtle.components(separatedBy: " ;\n").count + graph.resources.count - 1 == statements)
        #expect(Set(graph.resources.map(\.address)).count == graph.resources.count)
        let addresses = Set(graph.resources.map(\.address))
        for resource in graph.resources {
            for case (let property, .address(let address)) in resource.statements
            where address.hasPrefix("\(TestApp.baseURL)/dcat") {
                #expect(addresses.contains(address), "\(property) of \(resource.address)")
            }
        }
    }

    @Test func everyDatasetIsDescribedInBothLanguagesAndComesInFormsThatAreThere() async throws {
        let service = try await TestApp.make()
        let graph = DataCatalogue(
            baseURL: TestApp.baseURL, rootURL: "https://api.example.se/digidel", publisher: Publisher()
        ).graph
        func values(_ property: String, of resource: RDFResource) -> [RDFResource.Value] {
            resource.statements.filter { $0.property == property }.map(\.value)
        }
        let datasets = graph.resources.filter { $0.type == "dcat:Dataset" }
        #expect(datasets.count == OpenDataset.all.count)
        for dataset in datasets {
            for property in ["dcterms:title", "dcterms:description"] {
                #expect(values(property, of: dataset).count == 2)
            }
            for property in [
                "dcterms:publisher", "dcat:contactPoint", "dcat:theme", "dcterms:accrualPeriodicity",
            ] {
                #expect(!values(property, of: dataset).isEmpty)
            }
        }
        let distributions = graph.resources.filter { $0.type == "dcat:Distribution" }
        for distribution in distributions {
            guard case .address(let address)? = values("dcat:accessURL", of: distribution).first,
                case .address(let type)? = values("dcat:mediaType", of: distribution).first
            else {
                Issue.record("\(distribution.address)")
                continue
            }
            let answer = await service.get(String(address.dropFirst(TestApp.baseURL.count + 1)))
            #expect(answer.status == .ok, "\(address)")
            let field = answer.response.fields["Content-Type"] ?? ""
            let found = field.prefix { $0 != ";" }
            #expect(type.hasSuffix("/\(found)") || found == "application/json-stat+json", "\(address)")
        }
    }

    @Test func thePublisherIsTheOneThatIsSet() throws {
        let config = try Config(environment: [
            "PUBLISHER_NAME": "A & <B> \"C\"", "PUBLISHER_URL": "https://www.example.se/?a=1&b=2",
            "PUBLISHER_EMAIL": "data@example.se",
        ])
        let graph = DataCatalogue(
            baseURL: TestApp.baseURL, rootURL: "https://api.example.se/digidel", publisher: config.publisher
        ).graph
        #expect(graph.xml.contains("<foaf:name>A &amp; &lt;B&gt; &quot;C&quot;</foaf:name>"))
        #expect(graph.xml.contains("rdf:resource=\"https://www.example.se/?a=1&amp;b=2\""))
        #expect(graph.turtle.contains(#"foaf:name "A & <B> \"C\"""#))
        #expect(graph.turtle.contains("vcard:hasEmail <mailto:data@example.se>"))
    }
}
