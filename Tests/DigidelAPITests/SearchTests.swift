import Foundation
import HTTP
import Testing

@testable import DigidelAPI

/// What `q` finds in lists (decisions.md, 86; migration 0013).
@Suite struct SearchTests {
    private static let names: KeyValuePairs<String, JSONValue> = [
        "swedish": ["sv": "Bibliotekens kurser för äldre"],
        "norwegian": ["nb": "Veiledningen på bokbussene i Tromsø"],
        "danish": ["da": "Borgernes hjælpere på Ærø"],
        "english": ["en": "Libraries teaching computers"],
        "plain": ["sv": "Traffpunkt Malmo", "da": "Aeldrehjaelp"],
        "signs": ["sv": "O'Neills \\ e-legitimation & bank | 50 % * a:b !"],
        "two": ["sv": "Hem", "en": "Home"],
        "stop": ["sv": "Och"],
    ]

    /// Shared, for nothing here is changed.
    private static let shared = Task {
        let service = try await TestApp.make()
        for (id, name) in names {
            let answer = await service.post("campaign-series", ["id": .string(id), "name": name])
            guard answer.status == .created else { throw TestApp.Unexpected(answer) }
        }
        return service
    }

    private func search(_ words: String) async throws -> [String] {
        let service = try await Self.shared.value
        let allowed = CharacterSet(charactersIn: "a"..."z")
        let query = try #require(words.addingPercentEncoding(withAllowedCharacters: allowed))
        return try await service.ids("campaign-series?sort=id&q=\(query)", key: nil)
    }

    @Test(arguments: [
        ("bibliotek", ["swedish"]), ("biblioteket", ["swedish"]), ("kurs", ["swedish"]),
        ("kurserna", ["swedish"]), ("Äldres", ["swedish"]),
        ("veiledning", ["norwegian"]), ("veiledninger", ["norwegian"]), ("bokbussen", ["norwegian"]),
        ("borger", ["danish"]), ("borgerne", ["danish"]), ("hjælper", ["danish"]),
        ("library", ["english"]), ("teach", ["english"]), ("computing", ["english"]),
    ])
    func wordsAreFoundHoweverTheirLanguageBendsThem(words: String, ids: [String]) async throws {
        #expect(try await search(words) == ids)
        #expect(try await search(words.uppercased()) == ids)
    }

    /// As they are typed on another keyboard, or were when they were stored.
    @Test(arguments: [
        ("aldre", ["swedish"]), ("aldres", ["swedish"]), ("tromso", ["norwegian"]), ("tromsö", ["norwegian"]),
        ("hjaelper", ["danish"]), ("aero", ["danish"]), ("ærø", ["danish"]), ("pa aero", ["danish"]),
        ("Malmö", ["plain"]), ("träffpunkten", ["plain"]), ("ældrehjælp", ["plain"]),
        ("TRÅFFPUNKT", ["plain"]),
        ("a\u{308}ldre", ["swedish"]), ("måge", []),
    ])
    func spellingsWithoutAccentsAreTheSame(words: String, ids: [String]) async throws {
        #expect(try await search(words) == ids)
    }

    @Test(arguments: [
        ("äldre kurs", ["swedish"]), ("kurs bibliotek äldre", ["swedish"]), ("kurs pensionär", []),
        ("kurs   äldre", ["swedish"]), ("library borger", []),
        // Words of two languages of the same thing.
        ("hem home", ["two"]), ("hem library", []),
        // Words that say nothing alone are no hindrance.
        ("kurser för äldre", ["swedish"]), ("kurser och äldre", ["swedish"]), ("och", ["stop"]),
    ])
    func allWordsAreToBeThere(words: String, ids: [String]) async throws {
        #expect(try await search(words) == ids)
    }

    @Test(arguments: [
        ("bibl", ["swedish"]), ("b", ["danish", "norwegian", "signs", "swedish"]),
        ("tro", ["norwegian"]),
        ("hjæl", ["danish"]), ("hjael bor", ["danish"]), ("e-leg", ["signs"]), ("legitim", ["signs"]),
        ("ibliotek", []), ("ursera", []),
    ])
    func beginningsOfWordsAreFound(words: String, ids: [String]) async throws {
        #expect(try await search(words) == ids)
    }

    /// What means something in a query of PostgreSQL, in a pattern or in a literal means nothing here.
    @Test(arguments: [
        "'", "''", "\\", "\\\\", ":", ":*", "&", "|", "!", "*", "(", ")", "<->", "<2>", "\"", "%", "_", "?",
        "& | ! ( ) : *", "'; drop table organisations; --", "$1", "{}", "[", "😀", "\u{a0}", "\u{301}", "-",
        ".",
        String(repeating: "'", count: 200), String(repeating: "\\", count: 200),
        String(repeating: "ä", count: 200),
    ])
    func signsAloneFindNothing(words: String) async throws {
        #expect(try await search(words) == [])
    }

    @Test(arguments: [
        ("!kurs", ["swedish"]), ("kurs:*", ["swedish"]), ("kurs & äldre", ["swedish"]),
        ("kurs | library", []),
        ("-kurs", ["swedish"]), ("\"kurser för\"", ["swedish"]), ("kurs'", ["swedish"]),
        ("kurs\\", ["swedish"]),
        ("o'neills", ["signs"]), ("o'neill \\", ["signs"]), ("e-legitimation", ["signs"]),
        ("bank & !", ["signs"]),
        ("(kurs", ["swedish"]), ("kurs <-> äldre", ["swedish"]), ("a:b", ["danish", "signs", "swedish"]),
        ("50 %", ["signs"]),
    ])
    func signsAmongWordsAreNoHindrance(words: String, ids: [String]) async throws {
        #expect(try await search(words) == ids)
    }

    /// The names of members are not searched, nor are those of languages.
    @Test(arguments: ["sv", "nb", "da", "en", "name"])
    func whatNobodyWroteIsNotFound(words: String) async throws {
        let service = try await TestApp.make()
        let name: JSONValue = ["sv": "Xx", "nb": "Xx", "da": "Xx", "en": "Xx"]
        #expect(await service.post("campaign-series", ["name": name]).status == .created)
        #expect(try await service.ids("campaign-series?q=\(words)", key: nil) == [])
        #expect(try await service.ids("campaign-series?q=xx", key: nil) == ["xx"])
    }

    @Test(arguments: ["", String(repeating: "a", count: 201), "a%00", "a%0Ab", "%FF"])
    func aTextHasItsLength(query: String) async throws {
        let service = try await Self.shared.value
        #expect(await service.get("campaign-series?q=\(query)").status == .badRequest)
    }

    /// Every list that takes `q` looks in its names; those that have descriptions look there too.
    @Test(arguments: ResourceCase.all)
    func everyListIsSearched(resource: ResourceCase) async throws {
        let service = try await resource.service()
        var body = resource.body
        if resource.hasDescription { body = body.merged(with: ["description": ["nb": "Veiledningen"]]) }
        #expect(await service.post(resource.collection, body).status == .created)
        for (words, isFound) in [
            ("verkstaden", true), ("workshops", true), ("arsta", true), ("pensionär", false),
            ("verkstad%20open", true), ("veiledning", resource.hasDescription),
        ] {
            let found = try await service.ids("\(resource.collection)?q=\(words)", key: nil)
            #expect(found == (isFound ? ["arsta-oppna-verkstad"] : []), "\(words)")
        }
    }
}
