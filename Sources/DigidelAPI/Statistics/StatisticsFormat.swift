/// In which form statistics are wanted.
enum StatisticsFormat: String, AnswerFormat {
    case json, csv
    case jsonStat = "json-stat"

    var mediaType: String {
        switch self {
        case .json: "application/json"
        case .csv: "text/csv"
        case .jsonStat: JSONStat.mediaType
        }
    }
}
