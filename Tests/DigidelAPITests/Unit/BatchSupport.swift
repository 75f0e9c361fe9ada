import Testing

@testable import DigidelAPI

/// A count in JSON, with members of its own in the place of the usual ones.
func countJSON(_ members: String = "") -> String {
    let own = members.isEmpty ? "" : ",\(members)"
    return #"{"organisation":"motala-bibliotek","campaign":"vecka-2016","measure":"attendances","value":42,"#
        + #""from":"2016-10-03","to":"2016-10-09","area":"se-0583","channel":"onSite"\#(own)}"#
}

/// The header that goes with `countCSV`, and further columns.
func headerCSV(_ columns: String = "", separator: String = ",") -> String {
    "organisation,campaign,measure,value,from,to,area,channel\(columns)"
        .replacing(",", with: separator)
}

/// The same count as `countJSON` in CSV, with further cells.
func countCSV(_ cells: String = "", value: String = "42", from: String = "2016-10-03") -> String {
    "motala-bibliotek,vecka-2016,attendances,\(value),\(from),2016-10-09,se-0583,onSite\(cells)"
}

/// What a single POST makes of a body.
func singleCount(_ json: String) throws -> ParticipantCountInput {
    var input = ObjectInput(try JSONValue(parsing: Array(json.utf8)))
    return try ParticipantCountInput(&input)
}

/// All rows of a body.
func batchRows(_ text: String, _ format: BatchFormat) throws -> [BatchRow] {
    Array(try BatchRows(Array(text.utf8), format))
}

extension BatchRow {
    /// The count, when the row is one.
    var count: ParticipantCountInput? {
        if case .count(let count) = content { count } else { nil }
    }
}

/// The error that a body as a whole is refused with.
func refusal(_ body: [UInt8], _ format: BatchFormat) throws -> APIError {
    try #require(throws: APIError.self) { try BatchRows(body, format) }
}
