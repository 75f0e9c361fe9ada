import Testing

@testable import DigidelAPI

@Suite struct SlugTests {
    @Test(arguments: [
        "ab", "a1", "12", "motala-bibliotek", "emedborgarveckan-2016", "a-b-c", "0-0",
        String(repeating: "a", count: 80), "a-" + String(repeating: "b", count: 78),
    ])
    func wordsOfLettersAndDigitsAreValid(slug: String) {
        #expect(Slug.isValid(slug))
    }

    @Test(arguments: [
        "", "a", "1", "-", "--", "-ab", "ab-", "a--b", "Ab", "a b", "a_b", "a.b", "a/b", "å-b", "abé", "ab\n",
        "\nab", "ab\0", "a\u{301}b", "ａｂ", "a–b", "%61b", "ab٣", String(repeating: "a", count: 81),
        String(repeating: "å", count: 40),
    ])
    func anythingElseIsNot(text: String) {
        #expect(!Slug.isValid(text))
    }

    @Test(arguments: [
        ("Motala bibliotek", "motala-bibliotek"), ("Åre", "are"), ("Östersund", "ostersund"),
        ("Älvsbyns kommun", "alvsbyns-kommun"), ("Tromsø", "tromso"), ("Ærø Bibliotek", "aero-bibliotek"),
        ("Café Idé", "cafe-ide"), ("A\u{30A}re o\u{308}", "are-o"), ("Straße", "strasse"),
        ("ÅÄÖ åäö ÆØ æø", "aao-aao-aeo-aeo"),
        ("  eMedborgarveckan – 2016!  ", "emedborgarveckan-2016"), ("500 000 fler", "500-000-fler"),
        ("Læs & skriv/tal", "laes-skriv-tal"), ("Digidel2013", "digidel2013"), ("Malmö (stad)", "malmo-stad"),
    ])
    func aNameBecomesASlug(name: String, slug: String) {
        #expect(Slug.derived(from: name) == slug)
    }

    @Test(arguments: ["", " ", "Å", "!?", "北京", "–", String(repeating: "a", count: 81)])
    func aNameOfWhichTooLittleIsLeftBecomesNone(name: String) {
        #expect(Slug.derived(from: name) == nil)
    }

    @Test func aLongNameLosesWholeWords() {
        let word = String(repeating: "a", count: 39)
        #expect(Slug.derived(from: "\(word) \(word)a bibliotek") == "\(word)-\(word)a")
        #expect(Slug.derived(from: "\(word) \(word)aa") == word)
        #expect(Slug.derived(from: String(repeating: "å", count: 80)) == String(repeating: "a", count: 80))
    }

    @Test(arguments: ["Motala bibliotek", "Ærø", "x y z", "Hé – llo", String(repeating: "ab ", count: 100)])
    func whatIsDerivedIsValidAndStaysAsItIs(name: String) throws {
        let slug = try #require(Slug.derived(from: name))
        #expect(Slug.isValid(slug))
        #expect(Slug.derived(from: slug) == slug)
    }
}
