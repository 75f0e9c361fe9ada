/// Statistics as a dataset of JSON-stat 2.0 (json-stat.org/full): a cube whose empty cells are left out.
struct JSONStat {
    static let mediaType = "application/json-stat+json"
    /// The category of what reports do not say.
    private static let notReported = "notReported"

    private let statistics: Statistics
    private let address: String
    /// The categories of each dimension, in order, and the position of each.
    private let categories: [[String]]
    private let positions: [[String: Int]]

    /// Nil when the cube has more cells than a number in JSON can tell apart (RFC 8259, 6).
    init?(_ statistics: Statistics, address: String) {
        self.statistics = statistics
        self.address = address
        let rows = statistics.sums.rows
        categories = statistics.sums.groupings.indices.map { column in
            var seen: Set<String> = []
            let ids = rows.map { $0.keys[column] ?? Self.notReported }.filter { seen.insert($0).inserted }
            return ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
        var cells = 1
        for ids in categories where !ids.isEmpty {
            guard cells <= (1 << 53) / ids.count else { return nil }
            cells *= ids.count
        }
        positions = categories.map { Dictionary(uniqueKeysWithValues: $0.enumerated().map { ($1, $0) }) }
    }

    func write(to json: inout JSONWriter, as representation: Representation) {
        let (sums, groupings) = (statistics.sums, statistics.sums.groupings)
        json.object { json in
            json.member("version", "2.0")
            json.member("class", "dataset")
            json.member("href", address)
            json.member("label", "Digidel")
            json.member("updated", sums.asOf)
            json.member("id", groupings.map(\.rawValue))
            json.name("size")
            json.array(categories) { json, ids in json.value(ids.count) }
            writeRoles(to: &json)
            json.member("dimension") { json in
                for column in groupings.indices { writeDimension(column, to: &json, as: representation) }
            }
            json.member("value") { json in
                for index in sums.rows.indices { json.member("\(place(of: index))", statistics.value(index)) }
            }
            if !statistics.hidden.isEmpty {
                json.member("status") { json in
                    for index in statistics.hidden.sorted() {
                        json.member("\(place(of: index))", "suppressed")
                    }
                }
            }
            json.member("extension") { json in
                json.member("version", sums.version)
                json.member("finality", statistics.finality)
            }
        }
    }

    /// Where a row's value is in the cube, the last dimension running fastest.
    private func place(of index: Int) -> Int {
        let keys = statistics.sums.rows[index].keys
        return zip(keys, zip(categories, positions)).reduce(0) { place, column in
            let (key, (ids, positions)) = column
            return place * ids.count + (positions[key ?? Self.notReported] ?? 0)
        }
    }

    private func writeRoles(to json: inout JSONWriter) {
        let groupings = statistics.sums.groupings
        json.member("role") { json in
            let time = groupings.filter(\.isTime).map(\.rawValue)
            let places = groupings.filter(\.isArea).map(\.rawValue)
            if !time.isEmpty { json.member("time", time) }
            if !places.isEmpty { json.member("geo", places) }
            json.member("metric", [Grouping.measure.rawValue])
        }
    }

    private func writeDimension(_ column: Int, to json: inout JSONWriter, as representation: Representation) {
        let grouping = statistics.sums.groupings[column]
        json.member(grouping.rawValue) { json in
            json.member("label", grouping.rawValue)
            json.member("category") { json in
                json.member("index", categories[column])
                if grouping == .measure {
                    json.member("unit") { json in
                        for id in categories[column] {
                            json.member(id) { json in json.member("label", Measure(rawValue: id)?.unit) }
                        }
                    }
                }
                writeLabels(column, to: &json, as: representation)
            }
        }
    }

    /// The names of areas or organisations, where there are any.
    private func writeLabels(_ column: Int, to json: inout JSONWriter, as representation: Representation) {
        let names = statistics.sums.names(column)
        guard !names.isEmpty else { return }
        json.member("label") { json in
            for id in categories[column] {
                json.member(id, names[id]?.text(in: representation.language ?? .sv) ?? id)
            }
        }
    }
}
