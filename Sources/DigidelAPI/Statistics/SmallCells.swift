/// Which figures the public does not see, because they are so few people that somebody might be recognised (domain.md,
/// section 4; decisions.md, 30 and 63).
struct SmallCells {
    /// A figure among others.
    struct Cell {
        /// Its group by each grouping.
        let keys: [String?]
        let value: Int
        /// Whether it is people of a kind at all; other figures are always shown.
        let isOfPeople: Bool
    }

    /// Fewer than 5 people, and 0 is nobody.
    static let few = 1...4

    /// The positions of the cells that are hidden.
    let hidden: Set<Int>

    /// Hides what is few, and then, as long as one hidden cell alone can be told from the sum of those beside it, which
    /// is public, the smallest of these. Beside a cell are those that differ from it in one key; `apart` are the
    /// positions of keys that are never summed over, such as the measure.
    init(_ cells: [Cell], apart: Set<Int> = []) {
        var hidden = Set(
            cells.indices.filter { cells[$0].isOfPeople && Self.few.contains(cells[$0].value) })
        let lines = Self.lines(cells, apart: apart)
        var before: Set<Int>
        repeat {
            before = hidden
            for line in lines where line.count(where: hidden.contains) == 1 {
                let others = line.filter { !hidden.contains($0) && cells[$0].value > 0 }
                if let smallest = others.min(by: { cells[$0].value < cells[$1].value }) {
                    hidden.insert(smallest)
                }
            }
        } while hidden != before
        self.hidden = hidden
    }

    /// The cells of people that differ in one key only, for each key; always in the same order, since which cells are
    /// hidden may depend on it, and two answers that hide different ones would tell both.
    private static func lines(_ cells: [Cell], apart: Set<Int>) -> [[Int]] {
        guard let width = cells.first?.keys.count else { return [] }
        return (0..<width).filter { !apart.contains($0) }.flatMap { position in
            Dictionary(grouping: cells.indices.filter { cells[$0].isOfPeople }) { index in
                var rest = cells[index].keys
                rest.remove(at: position)
                return rest
            }.values.sorted { $0[0] < $1[0] }
        }
    }
}

extension Measure {
    /// Whether it counts people or their visits, so that a small cell may be somebody.
    var countsPeople: Bool {
        switch self {
        case .attendances, .newlyIncluded, .supportersTrained: true
        case .reached, .activitiesHeld: false
        }
    }
}

extension CountSums {
    /// The positions of the rows whose value the reader does not see. `measure` is that of all rows, when it is no
    /// grouping.
    func hiddenRows(from caller: Caller?, measure: Measure? = nil) -> Set<Int> {
        if let caller, caller.role >= .coordinator { return [] }
        guard let people = groupings.firstIndex(where: \.isOfPeople) else { return [] }
        let measures = groupings.firstIndex(of: .measure)
        let cells = rows.map { row in
            let measure = measures.flatMap { row.keys[$0] }.flatMap(Measure.init) ?? measure
            return SmallCells.Cell(
                keys: row.keys, value: row.value,
                isOfPeople: row.keys[people] != nil && measure?.countsPeople ?? true)
        }
        return SmallCells(cells, apart: Set(measures.map { [$0] } ?? [])).hidden
    }
}
