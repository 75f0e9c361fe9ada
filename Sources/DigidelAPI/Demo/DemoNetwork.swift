import Foundation

/// The Digidel network, from 2013: its members, and the library survey of spring 2017.
extension Demo {
    func loadNetwork() async throws {
        try await create(
            "organisations",
            [
                [
                    "id": "digidel-kansli", "kind": "association", "area": "se",
                    "name": ["sv": "Digidels kansli", "en": "The Digidel office"],
                ]
            ])
        try await organisations(Self.members)
        try await create("surveys", [Self.librarySurvey])
        try await hold(
            Self.librarySurveyID,
            responses: try await municipalities(of: "se").enumerated().compactMap { number, place in
                Self.response(number).map { (place.area, $0) }
            })
        try await create("goals", [Self.programmesEverywhere])
    }

    /// Of all kinds, local, regional and national.
    private static let members: [OrganisationRow] = [
        ("abf", "studyAssociation", "se", "Arbetarnas bildningsförbund"),
        ("arbetsformedlingen", "agency", "se", "Arbetsförmedlingen"),
        ("axiell", "company", "se", "Axiell"),
        ("folkbildningsradet", "association", "se", "Folkbildningsrådet"),
        ("helsingborg-stad", "municipality", "se-1283", "Helsingborgs stad"),
        ("internetstiftelsen", "association", "se", "Internetstiftelsen i Sverige"),
        ("kungliga-biblioteket", "agency", "se", "Kungliga biblioteket"),
        ("motala-kommun", "municipality", "se-0583", "Motala kommun"),
        ("post-och-telestyrelsen", "agency", "se", "Post- och telestyrelsen"),
        ("region-ostergotland", "region", "se-05", "Region Östergötland"),
        ("seniornet-sweden", "association", "se", "SeniorNet Sweden"),
        ("skatteverket", "agency", "se", "Skatteverket"),
        ("studieforbundet-vuxenskolan", "studyAssociation", "se", "Studieförbundet Vuxenskolan"),
        ("sundbyberg-folkhogskola", "folkHighSchool", "se-0183", "Sundbybergs folkhögskola"),
        ("svensk-biblioteksforening", "association", "se", "Svensk biblioteksförening"),
    ]

    private static let librarySurveyID = "biblioteksenkat-2017"

    private static let librarySurvey: JSONValue = [
        "id": .string(librarySurveyID),
        "title": ["sv": "Biblioteksenkät våren 2017", "en": "Library survey, spring 2017"],
        "frame": ["country": "se"],
        "questions": [
            [
                "id": "program", "type": "yesNo",
                "text": [
                    "sv": "Erbjuder kommunens bibliotek program för digital delaktighet?",
                    "en": "Do the municipality's libraries offer programmes for digital inclusion?",
                ],
            ]
        ],
    ]

    /// 91 % answered, and 80 % of these offer programmes. Which municipality answered what is invented.
    private static func response(_ number: Int) -> JSONValue? {
        guard number < 264 else { return nil }
        return ["answers": ["program": .bool(number < 211)]]
    }

    private static let programmesEverywhere: JSONValue = [
        "id": "program-i-varje-kommun",
        "name": ["sv": "Program på biblioteken i varje kommun", "en": "Library programmes everywhere"],
        "description": [
            "sv": "Efter biblioteksenkäten våren 2017. Målet är ett demomål.",
            "en": "By the library survey of spring 2017. The goal is a demo goal.",
        ],
        "kind": "coverage", "targetPercent": 100, "scope": ["areas": ["se"]],
        "predicate": [
            "survey": .string(librarySurveyID), "question": "program", "equals": .bool(true),
        ],
        "startsOn": "2017-01-01", "endsOn": "2017-12-31",
    ]
}
