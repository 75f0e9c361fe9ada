import Testing

@testable import DigidelAPI

@Suite struct BreakdownsTests {
    private func breakdowns(_ value: JSONValue) throws -> Breakdowns {
        var input = ObjectInput(value)
        let breakdowns = Breakdowns(&input)
        try input.finish()
        return breakdowns
    }

    @Test func cellsAreWrittenInTheirOrderWithoutZeros() throws {
        let breakdowns = try breakdowns([
            "age": ["unknown": 4, "71+": 1, "0-17": 2, "18-30": 0],
            "gender": ["man": 3, "woman": 4, "other": .null],
            "priorUse": ["never": 7],
        ])
        let text =
            #"{"gender":{"woman":4,"man":3},"age":{"0-17":2,"71+":1,"unknown":4},"priorUse":{"never":7}}"#
        #expect(written { breakdowns.write(to: &$0) } == text)
        #expect(breakdowns.parameter == text)
        #expect(Breakdowns(column: text) == breakdowns)
    }

    @Test func aCellOfZeroIsTheSameAsNone() throws {
        #expect(try breakdowns(["gender": ["woman": 5, "man": 0]]) == breakdowns(["gender": ["woman": 5]]))
        #expect(try breakdowns(["gender": ["woman": 5]]) != breakdowns(["gender": ["man": 5]]))
        #expect(
            try breakdowns(["gender": ["woman": 5], "age": .null]) == breakdowns(["gender": ["woman": 5]]))
    }

    @Test func noDimensionIsNoBreakdown() throws {
        #expect(try breakdowns([:]).normalised(value: 1) == nil)
        #expect(try breakdowns(["gender": .null]).normalised(value: 1) == nil)
        #expect(try breakdowns(["gender": ["woman": 1]]).normalised(value: 1) != nil)
    }

    @Test func everyDimensionAddsUpToTheValueByItself() throws {
        let breakdowns = try breakdowns([
            "gender": ["woman": 22, "man": 15, "unknown": 5], "age": ["0-17": 41],
        ])
        #expect(breakdowns.faults(value: 42).map(\.pointer) == ["/breakdowns/age"])
        #expect(breakdowns.faults(value: 41).map(\.pointer) == ["/breakdowns/gender"])
        #expect(breakdowns.faults(value: 40).map(\.pointer) == ["/breakdowns/gender", "/breakdowns/age"])
        #expect(breakdowns.faults(value: 42).map(\.code) == ["breakdownSum"])
        #expect(
            breakdowns.faults(value: 42).first?.detail.hasPrefix(
                "Its cells add up to 41, and must add up to value, 42;") == true)
    }

    @Test func zeroIsAReportThatDividesIntoNothing() throws {
        #expect(try breakdowns(["gender": ["woman": 0]]).faults(value: 0).isEmpty)
        #expect(
            try breakdowns(["gender": ["woman": 0]]).faults(value: 1).map(\.pointer) == ["/breakdowns/gender"]
        )
        #expect(try breakdowns([:]).faults(value: 5).isEmpty)
        #expect(try breakdowns(["gender": ["woman": 0]]).normalised(value: 0) == nil)
        #expect(try breakdowns(["gender": ["woman": 0]]).normalised(value: 1) != nil)
    }

    @Test(
        arguments: [
            (["gender": ["women": 1]], "/gender/women"), (["colour": ["red": 1]], "/colour"),
            (["gender": 5], "/gender"),
            (["gender": ["woman": -1]], "/gender/woman"), (["age": ["71+": "5"]], "/age/71+"),
            (["priorUse": ["never": 10_000_001]], "/priorUse/never"),
            (["age": ["0-17": .number(exact("0.5"))]], "/age/0-17"),
        ] as [(JSONValue, String)])
    func whatIsNoBreakdownIsAFault(value: JSONValue, pointer: String) throws {
        #expect(try faults { _ = try breakdowns(value) }.map(\.pointer) == [pointer])
    }

    @Test(arguments: ["", "[]", "1", #"{"gender":1}"#, #"{"gender":{"woman":-1}}"#])
    func aColumnOfAnotherFormIsNone(column: String) {
        #expect(Breakdowns(column: column) == nil)
    }
}
