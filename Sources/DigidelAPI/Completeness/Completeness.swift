/// Who has reported to a campaign and who has not; the body of `GET /v1/campaigns/{id}/completeness` (domain.md,
/// section 3).
struct Completeness {
    /// An organisation that takes part.
    struct Participant {
        let organisation: String
        let name: LocalisedText
        let area: String
        /// Nil for an organisation of a whole country.
        let county: County?
        /// Whether its reports are waited for: an exempt organisation's are not.
        let isExpected: Bool
        let exemptReason: String?
        let hasReported: Bool
        /// Whether its first report came by the day it was due.
        let isOnTime: Bool
    }

    /// A county as completeness names it.
    struct County: Hashable {
        let id: String
        let name: LocalisedText
    }

    /// How many are expected, and what has become of them. Organisations that are not expected are in none of it, so
    /// that no rate exceeds 100 %.
    struct Tally {
        private(set) var expected = 0
        private(set) var reported = 0
        private(set) var onTime = 0

        mutating func add(_ participant: Participant) {
            guard participant.isExpected else { return }
            expected += 1
            if participant.hasReported { reported += 1 }
            if participant.isOnTime { onTime += 1 }
        }

        func write(to json: inout JSONWriter) {
            json.member("expected", expected)
            json.member("reported", reported)
            json.member("onTime", onTime)
            json.member("reportingRate", Share(reported, of: expected))
            json.member("onTimeRate", Share(onTime, of: expected))
        }
    }

    let campaign: String
    /// In the order of their organisations' ids.
    let participants: [Participant]
    let asOf: Instant
    let version: Int

    /// Everybody together.
    var total: Tally { Self.tally(participants) }

    /// By county, in the order of their ids; organisations of a whole country come last. Only where somebody is expected.
    var counties: [(county: County?, tally: Tally)] {
        Dictionary(grouping: participants.filter(\.isExpected), by: \.county)
            .map { ($0, Self.tally($1)) }
            .sorted { left, right in
                guard let left = left.0 else { return false }
                return right.0.map { left.id < $0.id } ?? true
            }
    }

    private static func tally(_ participants: [Participant]) -> Tally {
        participants.reduce(into: Tally()) { $0.add($1) }
    }

    func write(to json: inout JSONWriter, as representation: Representation) {
        json.object { json in
            json.member("campaign", campaign)
            total.write(to: &json)
            json.name("missing")
            json.array(participants.filter { $0.isExpected && !$0.hasReported }) { json, participant in
                participant.write(to: &json, as: representation)
            }
            json.name("extra")
            json.array(participants.filter { !$0.isExpected && $0.hasReported }) { json, participant in
                participant.write(to: &json, as: representation)
            }
            json.name("exempt")
            json.array(participants.filter { $0.exemptReason != nil }) { json, participant in
                json.object { json in
                    json.member("organisation", participant.organisation)
                    json.member("exemptReason", participant.exemptReason)
                }
            }
            json.name("counties")
            json.array(counties) { json, row in
                json.object { json in
                    json.nullable("county", row.county?.id)
                    json.nullable("name", row.county?.name, in: representation.language)
                    row.tally.write(to: &json)
                }
            }
            json.member("asOf", asOf)
            json.member("version", version)
            let item = "\(representation.baseURL)/\(Campaign.collection)/\(campaign)"
            json.links(["self": "\(item)/completeness", "item": item])
        }
    }
}

extension Completeness.Participant {
    /// Who it is and where.
    func write(to json: inout JSONWriter, as representation: Representation) {
        json.object { json in
            json.member("organisation", organisation)
            json.member("name", name, in: representation.language)
            json.member("area", area)
        }
    }
}
