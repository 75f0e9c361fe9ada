import Foundation
import Postgres

/// Which service points are wanted.
struct ServicePointFilter: ListFilter {
    typealias Item = ServicePoint
    let kinds: [ServicePoint.Kind]
    let areas: [String]
    let operators: [String]
    let languages: [String]
    let service: String?
    /// A day on which they are in service.
    let on: CalendarDate?
    let surroundings: Surroundings?
    let text: String?

    init(_ query: inout QueryInput, _ call: Call) {
        kinds = query.choices("kind")
        areas = query.ids("area")
        operators = query.ids("operator")
        languages = query.languages("language")
        service = query.text("service", limit: 80)
        on = query.date("on")
        let near = query.value(
            "near", rule: "a latitude and a longitude such as 58.5371,15.0365", Location.init(query:))
        let radiusKm = query.value("radiusKm", rule: "a number above 0, at most 1000") { text in
            guard case .number(let number)? = try? JSONValue(parsing: Array(text.utf8)),
                number > 0, number <= 1000
            else { return Decimal?.none }
            return number
        }
        if near == nil, radiusKm != nil {
            query.fault("radiusKm", "Needs near, the place that it is measured from.")
        }
        surroundings = near.map { Surroundings(of: $0, radiusKm: radiusKm ?? 25) }
        text = query.text("q", limit: 200)
    }

    var columns: ListColumns {
        ListColumns(
            [
                .init("id", "id"), .name, .init("operator", "operator"), .init("kind", "kind"),
                .init("area", "area"), .unsorted("location.lat", at: ["location", "lat"]),
                .unsorted("location.lon", at: ["location", "lon"]),
                .init("address", "coalesce(address, '')"), .unsorted("services"), .unsorted("languages"),
                .init("openFrom", "coalesce(open_from, '-infinity')", "date"),
                .init("openTo", "coalesce(open_to, 'infinity')", "date"), .unsorted("partners"),
            ] + (surroundings == nil ? [] : [.init("distanceKm", "distance_km", "numeric")]) + .record,
            by: surroundings == nil ? "createdAt" : "distanceKm")
    }

    var source: SQL { surroundings.map(\.servicePoints) ?? "service_points" }
    var selection: SQL { surroundings == nil ? .servicePoint : "*" }

    /// What is near is few and needs no index of words.
    var search: SQL? { surroundings == nil ? words : nil }
    private var words: SQL? { .matches("name, jsonb_object(array['sv', address])", text) }

    var conditions: [SQL?] {
        [
            .isOne("kind", of: kinds), .isWithin("area", areas), .isOne("operator", of: operators),
            .overlaps("languages", languages), .has("services", service),
            .overlaps(from: "coalesce(open_from, '-infinity')", to: "coalesce(open_to, 'infinity')", on, on),
            surroundings.map { "distance_km <= \($0.radiusKm)::numeric" },
            surroundings == nil ? nil : words,
        ]
    }

    var total: SQL? { isEverything ? .total(of: "service_points") : nil }
}

extension Queryable {
    func servicePoint(id: String) async throws(PostgresError) -> ServicePoint? {
        try await first("select \(SQL.servicePoint) from service_points where id = \(id)")
    }

    func createServicePoint(
        id: String, _ input: ServicePointInput
    ) async throws(PostgresError) -> ServicePoint? {
        try await first(
            """
            insert into service_points (id, \(input.stored.columns)) values (\(id), \(input.stored.values))
            returning \(SQL.servicePoint)
            """)
    }

    /// Nil when the service point has not that revision any more.
    func updateServicePoint(
        _ servicePoint: ServicePoint, _ input: ServicePointInput
    ) async throws(PostgresError) -> ServicePoint? {
        try await first(
            """
            update service_points
            set \(input.stored.assignments), updated_at = now(), revision = revision + 1
            where id = \(servicePoint.id) and revision = \(servicePoint.revision)
            returning \(SQL.servicePoint)
            """)
    }
}

extension SQL {
    /// A service point without a distance.
    static let servicePoint: SQL = "*, null::numeric as distance_km"
}

extension Surroundings {
    /// The service points between its latitudes and longitudes, with their distances, in place of the table. The latitudes
    /// come first in `service_points_latitude_index`.
    fileprivate var servicePoints: SQL {
        let ranges: [SQL] = longitudes.map { "longitude between \($0.lowerBound) and \($0.upperBound)" }
        return """
            (
                select *, round(distance_km(latitude, longitude, \(centre.lat), \(centre.lon))::numeric, 3) as distance_km
                from service_points
                where latitude between \(latitudes.lowerBound) and \(latitudes.upperBound)
                    and (\(SQL.joined(ranges, by: " or ")))
            ) as service_points
            """
    }
}
