/// What is published as open data, as catalogues of data describe it.
struct OpenDataset {
    typealias Text = (sv: String, en: String)

    let id: String
    let title: Text
    let description: Text
    let keywords: [Text]
    /// Codes of the EU's data themes.
    let themes: [String]
    /// A code of the EU's frequencies.
    let frequency: String
    /// Below the API's address, with what picks the rows.
    let path: String
    var query: String = ""
    var formats: [StatisticsFormat] = [.json, .csv]

    static let all: [OpenDataset] = [
        OpenDataset(
            id: "participant-statistics",
            title: (
                "Deltagarstatistik för digital delaktighet", "Participant statistics of digital inclusion"
            ),
            description: (
                "Hur många som nåddes av kurser, handledning och kampanjer för digital delaktighet, per kampanj, mått, län och år. Mått läggs aldrig ihop. Små tal om personer visas inte. Andra indelningar, perioder och tidigare lägen går att fråga efter.",
                "How many were reached by courses, guidance and campaigns for digital inclusion, by campaign, measure, county and year. Measures are never added up. Small figures about people are not shown. Other groups, periods and past states can be asked for."
            ),
            keywords: [
                ("digital delaktighet", "digital inclusion"), ("deltagare", "participants"),
                ("statistik", "statistics"),
            ],
            themes: ["SOCI", "EDUC"], frequency: "CONT", path: "statistics",
            query: "groupBy=campaign,county,year", formats: [.json, .csv, .jsonStat]),
        OpenDataset(
            id: "goals",
            title: ("Mål och hur långt de har kommit", "Goals and their progress"),
            description: (
                "Nationella och lokala mål för digital delaktighet med måltal och slutdatum. Varje mål har sitt läge, sin takt, sin kurva över tid och sin fördelning på län under egna adresser.",
                "National and local goals for digital inclusion with targets and dates. Each goal has its progress, pace, series over time and breakdown by county at addresses of its own."
            ),
            keywords: [("mål", "goals"), ("måluppfyllelse", "progress")], themes: ["SOCI", "GOVE"],
            frequency: "CONT", path: "goals"),
        OpenDataset(
            id: "campaigns",
            title: ("Kampanjer", "Campaigns"),
            description: (
                "Kampanjer och kampanjveckor för digital delaktighet: när, i vilka länder, av vem och vad som räknas.",
                "Campaigns and campaign weeks for digital inclusion: when, in which countries, by whom and what is counted."
            ),
            keywords: [("kampanjer", "campaigns")], themes: ["SOCI", "EDUC"], frequency: "IRREG",
            path: "campaigns"),
        OpenDataset(
            id: "organisations",
            title: ("Organisationer i nätverket", "Organisations of the network"),
            description: (
                "Bibliotek, studieförbund, folkhögskolor, myndigheter, föreningar och företag som arbetar för digital delaktighet, med slag och plats. Kontaktuppgifter ingår inte.",
                "Libraries, study associations, folk high schools, agencies, associations and companies that work for digital inclusion, with their kind and place. Contact details are left out."
            ),
            keywords: [("organisationer", "organisations"), ("bibliotek", "libraries")],
            themes: ["SOCI", "GOVE"],
            frequency: "IRREG", path: "organisations"),
        OpenDataset(
            id: "service-points",
            title: ("Platser där man får hjälp", "Service points"),
            description: (
                "Platser där allmänheten får hjälp med internet och digitala tjänster, med adress, läge och vad som erbjuds.",
                "Places where people get help with the internet and digital services, with address, location and what is offered."
            ),
            keywords: [("it-hjälp", "IT help"), ("servicekontor", "service points")],
            themes: ["SOCI", "REGI"],
            frequency: "IRREG", path: "service-points"),
        OpenDataset(
            id: "projects",
            title: ("Projekt", "Projects"),
            description: (
                "Lokala och nationella projekt för digital delaktighet: vem som gör vad var och när, och vem som betalar.",
                "Local and national projects for digital inclusion: who does what, where and when, and who pays."
            ),
            keywords: [("projekt", "projects")], themes: ["SOCI", "EDUC"], frequency: "IRREG",
            path: "projects"),
        OpenDataset(
            id: "activities",
            title: ("Aktiviteter", "Activities"),
            description: (
                "Vad som har gjorts: kurser, konferenser, studiebesök, kartläggningar och annat, med den tid som är känd.",
                "What has been done: courses, conferences, study visits, mappings and more, with the time that is known."
            ),
            keywords: [("aktiviteter", "activities")], themes: ["SOCI", "EDUC"], frequency: "IRREG",
            path: "activities"),
        OpenDataset(
            id: "agreements",
            title: ("Överenskommelser", "Agreements"),
            description: (
                "Vilka organisationer som har kommit överens om vad, och under vilken tid.",
                "Which organisations have agreed on what, and for how long."
            ),
            keywords: [("överenskommelser", "agreements")], themes: ["GOVE"], frequency: "IRREG",
            path: "agreements"),
        OpenDataset(
            id: "publications",
            title: ("Material, rapporter och rekommendationer", "Material, reports and recommendations"),
            description: (
                "Lärmaterial, rapporter, rekommendationer och handledningar om digital delaktighet.",
                "Learning material, reports, recommendations and guides about digital inclusion."
            ),
            keywords: [("lärmaterial", "learning material"), ("rapporter", "reports")], themes: ["EDUC"],
            frequency: "IRREG", path: "publications"),
        OpenDataset(
            id: "strategies",
            title: ("Strategier", "Strategies"),
            description: (
                "Offentliga strategier för digitalisering, och vad som blir obligatoriskt när och för vem.",
                "Public strategies for digitalisation, and what becomes mandatory when and for whom."
            ),
            keywords: [("strategier", "strategies")], themes: ["GOVE"], frequency: "IRREG", path: "strategies"
        ),
        OpenDataset(
            id: "surveys",
            title: ("Enkäter", "Surveys"),
            description: (
                "Enkäter till kommuner, län och organisationer. Publicerade enkäter har sammanställda svar med sina nämnare under egna adresser.",
                "Surveys of municipalities, counties and organisations. Published surveys have their results, with the denominators, at addresses of their own."
            ),
            keywords: [("enkäter", "surveys")], themes: ["SOCI", "GOVE"], frequency: "IRREG", path: "surveys"),
        OpenDataset(
            id: "indicators",
            title: ("Indikatorer", "Indicators"),
            description: (
                "Serier från andra källor som mål följer, såsom hur många som inte använder internet.",
                "Series of other sources that goals follow, such as how many do not use the internet."
            ),
            keywords: [("indikatorer", "indicators")], themes: ["SOCI"], frequency: "ANNUAL",
            path: "indicators"),
        OpenDataset(
            id: "guidance-summary",
            title: ("Vad människor behöver hjälp med", "What people need help with"),
            description: (
                "Sammanställning av anonyma handledningar: ämnen, om det löste sig, hinder och reseväg. Små grupper visas inte.",
                "A summary of anonymous guidance sessions: topics, whether it was solved, obstacles and distance travelled. Small groups are not shown."
            ),
            keywords: [("handledning", "guidance")], themes: ["SOCI"], frequency: "CONT",
            path: "guidance-sessions/summary", formats: [.json]),
        OpenDataset(
            id: "areas",
            title: ("Län och kommuner", "Counties and municipalities"),
            description: (
                "Länder, län och kommuner i Sverige, Norge och Danmark med folkmängd, som uppgifterna hänvisar till.",
                "Countries, counties and municipalities of Sweden, Norway and Denmark with their population, which the data refer to."
            ),
            keywords: [("kommuner", "municipalities"), ("län", "counties")], themes: ["REGI"],
            frequency: "ANNUAL", path: "areas"),
    ]
}
