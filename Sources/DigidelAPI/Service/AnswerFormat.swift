import HTTP

/// The forms that an answer may have, the usual one first; its raw value is that of the parameter `format`.
protocol AnswerFormat: RawRepresentable<String>, CaseIterable, Sendable {
    var mediaType: String { get }
}

extension AnswerFormat where AllCases == [Self] {
    /// The form that an Accept field prefers, the first of equals; the usual one when it takes none of them (RFC 9110,
    /// 12.5.1).
    static func accepted(by field: String?) -> Self {
        let ranges = AcceptedRange.list(field ?? "*/*")
        var best = (format: allCases[0], weight: 0.0)
        for format in allCases {
            let weight =
                ranges.filter { $0.matches(format.mediaType) }.max { $0.precision < $1.precision }?.weight
                ?? 0
            if weight > best.weight { best = (format, weight) }
        }
        return best.format
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

extension Call {
    /// What was written in one of the forms that it may have.
    func answer(_ body: [UInt8], in format: some AnswerFormat) throws(APIError) -> Response {
        // Two forms may have the same bytes: JSON-LD is JSON.
        var response = try answer(.ok, body, tag: "\(contentTag(body))-\(format.rawValue)")
        response.fields["Vary"] = "Accept, Accept-Language, Authorization"
        if response.status == .ok {
            let isCSV = format.mediaType == "text/csv"
            response.fields["Content-Type"] =
                isCSV ? "text/csv; charset=utf-8; header=present" : format.mediaType
        }
        return response
    }
}
