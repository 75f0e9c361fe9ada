import HTTP

/// In which form statistics are wanted.
enum StatisticsFormat: String, CaseIterable {
    case json, csv
    case jsonStat = "json-stat"

    var mediaType: String {
        switch self {
        case .json: "application/json"
        case .csv: "text/csv"
        case .jsonStat: JSONStat.mediaType
        }
    }

    /// The form that an Accept field prefers, the first of equals; JSON when it takes none of them (RFC 9110, 12.5.1).
    init(accepting field: String?) {
        let ranges = (field ?? "*/*").split(separator: ",").map { MediaRange(String($0)) }
        var best: (format: Self, weight: Double) = (.json, 0)
        for format in Self.allCases {
            let weight =
                ranges.filter { $0.matches(format.mediaType) }.max { $0.precision < $1.precision }?.weight
                ?? 0
            if weight > best.weight { best = (format, weight) }
        }
        self = best.format
    }
}

/// One of the ranges in an Accept field, such as `text/*;q=0.5`.
private struct MediaRange {
    private let name: String
    let weight: Double

    init(_ text: String) {
        let parts = text.split(separator: ";").map { $0.trimmingWhitespace().lowercased() }
        name = parts.first ?? ""
        let quality = parts.dropFirst().first { $0.hasPrefix("q=") }
        weight = quality.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
    }

    /// How much of a media type it says.
    var precision: Int { name == "*/*" ? 0 : name.hasSuffix("/*") ? 1 : 2 }

    func matches(_ mediaType: String) -> Bool {
        name == "*/*" || name == mediaType || (name.hasSuffix("/*") && mediaType.hasPrefix(name.dropLast()))
    }
}
