import HTTP

extension App {
    /// Where the service is.
    var rootURL: String { baseURL.withoutVersion }

    /// The root of the service's host, where well-known addresses are (RFC 8615).
    var origin: String {
        let parts = baseURL.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.prefix(3).joined(separator: "/")
    }

    private var catalogueURL: String { "\(origin)/.well-known/api-catalog" }

    /// The field Link that leads to the catalogue of APIs (RFC 9727, 4).
    var catalogueLink: String { "<\(catalogueURL)>; rel=\"api-catalog\"" }

    /// What this host's APIs are and where they are described (RFC 9727), as a link set (RFC 9264).
    func showAPICatalog(_ call: Call) async throws -> Response {
        var json = JSONWriter()
        json.object { json in
            json.name("linkset")
            json.array([catalogue, api]) { json, context in
                json.object { json in
                    json.member("anchor", context.anchor)
                    for (relation, targets) in context.links {
                        json.name(relation)
                        json.array(targets) { json, target in
                            json.object { json in
                                json.member("href", target.address)
                                json.member("type", target.mediaType)
                                if !target.languages.isEmpty { json.member("hreflang", target.languages) }
                            }
                        }
                    }
                }
            }
        }
        var response = try call.answer(.ok, json.bytes)
        response.fields["Link"] = catalogueLink
        guard response.status == .ok else { return response }
        response.fields["Content-Type"] =
            "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\""
        response.fields["Content-Language"] = nil
        return response
    }

    private typealias Target = (address: String, mediaType: String?, languages: [String])
    private typealias Context = (anchor: String, links: [(String, [Target])])

    private var catalogue: Context { (catalogueURL, [("item", [(baseURL, nil, [])])]) }

    private var api: Context {
        (
            baseURL,
            [
                (
                    "service-desc",
                    [
                        ("\(baseURL)/openapi.yaml", "application/yaml", []),
                        ("\(baseURL)/openapi.json", "application/json", []),
                    ]
                ),
                ("service-doc", [("\(rootURL)/docs", "text/html", ["sv", "en"])]),
                ("service-meta", [("\(baseURL)/dcat", "application/rdf+xml", ["sv", "en"])]),
                ("status", [("\(rootURL)/health/ready", "application/json", [])]),
            ]
        )
    }

    /// Where faults in security are told (RFC 9116).
    func showSecurityText(_ call: Call) async throws -> Response {
        let guide = "\(rootURL)/docs#security"
        let text = """
            Contact: \(publisher.securityContact ?? guide)
            Expires: \(SecurityText.expiry(asOf: call.today))
            Preferred-Languages: sv, en
            Canonical: \(origin)/.well-known/security.txt
            Policy: \(guide)

            """
        return try call.file(Array(text.utf8), "text/plain; charset=utf-8")
    }
}

extension String {
    /// An address of the API without its `/v1`: where the service's pages are.
    var withoutVersion: String { String(dropLast("/v1".count)) }
}

/// The file that tells where faults in security are told.
enum SecurityText {
    /// When what the file says is to be read again: the first day of the month after the next five, so that the file
    /// changes once a month, never is out of date and never promises a year.
    static func expiry(asOf today: CalendarDate) -> String {
        let (year, month, _) = today.parts
        let months = month - 1 + 6
        let next = (months % 12) + 1
        return "\(year + months / 12)-\(next < 10 ? "0" : "")\(next)-01T00:00:00Z"
    }
}
