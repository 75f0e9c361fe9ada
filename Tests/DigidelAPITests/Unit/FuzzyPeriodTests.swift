import Testing

@testable import DigidelAPI

@Suite struct FuzzyPeriodTests {
    private func period(
        _ from: String, _ to: String, _ precision: FuzzyPeriod.Precision
    ) throws -> FuzzyPeriod {
        FuzzyPeriod(
            from: try #require(CalendarDate(from)), to: try #require(CalendarDate(to)), precision: precision)
    }

    @Test(arguments: [
        ("2016-10-03", "2016-10-03", FuzzyPeriod.Precision.day, "3 October 2016", "3 oktober 2016"),
        (
            "2016-10-03", "2017-01-05", .day, "3 October 2016 - 5 January 2017",
            "3 oktober 2016 - 5 januari 2017"
        ),
        ("2016-10-01", "2016-10-31", .month, "October 2016", "oktober 2016"),
        ("2016-02-01", "2016-05-31", .month, "February 2016 - May 2016", "februari 2016 - maj 2016"),
        ("2016-03-01", "2016-05-31", .season, "spring 2016", "våren 2016"),
        ("2016-06-01", "2016-08-31", .season, "summer 2016", "sommaren 2016"),
        ("2016-09-01", "2017-05-31", .season, "autumn 2016 - spring 2017", "hösten 2016 - våren 2017"),
        ("2016-12-01", "2017-02-28", .season, "winter 2016/2017", "vintern 2016/2017"),
        (
            "2015-12-01", "2016-11-30", .season, "winter 2015/2016 - autumn 2016",
            "vintern 2015/2016 - hösten 2016"
        ),
        ("2016-01-01", "2016-06-30", .halfYear, "spring 2016", "våren 2016"),
        ("2016-07-01", "2017-06-30", .halfYear, "autumn 2016 - spring 2017", "hösten 2016 - våren 2017"),
        ("2016-01-01", "2016-12-31", .year, "2016", "2016"),
        ("2016-01-01", "2018-12-31", .year, "2016 - 2018", "2016 - 2018"),
        ("0001-01-01", "9999-12-31", .year, "1 - 9999", "1 - 9999"),
    ])
    func aPeriodIsSaidInWords(
        from: String, to: String, precision: FuzzyPeriod.Precision, english: String, swedish: String
    ) throws {
        let period = try period(from, to, precision)
        #expect(period.faults == [])
        #expect(period.text(in: .en) == english)
        #expect(period.text(in: .sv) == swedish)
    }

    @Test func everyLanguageHasItsOwnWords() throws {
        let winter = try period("2016-12-01", "2017-02-28", .season)
        #expect(
            winter.text
                == LocalisedText([
                    .sv: "vintern 2016/2017", .nb: "vinteren 2016/2017", .da: "vinteren 2016/2017",
                    .en: "winter 2016/2017",
                ]))
        let summer = try period("2016-06-01", "2016-08-31", .season)
        #expect(summer.text(in: .nb) == "sommeren 2016")
        #expect(summer.text(in: .da) == "sommeren 2016")
        let halves = try period("2016-01-01", "2016-12-31", .halfYear)
        #expect(halves.text(in: .nb) == "våren 2016 - høsten 2016")
        #expect(halves.text(in: .da) == "foråret 2016 - efteråret 2016")
        let days = try period("2016-03-01", "2016-05-02", .day)
        #expect(days.text(in: .nb) == "1 mars 2016 - 2 mai 2016")
        #expect(days.text(in: .da) == "1. marts 2016 - 2. maj 2016")
    }

    /// What does not begin or end with a unit, and the dates that would pass.
    @Test(arguments: [
        ("2016-10-02", "2016-10-31", FuzzyPeriod.Precision.month, "/from", "month, such as 2016-10-01."),
        ("2016-10-01", "2016-11-29", .month, "/to", "month, such as 2016-10-31 or 2016-11-30."),
        ("2016-02-01", "2016-02-28", .month, "/to", "month, such as 2016-02-29."),
        ("2016-04-01", "2016-08-31", .season, "/from", "season, such as 2016-03-01 or 2016-06-01."),
        ("2016-12-01", "2016-12-31", .season, "/to", "season, such as 2017-02-28."),
        ("2016-01-01", "2016-02-29", .season, "/from", "season, such as 2015-12-01."),
        ("2015-12-01", "2016-02-28", .season, "/to", "season, such as 2016-02-29."),
        ("2016-01-01", "2016-07-01", .halfYear, "/to", "half-year, such as 2016-06-30 or 2016-12-31."),
        ("2016-07-01", "2016-12-30", .halfYear, "/to", "half-year, such as 2016-12-31."),
        ("2016-01-02", "2017-12-31", .year, "/from", "year, such as 2016-01-01 or 2017-01-01."),
        ("9999-01-01", "9999-12-30", .year, "/to", "year, such as 9999-12-31."),
    ])
    func itBeginsAndEndsWithUnits(
        from: String, to: String, precision: FuzzyPeriod.Precision, pointer: String, detail: String
    ) throws {
        let faults = try period(from, to, precision).faults
        let end = pointer == "/from" ? "first" : "last"
        #expect(faults == [Fault(pointer, "precisionMismatch", "Must be the \(end) day of a \(detail)")])
    }

    @Test func bothEndsAreToldAtOnce() throws {
        let faults = try period("2016-03-02", "2016-05-30", .season).faults
        #expect(faults.map(\.pointer) == ["/from", "/to"])
    }

    @Test(arguments: FuzzyPeriod.Precision.allCases)
    func itDoesNotEndBeforeItBegins(precision: FuzzyPeriod.Precision) throws {
        let faults = try period("2016-10-04", "2016-10-03", precision).faults
        #expect(faults.map(\.code) == ["periodReversed"])
        #expect(faults.map(\.pointer) == ["/to"])
    }

    /// Units that reach beyond the dates that can be written end with those.
    @Test func theFirstAndTheLastWinterAreShort() throws {
        let first = try period("0001-01-01", "0001-02-28", .season)
        #expect(first.faults == [])
        #expect(first.text(in: .en) == "winter 0/1")
        let last = try period("9999-12-01", "9999-12-31", .season)
        #expect(last.faults == [])
        #expect(last.text(in: .en) == "winter 9999/10000")
    }
}
