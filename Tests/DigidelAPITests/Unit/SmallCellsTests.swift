import Testing

@testable import DigidelAPI

@Suite struct SmallCellsTests {
    /// Which of a dimension's figures are hidden.
    private func hidden(_ values: [Int]) -> Set<Int> {
        SmallCells(
            values.enumerated().map {
                SmallCells.Cell(keys: ["\($0.offset)"], value: $0.element, isOfPeople: true)
            }
        ).hidden
    }

    @Test(
        arguments: [
            // Nobody is nobody, five are enough.
            ([], []), ([0], []), ([5], []), ([0, 5, 100], []),
            // One alone could be told from the total: the smallest other that is somebody hides too.
            ([1, 20, 10], [0, 2]), ([20, 4, 5], [1, 2]), ([0, 3, 0, 7], [1, 3]),
            // Two hide each other.
            ([1, 4, 10], [0, 1]), ([2, 3, 4], [0, 1, 2]),
            // Any one of the smallest.
            ([10, 3, 10], [0, 1]), ([3, 10, 10, 0], [0, 1]),
            // There is nothing beside it.
            ([3], [0]), ([3, 0, 0], [0]),
        ] as [([Int], Set<Int>)])
    func fewAreHiddenAndNotAlone(values: [Int], positions: Set<Int>) {
        #expect(hidden(values) == positions)
    }

    /// What reports do not say is not people of a kind: never hidden, not even for another's sake.
    @Test func whatIsNotOfPeopleIsShown() {
        let cells = [
            SmallCells.Cell(keys: ["woman"], value: 3, isOfPeople: true),
            SmallCells.Cell(keys: ["man"], value: 30, isOfPeople: true),
            SmallCells.Cell(keys: [nil], value: 2, isOfPeople: false),
        ]
        #expect(SmallCells(cells).hidden == [0, 1])
    }

    /// A table of people by row and column, as text: lines of numbers.
    private func table(_ rows: [[Int]]) -> [SmallCells.Cell] {
        rows.enumerated().flatMap { row, values in
            values.enumerated().map { column, value in
                SmallCells.Cell(keys: ["r\(row)", "c\(column)"], value: value, isOfPeople: true)
            }
        }
    }

    @Test func aTableIsHiddenInBothDirections() {
        // The 3 needs one beside it and one below it, and these need each other.
        #expect(SmallCells(table([[3, 10, 50], [12, 40, 60], [70, 80, 90]])).hidden == [0, 1, 3, 4])
        // Zeros hide nothing, so the next smallest do.
        #expect(SmallCells(table([[3, 0, 50], [12, 40, 20], [0, 80, 90]])).hidden == [0, 2, 3, 5])
        #expect(SmallCells(table([[9, 10], [12, 40]])).hidden.isEmpty)
    }

    /// No line of a table has one hidden cell alone when another could hide with it, and what is few is hidden.
    @Test(arguments: 1...200) func noHiddenCellCanBeTold(seed: UInt64) {
        var dice = Dice(state: seed)
        let width = Int.random(in: 2...5, using: &dice)
        let rows = (0..<Int.random(in: 2...5, using: &dice)).map { _ in
            (0..<width).map { _ in Int.random(in: 0...20, using: &dice) }
        }
        let hidden = SmallCells(table(rows)).hidden
        for (row, values) in rows.enumerated() {
            for (column, value) in values.enumerated() {
                let position = row * width + column
                if (1...4).contains(value) { #expect(hidden.contains(position)) }
                if value == 0 { #expect(!hidden.contains(position)) }
            }
        }
        let lines =
            rows.indices.map { row in (0..<width).map { row * width + $0 } }
            + (0..<width).map { column in rows.indices.map { $0 * width + column } }
        for line in lines where line.filter({ hidden.contains($0) }).count == 1 {
            #expect(line.filter { rows[$0 / width][$0 % width] > 0 }.count == 1)
        }
        // The same figures are hidden each time: two answers that differ would tell both.
        for _ in 1...5 { #expect(SmallCells(table(rows)).hidden == hidden) }
    }

    /// Measures are never summed, so one of them tells nothing of another.
    @Test func whatIsApartHidesNothingElse() {
        func cells(_ measures: [String]) -> [SmallCells.Cell] {
            measures.flatMap { measure in
                [("woman", measure == "attendances" ? 3 : 30), ("man", 40)].map {
                    SmallCells.Cell(keys: [$0.0, measure], value: $0.1, isOfPeople: true)
                }
            }
        }
        let cells = cells(["attendances", "newlyIncluded"])
        #expect(SmallCells(cells, apart: [1]).hidden == [0, 1])
        #expect(SmallCells(cells).hidden == [0, 1, 2, 3])
    }
}
