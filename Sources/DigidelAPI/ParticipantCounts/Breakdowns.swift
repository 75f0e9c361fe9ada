import Postgres

/// How a count's value divides, one way at a time; a cell of 0 is the same as none (decisions.md, 36).
struct Breakdowns: Sendable, Equatable {
    /// The dimensions and their keys, in the order in which they are shown.
    static let dimensions: KeyValuePairs<String, [String]> = [
        "gender": ["woman", "man", "other", "unknown"],
        "age": ["0-17", "18-30", "31-50", "51-70", "71+", "unknown"],
        "priorUse": ["never", "rarely", "sometimes", "unknown"],
    ]

    /// Value by dimension and key, zeros left out.
    private let cells: [String: [String: Int]]

    private init(cells: [String: [String: Int]]) {
        self.cells = cells
    }

    init(_ input: inout ObjectInput) {
        var cells: [String: [String: Int]] = [:]
        for (dimension, keys) in Self.dimensions {
            cells[dimension] = input.object(dimension) { dimension in
                var values: [String: Int] = [:]
                for key in keys {
                    let value = dimension.integer(key, in: ParticipantCountInput.valueRange)
                    if let value, value > 0 { values[key] = value }
                }
                return values
            }
        }
        self.cells = cells
    }

    /// Without the dimensions that say nothing: all cells of 0 are what a value of 0 has anyway. Nil when none is left.
    func normalised(value: Int) -> Breakdowns? {
        let kept = value == 0 ? cells.filter { !$0.value.isEmpty } : cells
        return kept.isEmpty ? nil : Breakdowns(cells: kept)
    }

    /// A fault for each dimension that does not add up to `value`.
    func faults(value: Int) -> [Fault] {
        Self.dimensions.compactMap { dimension, _ in
            guard let sum = cells[dimension]?.values.reduce(0, +), sum != value else { return nil }
            return Fault(
                "/breakdowns/\(dimension)", "breakdownSum",
                "Its cells add up to \(sum), and must add up to value, \(value); what is not known goes to unknown."
            )
        }
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            for (dimension, keys) in Self.dimensions {
                guard let values = cells[dimension] else { continue }
                json.member(dimension) { json in
                    for key in keys { json.member(key, values[key]) }
                }
            }
        }
    }
}

/// The column `breakdowns`, as JSON has it.
extension Breakdowns: ParameterConvertible, ColumnDecodable {
    var parameter: Parameter {
        var json = JSONWriter()
        write(to: &json)
        return json.text
    }

    init?(column text: String) {
        guard let value = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
        var input = ObjectInput(value)
        self.init(&input)
        guard input.faults.isEmpty else { return nil }
    }
}
