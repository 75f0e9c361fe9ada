import Foundation
import HTTP
import Postgres
import Testing

@testable import DigidelAPI

@Suite struct ServicePointTests {
    private static let collection = "service-points"
    private static let item = "service-points/digidelcenter-motala"

    /// Libraries in Motala, Linköping and Narvik; their service points, from the south to the north, and one without a place.
    private static let shared = Task { try await withServicePoints() }

    private static func service() async throws -> TestApp {
        let service = try await TestApp.make()
        for (id, area) in [
            ("motala-bibliotek", "se-0583"), ("linkoping-bibliotek", "se-0580"),
            ("narvik-bibliotek", "no-1806"),
        ] {
            try await service.makeOrganisation(id, area: area)
        }
        return service
    }

    private static func withServicePoints() async throws -> TestApp {
        let service = try await service()
        let points: [JSONValue] = [
            point(),
            point([
                "id": .null, "name": ["sv": "Medborgarkontoret", "en": "Citizen office"],
                "operator": "linkoping-bibliotek", "kind": "citizenOffice", "area": "se-0580",
                "location": ["lat": .exactly("58.4108"), "lon": .exactly("15.6214")],
                "address": "Storgatan 2, Linköping", "services": ["e-legitimation"], "languages": ["sv"],
                "openFrom": "2012-07-01", "openTo": .null,
            ]),
            point([
                "id": .null, "name": ["sv": .null, "nb": "Digihjelpen i Narvik"],
                "operator": "narvik-bibliotek",
                "kind": "helpDesk", "area": "no-1806",
                "location": ["lat": .exactly("68.438500"), "lon": .exactly("17.427300")],
                "address": .null, "services": [], "languages": ["nb", "se"], "openFrom": .null,
                "openTo": "2012-06-29", "partners": [],
            ]),
            point([
                "id": .null, "name": "Bokbussen", "kind": "learningCentre", "area": "se-05",
                "location": .null, "address": .null, "services": [], "languages": [], "openFrom": .null,
                "openTo": .null,
            ]),
        ]
        for point in points {
            let created = await service.post(collection, point)
            guard created.status == .created else { throw TestApp.Unexpected(created) }
        }
        return service
    }

    private static func point(_ changes: JSONValue = [:]) -> JSONValue {
        let point: JSONValue = [
            "id": "digidelcenter-motala", "name": ["sv": "DigidelCenter Motala"],
            "operator": "motala-bibliotek", "kind": "digidelCenter", "area": "se-0583",
            "location": ["lat": .exactly("58.5371"), "lon": .exactly("15.0365")],
            "address": "Stadsbiblioteket i Motala", "services": ["e-legitimation", "låna surfplatta"],
            "languages": ["sv", "ar", "so"], "openFrom": "2011-02-02", "openTo": "2013-12-31",
            "partners": ["linkoping-bibliotek"],
        ]
        return point.merged(with: changes)
    }

    // MARK: One of them

    @Test func aServicePointComesBackAsItWasGiven() async throws {
        let service = try await Self.service()
        let made = await service.post(Self.collection, Self.point(["id": .null]))
        #expect(made.status == .created, "\(made.text)")
        #expect(made.created == Self.item)
        let read = await service.get("\(Self.item)?lang=all")
        #expect(
            read.json?.without("createdAt", "updatedAt", "_links")
                == Self.point().merged(with: ["revision": 1]))
        #expect(await service.get(Self.item)["name"] == "DigidelCenter Motala")
        #expect(await service.get(Self.item)["distanceKm"] == nil)
        #expect(await service.post(Self.collection, Self.point()).faults == ["/id": "idTaken"])
        let least = await service.post(
            Self.collection,
            ["name": "Minst", "operator": "motala-bibliotek", "kind": "helpDesk", "area": "se"])
        #expect(least.status == .created, "\(least.text)")
        for name in ["services", "languages", "partners"] { #expect(least[name] == []) }
        for name in ["location", "address", "openFrom", "openTo"] { #expect(least[name] == nil) }
    }

    @Test func itIsReplacedAndPatchedByItsRevision() async throws {
        let service = try await Self.service()
        _ = await service.post(Self.collection, Self.point())
        #expect(await service.put(Self.item, Self.point(), ifMatch: nil).status == .preconditionRequired)
        #expect(
            await service.put(Self.item, Self.point(), ifMatch: "\"2\"").status == .preconditionFailed)
        #expect(await service.put("service-points/nowhere", Self.point()).status == .notFound)
        let read = await service.get("\(Self.item)?lang=all", key: TestApp.adminKey)
        let put = await service.put(
            Self.item, try #require(read.json).merged(with: ["distanceKm": 3, "kind": "helpDesk"]),
            ifMatch: read.etag)
        #expect(put.status == .ok, "\(put.text)")
        #expect(put["kind"] == "helpDesk")
        #expect(put["revision"] == 2)
        let patched = await service.patch(
            Self.item, ["location": ["lat": 59], "openTo": .null, "services": ["hjälp"]])
        #expect(patched["location"] == ["lat": 59, "lon": .exactly("15.0365")], "\(patched.text)")
        #expect(patched["openTo"] == nil)
        #expect(patched["services"] == ["hjälp"])
        #expect(patched["languages"] == ["sv", "ar", "so"])
        #expect(await service.patch(Self.item, ["location": .null])["location"] == nil)
        #expect(await service.patch(Self.item, ["name": .null]).faults == ["/name": "malformed"])
    }

    @Test func everyFaultIsToldAtOnce() async throws {
        let service = try await Self.shared.value
        let wrong: JSONValue = [
            "id": "A", "name": "", "operator": 7, "kind": "club", "area": "sweden",
            "location": ["lat": .exactly("90.1"), "lon": -181, "height": 3], "address": " ", "services": [""],
            "languages": ["swedish"], "openFrom": "2012-02-30", "openTo": 5, "partners": ["A"],
            "colour": "red",
        ]
        let answer = await service.post(Self.collection, wrong)
        #expect(answer.status == .badRequest)
        let pointers = [
            "/id", "/name", "/operator", "/kind", "/area", "/location/lat", "/location/lon",
            "/location/height", "/address", "/services/0", "/languages/0", "/openFrom", "/openTo",
            "/partners/0", "/colour",
        ]
        #expect(answer.faults == Dictionary(uniqueKeysWithValues: pointers.map { ($0, "malformed") }))
        let empty = await service.post(Self.collection, [:])
        #expect(Set(empty.faults.keys) == ["/name", "/operator", "/kind", "/area"])
        let half = await service.post(Self.collection, Self.point(["location": ["lat": 1, "lon": .null]]))
        #expect(half.faults == ["/location/lon": "malformed"])
    }

    @Test func rulesAreToldTogether() async throws {
        let service = try await Self.shared.value
        let answer = await service.post(
            Self.collection,
            Self.point([
                "id": "new", "name": ["en": "Ask anna@example.se"], "operator": "nobody", "area": "se-9999",
                "location": ["lat": .exactly("58.1234567"), "lon": .exactly("15.0000001")],
                "address": "Ring 0141-22 33 44", "services": ["ok", "19640823-3234"],
                "openFrom": "2012-02-02", "openTo": "2012-02-01",
                "partners": ["motala-bibliotek", "no-such-one"],
            ]))
        #expect(answer.status == .unprocessableContent)
        #expect(
            answer.faults == [
                "/name/en": "personalData", "/operator": "unknownOrganisation", "/area": "unknownArea",
                "/location/lat": "tooManyDecimals", "/location/lon": "tooManyDecimals",
                "/address": "personalData", "/services/1": "personalData", "/openTo": "periodReversed",
                "/partners/1": "unknownOrganisation",
            ])
        let day = await service.patch(Self.item, ["openFrom": "2014-01-01"])
        #expect(day.faults == ["/openTo": "periodReversed"])
    }

    @Test func aPartnerWritesItsOwn() async throws {
        let service = try await Self.service()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let coordinator = try await service.makeKey(.coordinator)
        let foreign = Self.point(["id": "foreign", "operator": "linkoping-bibliotek"])
        #expect(await service.post(Self.collection, Self.point(), key: nil).status == .unauthorized)
        let refused = await service.post(Self.collection, foreign, key: partner)
        #expect(refused.status == .forbidden)
        #expect(refused.faults == ["/operator": "foreignOrganisation"])
        #expect(await service.post(Self.collection, Self.point(), key: partner).status == .created)
        #expect(await service.post(Self.collection, foreign, key: coordinator).status == .created)
        for method in [Method.put, .patch] {
            // Its own, another's, and its own given away.
            for (target, body, status) in [
                (Self.item, Self.point(), Status.ok), ("service-points/foreign", foreign, .forbidden),
                ("service-points/foreign", Self.point(), .forbidden), (Self.item, foreign, .forbidden),
                ("service-points/nowhere", Self.point(), .notFound),
            ] {
                let answer = await service.change(
                    method, target, body.without("id"), ifMatch: "*", key: partner)
                #expect(answer.status == status, "\(method.rawValue) \(target) \(answer.text)")
            }
        }
        let given = await service.put(Self.item, foreign, key: coordinator)
        #expect(given["operator"] == "linkoping-bibliotek")
        #expect(await service.put(Self.item, Self.point(), key: partner).status == .forbidden)
        let audited = await service.get("audit-events?object=\(Self.item)", key: TestApp.adminKey)
        #expect(audited.status == .ok)
    }

    // MARK: Lists

    @Test(arguments: [
        ("", ["bokbussen", "digidelcenter-motala", "digihjelpen-i-narvik", "medborgarkontoret"]),
        ("kind=digidelCenter,helpDesk", ["digidelcenter-motala", "digihjelpen-i-narvik"]),
        ("area=se-05", ["bokbussen", "digidelcenter-motala", "medborgarkontoret"]),
        ("area=se-0583,no", ["digidelcenter-motala", "digihjelpen-i-narvik"]), ("area=mars", []),
        ("operator=motala-bibliotek", ["bokbussen", "digidelcenter-motala"]), ("operator=nobody", []),
        ("language=ar", ["digidelcenter-motala"]),
        ("language=se,so", ["digidelcenter-motala", "digihjelpen-i-narvik"]),
        ("service=e-legitimation", ["digidelcenter-motala", "medborgarkontoret"]),
        ("service=l%C3%A5na%20surfplatta", ["digidelcenter-motala"]), ("service=e-leg", []),
        ("on=2012-06-30", ["bokbussen", "digidelcenter-motala"]),
        ("on=2012-06-29", ["bokbussen", "digidelcenter-motala", "digihjelpen-i-narvik"]),
        ("on=2011-02-02", ["bokbussen", "digidelcenter-motala", "digihjelpen-i-narvik"]),
        ("on=2011-02-01", ["bokbussen", "digihjelpen-i-narvik"]),
        ("on=2013-12-31", ["bokbussen", "digidelcenter-motala", "medborgarkontoret"]),
        ("on=2014-01-01", ["bokbussen", "medborgarkontoret"]),
        ("q=citizen", ["medborgarkontoret"]), ("q=stadsbibliotek", ["digidelcenter-motala"]),
        ("q=storgatan%20linkoping", ["medborgarkontoret"]), ("q=digidel%20narvik", []),
        ("area=se&kind=citizenOffice&language=sv&on=2012-07-01&q=medborgarkontor", ["medborgarkontoret"]),
        ("near=58.5371,15.0365&radiusKm=0.001", ["digidelcenter-motala"]),
        ("near=58.5371,15.0365&radiusKm=37", ["digidelcenter-motala", "medborgarkontoret"]),
        ("near=58.5371,15.0365&radiusKm=37&kind=citizenOffice", ["medborgarkontoret"]),
        ("near=58.5371,15.0365&radiusKm=37&area=se-05&on=2012-06-30&language=sv", ["digidelcenter-motala"]),
        ("near=58.5371,15.0365&radiusKm=1000&q=digihjelpen", []),
        ("near=68,17", []), ("near=68,17&radiusKm=100", ["digihjelpen-i-narvik"]),
    ])
    func filtersCombine(query: String, ids: [String]) async throws {
        let service = try await Self.shared.value
        #expect(try await service.ids("\(Self.collection)?sort=id&\(query)", key: nil) == ids)
    }

    @Test(arguments: [
        "kind=club", "language=swedish", "on=2012-02-30", "near=58", "near=91,0", "near=0,181",
        "near=58.5371,15.0365&radiusKm=0", "near=58.5371,15.0365&radiusKm=1000.1",
        "near=58.5371,15.0365&radiusKm=-1", "near=58.5371,15.0365&radiusKm=far", "radiusKm=25",
        "sort=distanceKm", "sort=location", "sort=services", "open=2012-01-01",
    ])
    func whatCannotBeAskedIsRefused(query: String) async throws {
        let service = try await Self.shared.value
        #expect(await service.get("\(Self.collection)?\(query)").status == .badRequest)
    }

    @Test func whatIsNearComesNearestFirstWithItsDistance() async throws {
        let service = try await Self.shared.value
        let answer = await service.get(
            "\(Self.collection)?near=58.4,15.6&radiusKm=40", fields: ["Accept-Language": "en"])
        #expect(answer["_meta", "totalRecords"] == 2)
        #expect(answer["items", 0, "name"] == "Citizen office")
        #expect(answer["items", 0, "distanceKm"] == .exactly("1.731"))
        #expect(answer["items", 1, "id"] == "digidelcenter-motala")
        #expect(answer["items", 1, "distanceKm"] == .exactly("36.141"))
        #expect(answer["items", 0, "_links", "self", "href"]?.string?.hasSuffix("/medborgarkontoret") == true)
        // The radius is part of it, as it is shown.
        for (radius, count) in [("36.140", 1), ("36.141", 2), ("36.1410", 2)] {
            let near = await service.get("\(Self.collection)?near=58.4,15.6&radiusKm=\(radius)")
            #expect(near["items"]?.count == count, "\(radius)")
        }
        let falling = await service.get("\(Self.collection)?near=58.4,15.6&radiusKm=40&sort=-distanceKm")
        #expect(falling["items", 0, "id"] == "digidelcenter-motala")
        #expect(
            try await service.ids("\(Self.collection)?near=58.4,15.6&radiusKm=1000&limit=1", key: nil)
                == ["medborgarkontoret", "digidelcenter-motala"])
        let byName = await service.get("\(Self.collection)?near=58.4,15.6&radiusKm=40&sort=name")
        #expect(byName["items", 0, "id"] == "digidelcenter-motala")
    }

    /// Near the poles and across the date line, beside what is computed without a box.
    @Test func nothingNearIsMissed() async throws {
        let service = try await Self.service()
        try await service.app.database.execute(
            """
            insert into service_points (id, name, operator, kind, area, latitude, longitude)
            select 'p-' || number, '{"sv": "p"}', 'motala-bibliotek', 'helpDesk', 'se',
                case number % 3 when 0 then 90 - (number % 50) / 100.0 when 1 then (number % 40) / 10.0 - 90 else (number % 90) / 10.0 end,
                case number % 2 when 0 then 180 - (number % 70) / 10.0 else (number % 80) / 10.0 - 180 end
            from generate_series(1, 3000) as number
            """)
        for (lat, lon, radius) in [
            ("90", "0", "25"), ("89.95", "179.9", "10"), ("-89.9", "-180", "300"), ("0", "180", "1000"),
            ("4.5", "-179.95", "120.5"), ("4.5", "180", "60"), ("-87", "175", "999"), ("88", "0", "250"),
        ] {
            let expected = try await service.number(
                """
                select count(*) as number from service_points
                where round(distance_km(latitude, longitude, \(lat)::numeric, \(lon)::numeric)::numeric, 3) <= \(radius)::numeric
                """)
            let answer = await service.get(
                "\(Self.collection)?near=\(lat),\(lon)&radiusKm=\(radius)&limit=200")
            #expect(answer["_meta", "totalRecords"]?.integer == expected, "\(lat) \(lon) \(radius)")
            #expect((expected ?? 0) > 0)
            let distances = (answer["items"]?.list ?? []).compactMap { item -> Decimal? in
                guard case .number(let distance)? = item["distanceKm"] else { return nil }
                return distance
            }
            #expect(distances == distances.sorted())
            #expect(distances.count == min(200, expected ?? 0))
        }
        let paged = try await service.items("\(Self.collection)?near=4.5,180&radiusKm=60&limit=7")
        let whole = await service.get("\(Self.collection)?near=4.5,180&radiusKm=60&limit=200")
        #expect(paged == whole["items"]?.list)
    }

    @Test func theListComesAsCSV() async throws {
        let service = try await Self.shared.value
        let csv = await service.get(
            "\(Self.collection)?format=csv&sort=-id&kind=digidelCenter,learningCentre")
        let lines = csv.text.split(separator: "\r\n")
        #expect(
            lines[0]
                == "id,name,operator,kind,area,location.lat,location.lon,address,services,languages,openFrom,openTo,partners,createdAt,updatedAt,revision"
        )
        #expect(
            lines[1].hasPrefix(
                "digidelcenter-motala,DigidelCenter Motala,motala-bibliotek,digidelCenter,se-0583,58.5371,15.0365,Stadsbiblioteket i Motala,e-legitimation; låna surfplatta,sv; ar; so,2011-02-02,2013-12-31,linkoping-bibliotek,"
            ))
        #expect(lines[2].hasPrefix("bokbussen,Bokbussen,motala-bibliotek,learningCentre,se-05,,,,,,,,"))
        let near = await service.get("\(Self.collection)?format=csv&near=58.4,15.6&radiusKm=2")
        #expect(near.text.contains("partners,distanceKm,createdAt"))
        #expect(near.text.contains(",1.731,"))
    }
}
