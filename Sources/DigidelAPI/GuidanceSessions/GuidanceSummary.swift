import Foundation

/// What people needed help with, whether they got it, and how far they travelled (domain.md, section 5).
struct GuidanceSummary {
    /// What sessions are counted by; its raw value is the member's name.
    enum Tally: String, CaseIterable {
        case topics, outcomes, obstacles, learnedThrough

        /// Whether a session is counted once only, so that a hidden count can be told from the total and the others
        /// (decisions.md, 79).
        var addsUp: Bool { self == .outcomes || self == .learnedThrough }
    }

    var total = 0
    var tallies: [Tally: [(key: String, count: Int)]] = [:]
    /// How many sessions tell how far somebody travelled.
    var journeys = 0
    /// The first, the second and the third quartile of that, in kilometres; nil when none tells.
    var quartiles: [Decimal]?

    /// `address` is where it was asked for.
    func write(to json: inout JSONWriter, for caller: Caller?, at address: String) {
        let showsAll = caller.map { $0.role >= .coordinator } ?? false
        json.object { json in
            json.member("total", total)
            for tally in Tally.allCases {
                json.name(tally.rawValue)
                json.array(entries(tally, showsAll: showsAll)) { json, entry in
                    json.object { json in
                        json.member("key", entry.key)
                        json.nullable("count", entry.count)
                        json.member("suppressed", entry.count == nil)
                    }
                }
            }
            json.member("travelKm") { json in
                let quartiles = showsAll || journeys > SmallCells.few.upperBound ? quartiles : nil
                json.member("count", journeys)
                for (position, name) in ["q1", "median", "q3"].enumerated() {
                    json.nullable(name, quartiles?[position])
                }
            }
            json.links(["self": address])
        }
    }

    /// The most frequent first, and last, by their keys, those whose count is hidden: their order would tell of it.
    private func entries(_ tally: Tally, showsAll: Bool) -> [(key: String, count: Int?)] {
        // By bytes: the order of strings that differ in accents alone is not the same each time.
        let counted = tallies[tally, default: []].sorted {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        let cells = counted.map { SmallCells.Cell(keys: [$0.key], value: $0.count, isOfPeople: true) }
        let hidden = showsAll ? [] : SmallCells(cells, apart: tally.addsUp ? [] : [0]).hidden
        let entries = counted.enumerated().map { position, entry in
            (key: entry.key, count: hidden.contains(position) ? nil : entry.count)
        }
        // Sorting keeps the order of equals.
        return entries.sorted { $0.count ?? 0 > $1.count ?? 0 }
    }
}
