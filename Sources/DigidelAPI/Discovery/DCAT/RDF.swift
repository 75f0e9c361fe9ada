/// A thing in a graph (RDF 1.1): its address, its class and what is said of it, in order.
struct RDFResource {
    /// What is said of a thing.
    enum Value: Equatable {
        case address(String)
        case text(String, Language)
        case plain(String)
        case typed(String, String)
    }

    let address: String
    /// The class, as a short name such as `dcat:Dataset`.
    let type: String
    private(set) var statements: [(property: String, value: Value)] = []

    init(_ address: String, _ type: String) {
        self.address = address
        self.type = type
    }

    /// Says a property's values; one that is nil is not said.
    mutating func say(_ property: String, _ values: Value?...) {
        for case let value? in values { statements.append((property, value)) }
    }

    /// Says a text in Swedish and English.
    mutating func say(_ property: String, _ text: (sv: String, en: String)) {
        say(property, .text(text.sv, .sv), .text(text.en, .en))
    }
}

/// A graph in one of its written forms, which all say the same.
struct RDFGraph {
    /// What the short names stand for.
    static let prefixes: [(name: String, address: String)] = [
        ("adms", "http://www.w3.org/ns/adms#"),
        ("dcat", "http://www.w3.org/ns/dcat#"),
        ("dcatap", "http://data.europa.eu/r5r/"),
        ("dcterms", "http://purl.org/dc/terms/"),
        ("foaf", "http://xmlns.com/foaf/0.1/"),
        ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
        ("vcard", "http://www.w3.org/2006/vcard/ns#"),
        ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ]

    let resources: [RDFResource]

    /// What a short name stands for.
    private static func address(of name: String) -> String {
        let parts = name.split(separator: ":", maxSplits: 1)
        let prefix = prefixes.first { $0.name == parts[0] }
        return (prefix?.address ?? "") + parts[1]
    }

    /// RDF 1.1 Turtle.
    var turtle: String {
        func term(_ value: RDFResource.Value) -> String {
            switch value {
            case .address(let address): "<\(address)>"
            case .text(let text, let language): "\(quoted(text))@\(language.rawValue)"
            case .plain(let text): quoted(text)
            case .typed(let text, let type): "\(quoted(text))^^\(type)"
            }
        }
        func quoted(_ text: String) -> String { Node.string(text).pretty() }
        let prefixes = Self.prefixes.map { "@prefix \($0.name): <\($0.address)> .\n" }.joined()
        return prefixes
            + resources.map { resource in
                let lines =
                    ["a \(resource.type)"] + resource.statements.map { "\($0.property) \(term($0.value))" }
                return "\n<\(resource.address)> \(lines.joined(separator: " ;\n    ")) .\n"
            }.joined()
    }

    /// RDF 1.1 XML Syntax.
    var xml: String {
        let names = Self.prefixes.map { " xmlns:\($0.name)=\"\($0.address)\"" }.joined(separator: "\n   ")
        let things = resources.map { resource in
            let lines = resource.statements.map { property, value in
                switch value {
                case .address(let address):
                    "    <\(property) rdf:resource=\"\(address.escapedForMarkup)\"/>\n"
                case .text(let text, let language):
                    "    <\(property) xml:lang=\"\(language.rawValue)\">\(text.escapedForMarkup)</\(property)>\n"
                case .plain(let text): "    <\(property)>\(text.escapedForMarkup)</\(property)>\n"
                case .typed(let text, let type):
                    "    <\(property) rdf:datatype=\"\(Self.address(of: type))\">\(text.escapedForMarkup)</\(property)>\n"
                }
            }
            return """
                  <\(resource.type) rdf:about="\(resource.address.escapedForMarkup)">
                \(lines.joined())  </\(resource.type)>

                """
        }
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF\(names)>\n\(things.joined())</rdf:RDF>\n"
    }

    /// JSON-LD 1.1.
    var jsonLD: [UInt8] {
        var json = JSONWriter(capacity: 100_000)
        json.object { json in
            json.member("@context") { json in
                for (name, address) in Self.prefixes { json.member(name, address) }
            }
            json.name("@graph")
            json.array(resources) { json, resource in
                json.object { json in
                    json.member("@id", resource.address)
                    json.member("@type", resource.type)
                    var named: Set<String> = []
                    for property in resource.statements.map(\.property) where named.insert(property).inserted
                    {
                        json.name(property)
                        json.array(resource.statements.filter { $0.property == property }) {
                            json, statement in
                            json.object { json in statement.value.write(to: &json) }
                        }
                    }
                }
            }
        }
        return json.bytes
    }
}

extension RDFResource.Value {
    /// The members of a value object (JSON-LD 1.1, 4.2).
    fileprivate func write(to json: inout JSONWriter) {
        switch self {
        case .address(let address): json.member("@id", address)
        case .text(let text, let language):
            json.member("@value", text)
            json.member("@language", language.rawValue)
        case .plain(let text): json.member("@value", text)
        case .typed(let text, let type):
            json.member("@value", text)
            json.member("@type", type)
        }
    }
}
