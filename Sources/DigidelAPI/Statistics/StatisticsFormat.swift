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
        let ranges = AcceptedRange.list(field ?? "*/*")
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

extension AcceptedRange {
    /// How much of a media type it says.
    fileprivate var precision: Int { name == "*/*" ? 0 : name.hasSuffix("/*") ? 1 : 2 }

    /// Whether a media type is in it.
    fileprivate func matches(_ mediaType: String) -> Bool {
        name == "*/*" || name == mediaType || (name.hasSuffix("/*") && mediaType.hasPrefix(name.dropLast()))
    }
}
