import HTTP
import Testing

@testable import DigidelAPI

@Suite struct AreaTests {
    private static let places: [(country: String, counties: Int, municipalities: Int, population: Int)] = [
        ("se", 21, 290, 10_587_710), ("no", 15, 357, 5_594_340), ("dk", 5, 98, 6_025_511),
    ]

    /// Shared, for nothing here is changed.
    private static let service = Task { try await TestApp.make() }

    /// An area as the list has it.
    private struct Place {
        let id: String
        let country: String
        let level: String
        let code: String
        let parent: String?
        let population: Int

        init(_ json: JSONValue) throws {
            id = try #require(json["id"]?.string)
            country = try #require(json["country"]?.string)
            level = try #require(json["level"]?.string)
            code = try #require(json["code"]?.string)
            parent = json["parent"]?.string
            population = try #require(json["population"]?.integer)
        }
    }

    private func everyPlace(_ service: TestApp) async throws -> [Place] {
        try await service.items("areas?limit=200", key: nil).map(Place.init)
    }

    @Test func everyCountyAndMunicipalityIsThere() async throws {
        let service = try await Self.service.value
        #expect(await service.get("areas?limit=1")["_meta", "totalRecords"] == 789)
        #expect(try await service.ids("areas?level=country", key: nil) == ["dk", "no", "se"])
        for place in Self.places {
            for (level, count) in [("county", place.counties), ("municipality", place.municipalities)] {
                let answer = await service.get("areas?country=\(place.country)&level=\(level)&limit=1")
                #expect(answer["_meta", "totalRecords"]?.integer == count, "\(place.country) \(level)")
            }
        }
    }

    @Test func anIdIsItsCountryAndCode() async throws {
        let service = try await Self.service.value
        let places = try await everyPlace(service)
        #expect(Set(places.map(\.id)).count == places.count)
        for place in places {
            let isCountry = place.level == "country"
            #expect(place.id == (isCountry ? place.country : "\(place.country)-\(place.code)"))
            let digits = isCountry || place.level == "county" && place.country != "dk" ? 2 : 4
            #expect(place.code.count == digits, "\(place.id)")
        }
    }

    @Test func everyParentIsOfTheLevelAbove() async throws {
        let service = try await Self.service.value
        let places = try await everyPlace(service)
        let byID = Dictionary(grouping: places, by: \.id).compactMapValues(\.first)
        for place in places {
            let above = place.parent.flatMap { byID[$0] }
            switch place.level {
            case "country": #expect(place.parent == nil)
            case "county": #expect(above?.level == "country" && above?.id == place.country, "\(place.id)")
            default: #expect(above?.level == "county" && above?.country == place.country, "\(place.id)")
            }
            // In Sweden and Norway a municipality's code begins with its county's.
            if place.level == "municipality", place.country != "dk" {
                #expect(place.parent == "\(place.country)-\(place.code.prefix(2))")
            }
        }
    }

    @Test func populationsAddUp() async throws {
        let service = try await Self.service.value
        let places = try await everyPlace(service)
        for expected in Self.places {
            let own = places.filter { $0.country == expected.country }
            for level in ["country", "county", "municipality"] {
                let sum = own.filter { $0.level == level }.reduce(0) { $0 + $1.population }
                #expect(sum == expected.population, "\(expected.country) \(level)")
            }
        }
        for county in places where county.level == "county" {
            let sum = places.filter { $0.parent == county.id }.reduce(0) { $0 + $1.population }
            #expect(sum == county.population, "\(county.id)")
        }
    }

    @Test func anAreaHasItsCodeParentAndPopulation() async throws {
        let service = try await Self.service.value
        let motala = await service.get("areas/se-0583")
        #expect(motala.status == .ok)
        #expect(motala["name"] == "Motala")
        #expect(motala["parent"] == "se-05")
        #expect(motala["level"] == "municipality")
        #expect(motala["code"] == "0583")
        #expect(motala["populationDate"] == "2024-12-31")
        #expect(motala["_links", "self", "href"] == .string("\(TestApp.baseURL)/areas/se-0583"))
        #expect(await service.get("areas/se-0330")["name"] == "Knivsta")
        #expect(await service.get("areas/dk-0330")["name"] == "Slagelse")
        #expect(await service.get("areas/se")["parent"] == nil)
    }

    @Test(arguments: [
        ("areas?level=country&country=se,dk", ["dk", "se"]),
        ("areas?level=country&sort=-population", ["se", "dk", "no"]),
        ("areas?parent=se-09", ["se-0980"]),
        ("areas?parent=dk&q=sj", ["dk-1085"]),
        ("areas?level=county&parent=no&q=tr%C3%B8ndelag", ["no-50"]),
        ("areas?q=TR%C3%98NDELAG", ["no-50"]),
        ("areas?q=upplands%20v%C3%A4sby", ["se-0114"]),
        ("areas?q=v%C3%A4sby%20upplands", ["se-0114"]),
        ("areas?q=sweden", ["se"]),
        ("areas?parent=se-99", []), ("areas?parent=nowhere", []), ("areas?q=%25", []), ("areas?q=_", []),
    ])
    func filtersCombine(target: String, ids: [String]) async throws {
        let service = try await Self.service.value
        #expect(try await service.ids(target, key: nil) == ids)
    }

    /// The names are searched, not how they are stored.
    @Test(arguments: ["%7B", "%22name%22", "name%22:"])
    func whatIsNoNameIsNotFound(text: String) async throws {
        let service = try await Self.service.value
        #expect(await service.get("areas?q=\(text)")["_meta", "totalRecords"] == 0)
    }

    @Test func namesFollowTheLanguageAskedFor() async throws {
        let service = try await Self.service.value
        let english = await service.get("areas/se", fields: ["Accept-Language": "fr, en;q=0.8, sv;q=0.5"])
        #expect(english["name"] == "Sweden")
        #expect(english.response.fields["Content-Language"] == "en")
        let unknown = await service.get("areas/no", fields: ["Accept-Language": "fr"])
        #expect(unknown["name"] == "Norge")
        let every = await service.get("areas/dk?lang=all")
        #expect(every["name", "en"] == "Denmark")
        #expect(every["name", "da"] == "Danmark")
        #expect(every.etag != unknown.etag)
    }

    @Test(arguments: ["areas/se-05", "areas?level=county", "areas/se?lang=all"])
    func anAreaThatTheClientHasIsNotSentAgain(target: String) async throws {
        let service = try await Self.service.value
        let first = await service.get(target)
        let etag = try #require(first.etag)
        let second = await service.get(target, fields: ["If-None-Match": "\"other\", \(etag)"])
        #expect(second.status == .notModified)
        #expect(second.response.body.isEmpty)
        #expect(second.etag == etag)
        #expect(await service.get(target, fields: ["If-None-Match": "\"other\""]).status == .ok)
    }

    @Test(arguments: ["areas/se-9999", "areas/xx", "areas/se-05/", "areas/", "areas/%00"])
    func whatIsNoAreaIsNotFound(target: String) async throws {
        let service = try await Self.service.value
        let answer = await service.get(target)
        #expect(answer.status == .notFound)
        #expect(answer["type"] == .string("\(TestApp.baseURL)/problems/not-found"))
    }

    @Test(arguments: [
        ("areas?country=fi", ["country"]), ("areas?country=se,,no", ["country"]),
        ("areas?level=city&country=SE&colour=red", ["colour", "country", "level"]),
        ("areas?q=", ["q"]), ("areas?lang=en", ["lang"]), ("areas/se?country=se", ["country"]),
        ("areas?level=county&level=country", ["level"]),
    ])
    func parametersAreRefusedAllAtOnce(target: String, names: [String]) async throws {
        let service = try await Self.service.value
        let answer = await service.get(target)
        #expect(answer.status == .badRequest)
        #expect(answer.faults.keys.sorted() == names)
        #expect(answer.codes == ["malformed"])
    }
}
