import Foundation
import Postgres

/// The editions of a series side by side, by measure and channel; the body of `GET /v1/campaign-series/{id}/editions`.
/// Nothing is added up across editions, measures or channels.
struct Editions {
    /// One campaign of the series.
    struct Edition {
        let campaign: String
        let name: LocalisedText
        let startsOn: CalendarDate
        let endsOn: CalendarDate
        let countries: [Country]
        let measures: [Measure]
        let isLocked: Bool
        /// How many organisations have reported, expected or not.
        let reporters: Int
        /// How many of those that reports are expected from have reported.
        let reportingRate: Share

        var days: Int { endsOn - startsOn + 1 }
    }

    /// Why figures side by side do not say that one edition did better than another.
    enum Difference: String, CaseIterable {
        case oneEdition, lengthDiffers, countriesDiffer, notFinal, reportingRateDiffers
        case measureNotCounted, channelNotReported

        func explanation(in language: Language) -> String {
            let swedish = language == .sv
            return switch self {
            case .oneEdition: swedish ? "Det finns bara en omgång." : "There is only one edition."
            case .lengthDiffers:
                swedish
                    ? "Omgångarna pågick olika många dagar."
                    : "The editions lasted different numbers of days."
            case .countriesDiffer:
                swedish
                    ? "Omgångarna hölls i olika länder." : "The editions took place in different countries."
            case .notFinal:
                swedish
                    ? "Minst en omgång är inte låst: fler rapporter kan komma."
                    : "At least one edition is not locked: more reports may come."
            case .reportingRateDiffers:
                swedish
                    ? "Andelen väntade rapporter som kommit skiljer sig med mer än tio procentenheter, eller är okänd."
                    : "The share of expected reports that came differs by more than ten percentage points, or is not known."
            case .measureNotCounted:
                swedish
                    ? "Minst en omgång räknade inte måttet."
                    : "At least one edition did not count this measure."
            case .channelNotReported:
                swedish
                    ? "I minst en omgång rapporterade ingen för kanalen."
                    : "In at least one edition nobody reported for this channel."
            }
        }
    }

    let series: CampaignSeries
    /// In the order of their first days.
    let editions: [Edition]
    /// By campaign, measure and channel.
    let sums: CountSums

    /// What stands between all figures of the editions.
    var differences: [Difference] {
        var differences: [Difference] = []
        if editions.count < 2 { differences.append(.oneEdition) }
        if Set(editions.map(\.days)).count > 1 { differences.append(.lengthDiffers) }
        if Set(editions.map { Set($0.countries) }).count > 1 { differences.append(.countriesDiffer) }
        if !editions.allSatisfy(\.isLocked) { differences.append(.notFinal) }
        let rates = editions.compactMap(\.reportingRate.percent)
        let spread = (rates.max() ?? 0) - (rates.min() ?? 0)
        if spread > 10 || (rates.count < editions.count && !rates.isEmpty) {
            differences.append(.reportingRateDiffers)
        }
        return differences
    }
}

extension Editions {
    /// What the figures of one measure and channel have against being compared, besides what all have.
    private func differences(_ figures: [Figure]) -> [Difference] {
        var differences: [Difference] = []
        if figures.contains(where: { !$0.isCounted }) { differences.append(.measureNotCounted) }
        if figures.contains(where: { $0.isCounted && $0.value == nil }) {
            differences.append(.channelNotReported)
        }
        return differences
    }

    /// What was counted in one edition of one measure over one channel.
    private struct Figure {
        let campaign: String
        /// Nil where nobody reported.
        let value: Int?
        /// Whether the edition counts the measure at all.
        let isCounted: Bool
    }

    /// A measure over a channel, with a figure for each edition.
    private struct Line {
        let measure: Measure
        let channel: String
        let figures: [Figure]
    }

    private var lines: [Line] {
        let values = Dictionary(uniqueKeysWithValues: sums.rows.map { ($0.keys, $0.value) })
        return Measure.allCases.flatMap { measure in
            ParticipantCount.Channel.allCases.compactMap { channel -> Line? in
                let figures = editions.map { edition in
                    Figure(
                        campaign: edition.campaign,
                        value: values[[edition.campaign, measure.rawValue, channel.rawValue]],
                        isCounted: edition.measures.contains(measure))
                }
                let isReported = figures.contains { $0.value != nil }
                return isReported ? Line(measure: measure, channel: channel.rawValue, figures: figures) : nil
            }
        }
    }

    func write(to json: inout JSONWriter, as representation: Representation) {
        let item = representation.baseURL + series.path
        json.object { json in
            json.member("series", series.id)
            json.member("name", series.content.name, in: representation.language)
            json.name("editions")
            json.array(editions) { json, edition in edition.write(to: &json, as: representation) }
            write(differences, to: &json, as: representation)
            json.name("rows")
            json.array(lines) { json, line in write(line, to: &json, as: representation) }
            json.nullable("asOf", sums.asOf?.description)
            json.member("version", sums.version)
            json.links(["self": "\(item)/editions", "item": item])
        }
    }

    private func write(_ line: Line, to json: inout JSONWriter, as representation: Representation) {
        json.object { json in
            json.member("measure", line.measure.rawValue)
            json.member("unit", line.measure.unit)
            json.member("channel", line.channel)
            json.name("values")
            json.array(line.figures) { json, figure in
                json.object { json in
                    json.member("campaign", figure.campaign)
                    json.nullable("value", figure.value)
                }
            }
            write(differences + differences(line.figures), to: &json, as: representation)
        }
    }

    private func write(
        _ differences: [Difference], to json: inout JSONWriter, as representation: Representation
    ) {
        json.member("comparable", differences.isEmpty)
        json.name("reasons")
        json.array(differences) { json, difference in
            json.object { json in
                json.member("code", difference.rawValue)
                json.member("detail", difference.explanation(in: representation.language ?? .sv))
            }
        }
    }
}

extension Editions.Edition {
    fileprivate func write(to json: inout JSONWriter, as representation: Representation) {
        json.object { json in
            json.member("campaign", campaign)
            json.member("name", name, in: representation.language)
            json.member("startsOn", startsOn)
            json.member("endsOn", endsOn)
            json.member("countries", countries.map(\.rawValue))
            json.member("finality", isLocked ? "final" : "preliminary")
            json.member("reporters", reporters)
            json.member("reportingRate", reportingRate)
        }
    }
}
