import HTTP

/// The catalogue of the open data, after DCAT-AP-SE 3.0.
struct DataCatalogue {
    let baseURL: String
    let rootURL: String
    let publisher: Publisher

    private static let licence = "http://creativecommons.org/publicdomain/zero/1.0/"
    private static let authority = "http://publications.europa.eu/resource/authority"
    /// The countries whose data there are.
    private static let countries = ["SWE", "NOR", "DNK"]

    private var address: String { "\(baseURL)/dcat" }
    private var service: String { "\(address)#api" }
    private var agent: String { "\(address)#publisher" }
    private var contact: String { "\(address)#contact" }

    var graph: RDFGraph {
        RDFGraph(
            resources: [catalogue, agentResource, contactResource, serviceResource]
                + OpenDataset.all.flatMap(resources))
    }

    private var catalogue: RDFResource {
        var catalogue = RDFResource("\(address)#catalogue", "dcat:Catalog")
        catalogue.say(
            "dcterms:title", ("Öppna data om digital delaktighet", "Open data on digital inclusion"))
        catalogue.say(
            "dcterms:description",
            (
                "Hur många som nåddes av arbetet för digital delaktighet, var och av vem, hur långt målen har kommit, och vilka som gör arbetet.",
                "How many were reached by the work for digital inclusion, where and by whom, how far the goals have come, and who does the work."
            ))
        describe(&catalogue)
        catalogue.say("dcterms:license", .address(Self.licence))
        catalogue.say("foaf:homepage", .address("\(rootURL)/docs"))
        catalogue.say("dcat:themeTaxonomy", .address("\(Self.authority)/data-theme"))
        catalogue.say("dcterms:issued", .typed(APIInfo.released, "xsd:date"))
        catalogue.say("dcat:service", .address(service))
        for dataset in OpenDataset.all { catalogue.say("dcat:dataset", .address(address(of: dataset))) }
        return catalogue
    }

    private var agentResource: RDFResource {
        var resource = RDFResource(agent, "foaf:Agent")
        resource.say("foaf:name", .plain(publisher.name))
        resource.say("foaf:homepage", .address(publisher.url ?? "\(rootURL)/docs"))
        return resource
    }

    private var contactResource: RDFResource {
        var resource = RDFResource(contact, "vcard:Organization")
        resource.say("vcard:fn", .plain(publisher.name))
        resource.say("vcard:hasEmail", publisher.email.map { .address("mailto:\($0)") })
        resource.say("vcard:hasURL", .address(publisher.url ?? "\(rootURL)/docs"))
        return resource
    }

    private var serviceResource: RDFResource {
        var resource = RDFResource(service, "dcat:DataService")
        resource.say("dcterms:title", ("Digidel API", "Digidel API"))
        resource.say(
            "dcterms:description",
            (
                "REST-API med allt som publiceras, som JSON, CSV och JSON-stat. Ingen nyckel behövs för att läsa.",
                "REST API with all that is published, as JSON, CSV and JSON-stat. No key is needed to read."
            ))
        describe(&resource)
        resource.say("dcat:contactPoint", .address(contact))
        resource.say("dcterms:license", .address(Self.licence))
        resource.say("dcat:endpointURL", .address(baseURL))
        resource.say(
            "dcat:endpointDescription", .address("\(baseURL)/openapi.yaml"),
            .address("\(baseURL)/openapi.json"))
        resource.say("foaf:page", .address("\(rootURL)/docs"))
        resource.say("dcterms:accessRights", .address("\(Self.authority)/access-right/PUBLIC"))
        resource.say("dcat:theme", .address("\(Self.authority)/data-theme/SOCI"))
        resource.say("dcat:keyword", ("digital delaktighet", "digital inclusion"))
        for dataset in OpenDataset.all { resource.say("dcat:servesDataset", .address(address(of: dataset))) }
        return resource
    }

    private func address(of dataset: OpenDataset) -> String { "\(address)#\(dataset.id)" }

    /// What catalogue, service and datasets have in common.
    private func describe(_ resource: inout RDFResource) {
        resource.say("dcterms:publisher", .address(agent))
        for language in ["SWE", "ENG"] {
            resource.say("dcterms:language", .address("\(Self.authority)/language/\(language)"))
        }
        for country in Self.countries {
            resource.say("dcterms:spatial", .address("\(Self.authority)/country/\(country)"))
        }
    }

    /// A dataset and the forms that it comes in.
    private func resources(of dataset: OpenDataset) -> [RDFResource] {
        var resource = RDFResource(address(of: dataset), "dcat:Dataset")
        resource.say("dcterms:identifier", .plain(address(of: dataset)))
        resource.say("dcterms:title", dataset.title)
        resource.say("dcterms:description", dataset.description)
        describe(&resource)
        resource.say("dcat:contactPoint", .address(contact))
        for keyword in dataset.keywords { resource.say("dcat:keyword", keyword) }
        for theme in dataset.themes {
            resource.say("dcat:theme", .address("\(Self.authority)/data-theme/\(theme)"))
        }
        resource.say(
            "dcterms:accrualPeriodicity", .address("\(Self.authority)/frequency/\(dataset.frequency)"))
        resource.say("dcterms:accessRights", .address("\(Self.authority)/access-right/PUBLIC"))
        resource.say("foaf:page", .address("\(rootURL)/docs"))
        let distributions = dataset.formats.map { distribution(of: dataset, as: $0) }
        for distribution in distributions {
            resource.say("dcat:distribution", .address(distribution.address))
        }
        return [resource] + distributions
    }

    private func distribution(of dataset: OpenDataset, as format: StatisticsFormat) -> RDFResource {
        var resource = RDFResource("\(address(of: dataset))-\(format.rawValue)", "dcat:Distribution")
        let parameters = [dataset.query, format == .json ? "" : "format=\(format.rawValue)"].filter {
            !$0.isEmpty
        }
        let query = parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&")
        let data = "\(baseURL)/\(dataset.path)\(query)"
        let name =
            switch format {
            case .json: "JSON"
            case .csv: "CSV"
            case .jsonStat: "JSON-stat"
            }
        resource.say("dcterms:title", ("\(dataset.title.sv), \(name)", "\(dataset.title.en), \(name)"))
        resource.say("dcat:accessURL", .address(data))
        // Lists come in pages as JSON, and whole as CSV.
        if format != .json || dataset.formats.contains(.jsonStat) || dataset.formats == [.json] {
            resource.say("dcat:downloadURL", .address(data))
        }
        resource.say("dcat:accessService", .address(service))
        resource.say(
            "dcterms:format", .address("\(Self.authority)/file-type/\(format == .csv ? "CSV" : "JSON")"))
        resource.say(
            "dcat:mediaType",
            .address("https://www.iana.org/assignments/media-types/\(Self.registered(format))"))
        resource.say("dcterms:license", .address(Self.licence))
        resource.say("dcatap:availability", .address("\(Self.authority)/planned-availability/STABLE"))
        resource.say("adms:status", .address("\(Self.authority)/distribution-status/COMPLETED"))
        switch format {
        case .json: resource.say("dcterms:conformsTo", .address("https://www.rfc-editor.org/info/rfc8259"))
        case .csv: resource.say("dcterms:conformsTo", .address("https://www.rfc-editor.org/info/rfc4180"))
        case .jsonStat: resource.say("dcterms:conformsTo", .address("https://json-stat.org/full/"))
        }
        return resource
    }

    /// The media type as IANA has it; JSON-stat has none of its own there.
    private static func registered(_ format: StatisticsFormat) -> String {
        format == .jsonStat ? StatisticsFormat.json.mediaType : format.mediaType
    }
}

/// In which form the catalogue is wanted.
enum CatalogueFormat: String, AnswerFormat {
    case rdf, turtle
    case jsonLD = "json-ld"
    /// The same for programs that only know JSON.
    case json

    var mediaType: String {
        switch self {
        case .rdf: "application/rdf+xml"
        case .turtle: "text/turtle"
        case .jsonLD: "application/ld+json"
        case .json: "application/json"
        }
    }
}

extension App {
    /// The catalogue of the open data, for those who collect such catalogues.
    func showDataCatalogue(_ call: Call) async throws -> Response {
        var query = try call.query()
        let format: CatalogueFormat? = query.choice("format")
        try query.finish()
        let chosen = format ?? .accepted(by: call.request.fields["Accept"])
        let graph = DataCatalogue(baseURL: baseURL, rootURL: rootURL, publisher: publisher).graph
        let body =
            switch chosen {
            case .rdf: Array(graph.xml.utf8)
            case .turtle: Array(graph.turtle.utf8)
            case .jsonLD, .json: graph.jsonLD
            }
        var response = try call.answer(body, in: chosen)
        if response.status == .ok { response.fields["Content-Language"] = "sv, en" }
        return response
    }
}
