/// A column of counts in CSV: the member that its cells become.
///
/// Programs that write CSV change what people type, and what is meant is read where it can be meant in one way only:
/// - Numbers are digits, also in groups of three behind blanks or no-break blanks (`1 234`), and with a decimal part of
///   one or two zeros (`42,0`, `42.00`). `1.234` and `1,234` may be thousands or thousandths and are rejected.
/// - Dates are `2016-10-03`, also with midnight behind them (`2016-10-03 00:00`, `2016-10-03T00:00:00`). `3/10/2016` may
///   be in October or in March and is rejected.
/// - Blanks around names and cells do not count, but those of `note` and `externalId` do: they are taken as they are.
/// - A cell of nothing or blanks is absent.
struct CountColumn: Sendable {
    /// How cells are read.
    enum Kind: Sendable {
        case text, word, number, date
    }

    /// What is divided, in a column of `breakdowns`.
    let dimension: String?
    /// The member's name.
    let member: String
    let kind: Kind

    /// As the header has it: `value`, `gender.woman`.
    var name: String { dimension.map { "\($0).\(member)" } ?? member }

    /// Where the member stands in a count (RFC 6901).
    var pointer: String { dimension.map { "/breakdowns/\($0)/\(member)" } ?? "/\(member)" }

    /// Every column that there is.
    static let all: [CountColumn] = {
        let members: KeyValuePairs<String, Kind> = [
            "organisation": .word, "campaign": .word, "measure": .word, "value": .number, "from": .date,
            "to": .date, "period": .word, "area": .word, "channel": .word, "evidence": .word,
            "activity": .word, "servicePoint": .word, "note": .text, "externalId": .text,
        ]
        let cells = Breakdowns.dimensions.flatMap { dimension, keys in
            keys.map { CountColumn(dimension: dimension, member: $0, kind: .number) }
        }
        return members.map { CountColumn(dimension: nil, member: $0, kind: $1) } + cells
    }()

    /// The columns of a header by their names as they are written there. Throws `.malformed`, and lists the columns that
    /// there are, when one is unknown or there twice.
    static func columns(_ header: [String]) throws(APIError) -> [String: CountColumn] {
        let known = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
        var columns: [String: CountColumn] = [:]
        var (found, unknown, repeated): (Set<String>, [String], [String]) = ([], [], [])
        for written in header {
            let name = String(written.unicodeScalars.prefix(100)).trimmingWhitespace()
            columns[written] = known[name]
            if known[name] == nil {
                unknown.append(name)
            } else if !found.insert(name).inserted {
                repeated.append(name)
            }
        }
        var faults: [Fault] = []
        if !unknown.isEmpty { faults.append(fault("There is no column \(quoted(unknown)).")) }
        if !repeated.isEmpty { faults.append(fault("There is more than one column \(quoted(repeated)).")) }
        guard faults.isEmpty else { throw .malformed(faults) }
        return columns
    }

    private static func fault(_ what: String) -> Fault {
        let names = all.map(\.name).joined(separator: ", ")
        return Fault("", "malformed", "\(what) The first row names the columns: any of \(names).")
    }

    /// The first names, as far as they help somebody who looks for a mistake.
    private static func quoted(_ names: [String]) -> String {
        let shown = names.prefix(10).map { "\"\($0)\"" }
        return shown.joined(separator: ", ") + (names.count > shown.count ? " and others" : "")
    }
}
