import Foundation
package import Postgres

/// A place where people get help, such as a DigidelCenter or a library's help desk (domain.md, section 5).
package struct ServicePoint: Resource {
    package static let collection = "service-points"
    package let id: String
    package var revision: Int? { record.revision }
    let content: ServicePointInput
    /// From the place that is searched from; nil when none is.
    let distanceKm: Decimal?
    let record: Record

    package enum Kind: String, Sendable, CaseIterable, ColumnDecodable, ParameterConvertible {
        case digidelCenter, servicePoint, citizenOffice, learningCentre, helpDesk
    }

    package func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("id", id)
        json.member("name", content.name, in: representation.language)
        json.member("operator", content.operator)
        json.member("kind", content.kind.rawValue)
        json.member("area", content.area)
        if let location = content.location {
            json.member("location") { json in location.write(to: &json) }
        }
        json.member("address", content.address)
        json.member("services", content.services)
        json.member("languages", content.languages)
        json.member("openFrom", content.openFrom)
        json.member("openTo", content.openTo)
        json.member("partners", content.partners)
        json.member("distanceKm", distanceKm)
        json.members(record)
    }
}

/// What a client says of a service point.
struct ServicePointInput: CheckedInput {
    let name: LocalisedText
    let `operator`: String
    let kind: ServicePoint.Kind
    let area: String
    let location: Location?
    let address: String?
    let services: [String]
    let languages: [String]
    /// The first and the last day in service (decisions.md, 67).
    let openFrom: CalendarDate?
    let openTo: CalendarDate?
    let partners: [String]

    /// Throws `.malformed` with everything that is wrong.
    init(_ input: inout ObjectInput) throws(APIError) {
        let name = input.localised("name", limit: 200, required: true)
        let `operator` = input.slug("operator", required: true)
        let kind: ServicePoint.Kind? = input.choice("kind", required: true)
        let area = input.areaID("area", required: true)
        location = input.object("location", Location.init) ?? nil
        address = input.text("address", limit: 300)
        services = input.texts("services") ?? []
        languages = input.languages("languages")
        openFrom = input.date("openFrom")
        openTo = input.date("openTo")
        partners = input.slugs("partners", of: "an organisation") ?? []
        try input.finish()
        guard let name, let `operator`, let kind, let area else { throw .malformed(input.faults) }
        self.name = name
        self.operator = `operator`
        self.kind = kind
        self.area = area
    }

    var references: [Reference?] {
        [Reference(.organisation, `operator`, "/operator"), Reference(.area, area, "/area")]
            + Reference.all(.organisation, partners, "/partners")
    }

    var texts: [PlacedText] {
        .at("/name", name) + .at("/address", address) + .at("/services", services)
    }

    var ruleFaults: [Fault] {
        (location?.faults ?? []) + periodFaults(openFrom, "openFrom", openTo, "openTo")
    }

    /// Whether people are helped elsewhere, or at another time.
    func isOtherwiseInService(than other: ServicePointInput) -> Bool {
        area != other.area || openFrom != other.openFrom || openTo != other.openTo
    }

    var stored: ColumnValues {
        [
            "name": name, "operator": `operator`, "kind": kind, "area": area, "latitude": location?.lat,
            "longitude": location?.lon, "address": address, "services": services, "languages": languages,
            "open_from": openFrom, "open_to": openTo, "partners": partners,
        ]
    }
}

extension ServicePoint: RowDecodable {
    package init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        content = try ServicePointInput(row: row)
        distanceKm = try row.get("distance_km")
        record = try Record(row: row)
    }
}

extension ServicePointInput: RowDecodable {
    init(row: Row) throws(PostgresError) {
        name = try row.get("name")
        `operator` = try row.get("operator")
        kind = try row.get("kind")
        area = try row.get("area")
        let lat: Decimal? = try row.get("latitude")
        let lon: Decimal? = try row.get("longitude")
        if let lat, let lon { location = Location(lat: lat, lon: lon) } else { location = nil }
        address = try row.get("address")
        services = try row.get("services")
        languages = try row.get("languages")
        openFrom = try row.get("open_from")
        openTo = try row.get("open_to")
        partners = try row.get("partners")
    }
}
