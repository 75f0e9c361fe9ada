import Foundation

@testable import DigidelAPI

/// Goals with their figures on a day, computed apart from the formula, with fractions.
///
/// Figures are value, achieved, required, remaining, percent, expected, variance, pace and requiredPerDay;
/// outcomes are status, achievedOn, overall and recent projection, and completionDate. A hyphen is nil.
extension GoalVector {
    /// What every reader of the rules should compute alike.
    static let examples: [GoalVector] = [
        GoalVector(
            "the example of the rules",
            .goal(from: "2011-01-01", to: "2013-12-31", target: 500_000),
            [("2011-12-31", 100_000), ("2012-06-30", 110_000)], on: "2012-06-30",
            figures: "210000 210000 500000 290000 42 249543.8 -39543.8 0.842 528.2",
            outcome: "atRisk - 420768 881000 2013-02-23"),
        GoalVector(
            "ten a day, day 10 of 100",
            .goal(), [("2016-01-10", 100)], on: "2016-01-10",
            figures: "100 100 1000 900 10 100 0 1 10",
            outcome: "onTrack - 1000 1000 2016-04-09"),
        GoalVector(
            "upper bound of onTrack is ahead",
            .goal(), [("2016-02-19", 575)], on: "2016-02-19",
            figures: "575 575 1000 425 57.5 500 75 1.15 8.5",
            outcome: "ahead - 1150 1150 2016-03-27"),
        GoalVector(
            "lower bound of onTrack",
            .goal(), [("2016-02-19", 425)], on: "2016-02-19",
            figures: "425 425 1000 575 42.5 500 -75 0.85 11.5",
            outcome: "onTrack - 850 850 2016-04-27"),
        GoalVector(
            "below atRisk",
            .goal(), [("2016-02-19", 349)], on: "2016-02-19",
            figures: "349 349 1000 651 34.9 500 -151 0.698 13",
            outcome: "offTrack - 698 698 2016-05-23"),
        GoalVector(
            "the day before it starts",
            .goal(), [], on: "2015-12-31",
            figures: "0 0 1000 1000 0 0 0 - 10",
            outcome: "notStarted - - - -"),
        GoalVector(
            "too early to say",
            .goal(), [("2016-01-02", 30)], on: "2016-01-04",
            figures: "30 30 1000 970 3 40 -10 0.75 10.1",
            outcome: "insufficientData - - - -"),
        GoalVector(
            "after the end, not locked; what came later is left out",
            .goal(), [("2016-04-09", 999), ("2016-04-10", 5000)], on: "2016-04-10",
            figures: "999 999 1000 1 99.9 1000 -1 0.999 -",
            outcome: "awaitingReports - 999 999 -"),
        GoalVector(
            "achieved, and when",
            .goal(),
            [("2016-01-20", 600), ("2016-02-29", 399), ("2016-03-01", 1), ("2016-03-05", 50)],
            on: "2016-05-01",
            figures: "1050 1050 1000 0 105 1000 50 1.05 -",
            outcome: "achieved 2016-03-01 1050 1050 -"),
        GoalVector(
            "a week is judged from its first day",
            .goal(from: "2016-10-03", to: "2016-10-09", target: 700),
            [("2016-10-03", 100)], on: "2016-10-03",
            figures: "100 100 700 600 14.3 100 0 1 100",
            outcome: "onTrack - 700 700 2016-10-09"),
        GoalVector(
            "milestones, 2016-01-20",
            .goal(milestones: [("2016-02-09", 100), ("2016-02-29", 400)]),
            [("2016-01-15", 60), ("2016-02-15", 160)], on: "2016-01-20",
            figures: "60 60 1000 940 6 50 10 1.2 11.8",
            outcome: "ahead - 300 300 2016-11-29"),
        GoalVector(
            "milestones, 2016-02-19",
            .goal(milestones: [("2016-02-09", 100), ("2016-02-29", 400)]),
            [("2016-01-15", 60), ("2016-02-15", 160)], on: "2016-02-19",
            figures: "220 220 1000 780 22 250 -30 0.88 15.6",
            outcome: "onTrack - 440 440 2016-08-15"),
        GoalVector(
            "milestones, 2016-03-20",
            .goal(milestones: [("2016-02-09", 100), ("2016-02-29", 400)]),
            [("2016-01-15", 60), ("2016-02-15", 160)], on: "2016-03-20",
            figures: "220 220 1000 780 22 700 -480 0.314 39",
            outcome: "offTrack - 275 275 2016-12-29"),
        GoalVector(
            "with a baseline",
            .goal(baseline: 200, target: 1200),
            [("2016-01-25", 250), ("2015-12-31", 77)], on: "2016-01-25",
            figures: "450 250 1000 750 25 250 0 1 10",
            outcome: "onTrack - 1200 1200 2016-04-09"),
    ]

    /// First and last days, one day, one week, leap years, locked and cancelled.
    static let days: [GoalVector] = [
        GoalVector(
            "nothing reported in the middle",
            .goal(), [], on: "2016-02-19",
            figures: "0 0 1000 1000 0 500 -500 0 20",
            outcome: "offTrack - 0 0 -"),
        GoalVector(
            "long before it starts, with milestones",
            .goal(milestones: [("2016-02-09", 100)]), [], on: "2015-06-01",
            figures: "0 0 1000 1000 0 0 0 - 10",
            outcome: "notStarted - - - -"),
        GoalVector(
            "counts before the first day are left out",
            .goal(), [("2015-12-31", 500)], on: "2016-01-10",
            figures: "0 0 1000 1000 0 100 -100 0 11.1",
            outcome: "offTrack - 0 0 -"),
        GoalVector(
            "the first day that can be judged",
            .goal(), [("2016-01-01", 50)], on: "2016-01-05",
            figures: "50 50 1000 950 5 50 0 1 10",
            outcome: "onTrack - 1000 1000 2016-04-09"),
        GoalVector(
            "one day too early to be judged",
            .goal(), [("2016-01-01", 50)], on: "2016-01-04",
            figures: "50 50 1000 950 5 40 10 1.25 9.9",
            outcome: "insufficientData - - - -"),
        GoalVector(
            "reached before it can be judged",
            .goal(), [("2016-01-02", 1000)], on: "2016-01-02",
            figures: "1000 1000 1000 0 100 20 980 50 0",
            outcome: "achieved 2016-01-02 50000 50000 -"),
        GoalVector(
            "the last day, one short",
            .goal(), [("2016-04-09", 999)], on: "2016-04-09",
            figures: "999 999 1000 1 99.9 1000 -1 0.999 -",
            outcome: "onTrack - 999 999 2016-04-10"),
        GoalVector(
            "the last day, reached by the last count",
            .goal(), [("2016-01-10", 999), ("2016-04-09", 1)], on: "2016-04-09",
            figures: "1000 1000 1000 0 100 1000 0 1 -",
            outcome: "achieved 2016-04-09 1000 1000 -"),
        GoalVector(
            "what is dated after the day is left out",
            .goal(), [("2016-02-19", 500), ("2016-02-20", 400)], on: "2016-02-19",
            figures: "500 500 1000 500 50 500 0 1 10",
            outcome: "onTrack - 1000 1000 2016-04-09"),
        GoalVector(
            "after the end, locked",
            .goal(awaitsReports: false), [("2016-04-09", 999), ("2016-04-10", 5000)], on: "2016-04-10",
            figures: "999 999 1000 1 99.9 1000 -1 0.999 -",
            outcome: "missed - 999 999 -"),
        GoalVector(
            "long after the end, nothing reported, not locked",
            .goal(), [], on: "2020-01-01",
            figures: "0 0 1000 1000 0 1000 -1000 0 -",
            outcome: "awaitingReports - 0 0 -"),
        GoalVector(
            "long after the end, nothing reported, locked",
            .goal(awaitsReports: false), [], on: "2020-01-01",
            figures: "0 0 1000 1000 0 1000 -1000 0 -",
            outcome: "missed - 0 0 -"),
        GoalVector(
            "cancelled though reached",
            .goal(cancelled: true), [("2016-01-20", 1000)], on: "2016-02-19",
            figures: "1000 1000 1000 0 100 500 500 2 0",
            outcome: "cancelled 2016-01-20 - - -"),
        GoalVector(
            "cancelled before it starts",
            .goal(cancelled: true), [], on: "2015-12-31",
            figures: "0 0 1000 1000 0 0 0 - 10",
            outcome: "cancelled - - - -"),
        GoalVector(
            "cancelled after its end",
            .goal(cancelled: true), [("2016-01-20", 10)], on: "2016-05-01",
            figures: "10 10 1000 990 1 1000 -990 0.01 -",
            outcome: "cancelled - - - -"),
        GoalVector(
            "a goal of one day, nothing yet",
            .goal(from: "2016-10-03", to: "2016-10-03", target: 40), [], on: "2016-10-03",
            figures: "0 0 40 40 0 40 -40 0 -",
            outcome: "offTrack - 0 0 -"),
        GoalVector(
            "a goal of one day, on the lower bound",
            .goal(from: "2016-10-03", to: "2016-10-03", target: 40),
            [("2016-10-03", 34)], on: "2016-10-03",
            figures: "34 34 40 6 85 40 -6 0.85 -",
            outcome: "onTrack - 34 34 2016-10-04"),
        GoalVector(
            "a goal of one day, reached",
            .goal(from: "2016-10-03", to: "2016-10-03", target: 40),
            [("2016-10-03", 41)], on: "2016-10-03",
            figures: "41 41 40 0 102.5 40 1 1.025 -",
            outcome: "achieved 2016-10-03 41 41 -"),
        GoalVector(
            "a goal of one day, the day after",
            .goal(from: "2016-10-03", to: "2016-10-03", target: 40),
            [("2016-10-03", 39)], on: "2016-10-04",
            figures: "39 39 40 1 97.5 40 -1 0.975 -",
            outcome: "awaitingReports - 39 39 -"),
        GoalVector(
            "a goal of one day, the day before",
            .goal(from: "2016-10-03", to: "2016-10-03", target: 40), [], on: "2016-10-02",
            figures: "0 0 40 40 0 0 0 - 40",
            outcome: "notStarted - - - -"),
        GoalVector(
            "a leap year, on 29 February",
            .goal(from: "2016-02-01", to: "2016-03-31", target: 600),
            [("2016-02-29", 290)], on: "2016-02-29",
            figures: "290 290 600 310 48.3 290 0 1 10",
            outcome: "onTrack - 600 600 2016-03-31"),
        GoalVector(
            "a leap year, on 1 March",
            .goal(from: "2016-02-01", to: "2016-03-31", target: 600),
            [("2016-02-29", 290)], on: "2016-03-01",
            figures: "290 290 600 310 48.3 300 -10 0.967 10.3",
            outcome: "onTrack - 580 580 2016-04-03"),
        GoalVector(
            "no leap year, on 1 March",
            .goal(from: "2015-02-01", to: "2015-03-31", target: 590),
            [("2015-02-28", 290)], on: "2015-03-01",
            figures: "290 290 590 300 49.2 290 0 1 10",
            outcome: "onTrack - 590 590 2015-03-31"),
        GoalVector(
            "2000 had a 29 February",
            .goal(from: "2000-02-28", to: "2000-03-01", target: 300),
            [("2000-02-29", 200)], on: "2000-02-29",
            figures: "200 200 300 100 66.7 200 0 1 100",
            outcome: "onTrack - 300 300 2000-03-01"),
        GoalVector(
            "1900 had none",
            .goal(from: "1900-02-28", to: "1900-03-01", target: 300),
            [("1900-02-28", 100)], on: "1900-03-01",
            figures: "100 100 300 200 33.3 300 -200 0.333 -",
            outcome: "offTrack - 100 100 1900-03-05"),
        GoalVector(
            "a year that ends on 31 December of a leap year",
            .goal(to: "2016-12-31", target: 366), [("2016-12-30", 365)], on: "2016-12-30",
            figures: "365 365 366 1 99.7 365 0 1 1",
            outcome: "onTrack - 366 369 2016-12-31"),
    ]

    /// The bounds of the tolerance, on them and one off.
    static let band: [GoalVector] = [
        GoalVector(
            "half way to 1000, 576 of 500",
            .goal(), [("2016-02-19", 576)], on: "2016-02-19",
            figures: "576 576 1000 424 57.6 500 76 1.152 8.5",
            outcome: "ahead - 1152 1152 2016-03-27"),
        GoalVector(
            "half way to 1000, 574 of 500",
            .goal(), [("2016-02-19", 574)], on: "2016-02-19",
            figures: "574 574 1000 426 57.4 500 74 1.148 8.5",
            outcome: "onTrack - 1148 1148 2016-03-28"),
        GoalVector(
            "half way to 1000, 426 of 500",
            .goal(), [("2016-02-19", 426)], on: "2016-02-19",
            figures: "426 426 1000 574 42.6 500 -74 0.852 11.5",
            outcome: "onTrack - 852 852 2016-04-27"),
        GoalVector(
            "half way to 1000, 424 of 500",
            .goal(), [("2016-02-19", 424)], on: "2016-02-19",
            figures: "424 424 1000 576 42.4 500 -76 0.848 11.5",
            outcome: "atRisk - 848 848 2016-04-27"),
        GoalVector(
            "half way to 1000, 351 of 500",
            .goal(), [("2016-02-19", 351)], on: "2016-02-19",
            figures: "351 351 1000 649 35.1 500 -149 0.702 13",
            outcome: "atRisk - 702 702 2016-05-22"),
        GoalVector(
            "half way to 1000, 350 of 500",
            .goal(), [("2016-02-19", 350)], on: "2016-02-19",
            figures: "350 350 1000 650 35 500 -150 0.7 13",
            outcome: "atRisk - 700 700 2016-05-22"),
        GoalVector(
            "a week to 1000, 493 by its third day",
            .goal(from: "2016-10-03", to: "2016-10-09"), [("2016-10-05", 493)], on: "2016-10-05",
            figures: "493 493 1000 507 49.3 428.6 64.4 1.15 126.8",
            outcome: "ahead - 1150 1150 2016-10-09"),
        GoalVector(
            "a week to 1000, 492 by its third day",
            .goal(from: "2016-10-03", to: "2016-10-09"), [("2016-10-05", 492)], on: "2016-10-05",
            figures: "492 492 1000 508 49.2 428.6 63.4 1.148 127",
            outcome: "onTrack - 1148 1148 2016-10-09"),
        GoalVector(
            "a week to 1000, 365 by its third day",
            .goal(from: "2016-10-03", to: "2016-10-09"), [("2016-10-05", 365)], on: "2016-10-05",
            figures: "365 365 1000 635 36.5 428.6 -63.6 0.852 158.8",
            outcome: "onTrack - 852 852 2016-10-11"),
        GoalVector(
            "a week to 1000, 364 by its third day",
            .goal(from: "2016-10-03", to: "2016-10-09"), [("2016-10-05", 364)], on: "2016-10-05",
            figures: "364 364 1000 636 36.4 428.6 -64.6 0.849 159",
            outcome: "atRisk - 849 849 2016-10-11"),
        GoalVector(
            "a week to 1000, 300 by its third day",
            .goal(from: "2016-10-03", to: "2016-10-09"), [("2016-10-05", 300)], on: "2016-10-05",
            figures: "300 300 1000 700 30 428.6 -128.6 0.7 175",
            outcome: "atRisk - 700 700 2016-10-12"),
        GoalVector(
            "a week to 1000, 299 by its third day",
            .goal(from: "2016-10-03", to: "2016-10-09"), [("2016-10-05", 299)], on: "2016-10-05",
            figures: "299 299 1000 701 29.9 428.6 -129.6 0.698 175.3",
            outcome: "offTrack - 698 698 2016-10-13"),
        GoalVector(
            "without tolerance, exactly as expected",
            .goal(tolerance: 0), [("2016-02-19", 500)], on: "2016-02-19",
            figures: "500 500 1000 500 50 500 0 1 10",
            outcome: "ahead - 1000 1000 2016-04-09"),
        GoalVector(
            "without tolerance, one short",
            .goal(tolerance: 0), [("2016-02-19", 499)], on: "2016-02-19",
            figures: "499 499 1000 501 49.9 500 -1 0.998 10",
            outcome: "offTrack - 998 998 2016-04-10"),
        GoalVector(
            "the widest tolerance, on its upper bound",
            .goal(tolerance: exact("0.49")), [("2016-02-19", 745)], on: "2016-02-19",
            figures: "745 745 1000 255 74.5 500 245 1.49 5.1",
            outcome: "ahead - 1490 1490 2016-03-08"),
        GoalVector(
            "the widest tolerance, below its upper bound",
            .goal(tolerance: exact("0.49")), [("2016-02-19", 744)], on: "2016-02-19",
            figures: "744 744 1000 256 74.4 500 244 1.488 5.1",
            outcome: "onTrack - 1488 1488 2016-03-08"),
        GoalVector(
            "the widest tolerance, on its lower bound",
            .goal(tolerance: exact("0.49")), [("2016-02-19", 255)], on: "2016-02-19",
            figures: "255 255 1000 745 25.5 500 -245 0.51 14.9",
            outcome: "onTrack - 510 510 2016-07-15"),
        GoalVector(
            "the widest tolerance, below its lower bound",
            .goal(tolerance: exact("0.49")), [("2016-02-19", 254)], on: "2016-02-19",
            figures: "254 254 1000 746 25.4 500 -246 0.508 14.9",
            outcome: "atRisk - 508 508 2016-07-15"),
        GoalVector(
            "the widest tolerance, on two tolerances",
            .goal(tolerance: exact("0.49")), [("2016-02-19", 10)], on: "2016-02-19",
            figures: "10 10 1000 990 1 500 -490 0.02 19.8",
            outcome: "atRisk - 20 20 2029-09-08"),
        GoalVector(
            "the widest tolerance, below two tolerances",
            .goal(tolerance: exact("0.49")), [("2016-02-19", 9)], on: "2016-02-19",
            figures: "9 9 1000 991 0.9 500 -491 0.018 19.8",
            outcome: "offTrack - 18 18 2031-03-18"),
        GoalVector(
            "a tolerance that no binary fraction is, on the bound",
            .goal(target: 2000, tolerance: exact("0.1")), [("2016-02-19", 1100)], on: "2016-02-19",
            figures: "1100 1100 2000 900 55 1000 100 1.1 18",
            outcome: "ahead - 2200 2200 2016-03-31"),
        GoalVector(
            "a tolerance that no binary fraction is, one short",
            .goal(target: 2000, tolerance: exact("0.1")), [("2016-02-19", 1099)], on: "2016-02-19",
            figures: "1099 1099 2000 901 55 1000 99 1.099 18",
            outcome: "onTrack - 2198 2198 2016-03-31"),
        GoalVector(
            "large figures, on the lower bound",
            .goal(target: 1_000_000_000), [("2016-02-19", 425_000_000)], on: "2016-02-19",
            figures: "425000000 425000000 1000000000 575000000 42.5 500000000 -75000000 0.85 11500000",
            outcome: "onTrack - 850000000 850000000 2016-04-27"),
        GoalVector(
            "large figures, one short",
            .goal(target: 1_000_000_000), [("2016-02-19", 424_999_999)], on: "2016-02-19",
            figures: "424999999 424999999 1000000000 575000001 42.5 500000000 -75000001 0.85 11500000",
            outcome: "atRisk - 849999998 849999998 2016-04-27"),
    ]

    /// Straight lines between milestones.
    static let milestones: [GoalVector] = [
        GoalVector(
            "on a milestone, exactly there",
            .goal(milestones: [("2016-02-09", 100), ("2016-02-29", 400)]),
            [("2016-02-09", 100)], on: "2016-02-09",
            figures: "100 100 1000 900 10 100 0 1 15",
            outcome: "onTrack - 250 250 2017-02-03"),
        GoalVector(
            "on a milestone, one below two tolerances",
            .goal(milestones: [("2016-02-09", 100), ("2016-02-29", 400)]),
            [("2016-02-09", 69)], on: "2016-02-09",
            figures: "69 69 1000 931 6.9 100 -31 0.69 15.5",
            outcome: "offTrack - 173 173 2017-08-02"),
        GoalVector(
            "the day after a milestone",
            .goal(milestones: [("2016-02-09", 100), ("2016-02-29", 400)]),
            [("2016-02-09", 100)], on: "2016-02-10",
            figures: "100 100 1000 900 10 115 -15 0.87 15.3",
            outcome: "onTrack - 244 244 2017-02-13"),
        GoalVector(
            "on the last milestone",
            .goal(milestones: [("2016-02-09", 100), ("2016-02-29", 400)]),
            [("2016-02-29", 400)], on: "2016-02-29",
            figures: "400 400 1000 600 40 400 0 1 15",
            outcome: "onTrack - 667 667 2016-05-29"),
        GoalVector(
            "the day after the last milestone",
            .goal(milestones: [("2016-02-09", 100), ("2016-02-29", 400)]),
            [("2016-02-29", 350)], on: "2016-03-01",
            figures: "350 350 1000 650 35 415 -65 0.843 16.7",
            outcome: "atRisk - 574 574 2016-06-23"),
        GoalVector(
            "the last day, with milestones",
            .goal(milestones: [("2016-02-09", 100), ("2016-02-29", 400)]),
            [("2016-02-29", 900)], on: "2016-04-09",
            figures: "900 900 1000 100 90 1000 -100 0.9 -",
            outcome: "onTrack - 900 900 2016-04-19"),
        GoalVector(
            "after the end, with milestones",
            .goal(milestones: [("2016-02-09", 100), ("2016-02-29", 400)]),
            [("2016-02-29", 900)], on: "2016-06-01",
            figures: "900 900 1000 100 90 1000 -100 0.9 -",
            outcome: "awaitingReports - 900 900 -"),
        GoalVector(
            "a milestone on the first day, on it",
            .goal(milestones: [("2016-01-01", 300)]), [("2016-01-01", 300)], on: "2016-01-01",
            figures: "300 300 1000 700 30 300 0 1 7.1",
            outcome: "insufficientData - - - -"),
        GoalVector(
            "a milestone on the first day, later",
            .goal(milestones: [("2016-01-01", 10)]), [("2016-01-01", 300)], on: "2016-02-19",
            figures: "300 300 1000 700 30 500 -200 0.6 14",
            outcome: "offTrack - 600 600 2016-06-15"),
        GoalVector(
            "a milestone on the last day but one",
            .goal(milestones: [("2016-04-08", 100)]), [("2016-01-01", 90)], on: "2016-04-08",
            figures: "90 90 1000 910 9 100 -10 0.9 910",
            outcome: "onTrack - 91 90 -"),
        GoalVector(
            "a milestone at the target: the line is flat after it",
            .goal(milestones: [("2016-02-09", 1000)]), [("2016-02-01", 900)], on: "2016-03-20",
            figures: "900 900 1000 100 90 1000 -100 0.9 5",
            outcome: "onTrack - 1125 1125 2016-03-29"),
        GoalVector(
            "nothing expected, nothing achieved",
            .goal(milestones: [("2016-01-20", 0), ("2016-02-29", 400)]), [], on: "2016-01-10",
            figures: "0 0 1000 1000 0 0 0 - 11.1",
            outcome: "onTrack - 0 0 -"),
        GoalVector(
            "nothing expected, something achieved",
            .goal(milestones: [("2016-01-20", 0), ("2016-02-29", 400)]),
            [("2016-01-10", 5)], on: "2016-01-10",
            figures: "5 5 1000 995 0.5 0 5 - 11.1",
            outcome: "onTrack - 50 50 2021-06-22"),
        GoalVector(
            "nothing expected, less than nothing achieved",
            .goal(milestones: [("2016-01-20", 0), ("2016-02-29", 400)]),
            [("2016-01-10", -1)], on: "2016-01-10",
            figures: "-1 -1 1000 1001 -0.1 0 -1 - 11.1",
            outcome: "offTrack - -10 -10 -"),
        GoalVector(
            "nothing expected on the day of the milestone itself",
            .goal(milestones: [("2016-01-20", 0), ("2016-02-29", 400)]), [], on: "2016-01-20",
            figures: "0 0 1000 1000 0 0 0 - 12.5",
            outcome: "onTrack - 0 0 -"),
        GoalVector(
            "the day after a milestone at nothing",
            .goal(milestones: [("2016-01-20", 0), ("2016-02-29", 400)]), [], on: "2016-01-21",
            figures: "0 0 1000 1000 0 10 -10 0 12.7",
            outcome: "offTrack - 0 0 -"),
        GoalVector(
            "milestones from a baseline",
            .goal(baseline: 200, target: 1200, milestones: [("2016-02-09", 300)]),
            [("2016-02-01", 110)], on: "2016-02-09",
            figures: "310 110 1000 890 11 100 10 1.1 14.8",
            outcome: "onTrack - 475 475 2016-12-29"),
        GoalVector(
            "milestones downwards",
            .goal(.down, baseline: 1000, target: 500, milestones: [("2016-02-09", 900)]),
            [("2016-02-01", -85)], on: "2016-02-09",
            figures: "915 85 500 415 17 100 -15 0.85 6.9",
            outcome: "onTrack - 788 788 2016-08-23"),
    ]

    /// Downwards, below zero, with decimals.
    static let directions: [GoalVector] = [
        GoalVector(
            "down, as expected",
            .goal(.down, baseline: 1000, target: 0), [("2016-02-19", -500)], on: "2016-02-19",
            figures: "500 500 1000 500 50 500 0 1 10",
            outcome: "onTrack - 0 0 2016-04-09"),
        GoalVector(
            "down, on the lower bound",
            .goal(.down, baseline: 1000, target: 0), [("2016-02-19", -425)], on: "2016-02-19",
            figures: "575 425 1000 575 42.5 500 -75 0.85 11.5",
            outcome: "onTrack - 150 150 2016-04-27"),
        GoalVector(
            "down, one short of the lower bound",
            .goal(.down, baseline: 1000, target: 0), [("2016-02-19", -424)], on: "2016-02-19",
            figures: "576 424 1000 576 42.4 500 -76 0.848 11.5",
            outcome: "atRisk - 152 152 2016-04-27"),
        GoalVector(
            "down, reached",
            .goal(.down, baseline: 1000, target: 800),
            [("2016-01-20", -150), ("2016-01-30", -50)], on: "2016-02-19",
            figures: "800 200 200 0 100 100 100 2 0",
            outcome: "achieved 2016-01-30 600 600 -"),
        GoalVector(
            "down, gone the wrong way",
            .goal(.down, baseline: 1000, target: 0), [("2016-02-19", 100)], on: "2016-02-19",
            figures: "1100 -100 1000 1100 -10 500 -600 -0.2 22",
            outcome: "offTrack - 1200 1200 -"),
        GoalVector(
            "up, less than nothing",
            .goal(), [("2016-01-05", -50)], on: "2016-01-10",
            figures: "-50 -50 1000 1050 -5 100 -150 -0.5 11.7",
            outcome: "offTrack - -500 -500 -"),
        GoalVector(
            "up from below zero",
            .goal(baseline: -400, target: 600), [("2016-02-19", 420)], on: "2016-02-19",
            figures: "20 420 1000 580 42 500 -80 0.84 11.6",
            outcome: "atRisk - 440 440 2016-04-29"),
        GoalVector(
            "a baseline with decimals",
            .goal(baseline: exact("0.5"), target: exact("1000.5")),
            [("2016-02-19", 500)], on: "2016-02-19",
            figures: "500.5 500 1000 500 50 500 0 1 10",
            outcome: "onTrack - 1001 1001 2016-04-09"),
        GoalVector(
            "a target with decimals",
            .goal(target: exact("0.3")), [], on: "2016-01-10",
            figures: "0 0 0.3 0.3 0 0 0 0 0",
            outcome: "offTrack - 0 0 -"),
    ]

    /// When a goal was reached, and when it was not after all.
    static let achievement: [GoalVector] = [
        GoalVector(
            "more taken back on the day that reached it: the next day that does",
            .goal(), [("2016-01-20", 1000), ("2016-01-20", -10), ("2016-01-25", 10)], on: "2016-02-19",
            figures: "1000 1000 1000 0 100 500 500 2 0",
            outcome: "achieved 2016-01-25 2000 2000 -"),
        GoalVector(
            "taken back and given again on one day",
            .goal(), [("2016-01-20", 1000), ("2016-01-20", -10), ("2016-01-20", 10)], on: "2016-02-19",
            figures: "1000 1000 1000 0 100 500 500 2 0",
            outcome: "achieved 2016-01-20 2000 2000 -"),
        GoalVector(
            "withdrawn later: not reached after all",
            .goal(), [("2016-01-20", 1000), ("2016-02-10", -100)], on: "2016-02-19",
            figures: "900 900 1000 100 90 500 400 1.8 2",
            outcome: "ahead - 1800 1800 2016-02-25"),
        GoalVector(
            "reached, lost and reached again: the first time",
            .goal(),
            [("2016-01-20", 1000), ("2016-02-01", -100), ("2016-02-10", 100)], on: "2016-02-19",
            figures: "1000 1000 1000 0 100 500 500 2 0",
            outcome: "achieved 2016-01-20 2000 2000 -"),
        GoalVector(
            "asked about before it was lost",
            .goal(), [("2016-01-20", 1000), ("2016-02-10", -100)], on: "2016-02-09",
            figures: "1000 1000 1000 0 100 400 600 2.5 0",
            outcome: "achieved 2016-01-20 2500 2500 -"),
        GoalVector(
            "reached only by what came after the end",
            .goal(), [("2016-04-09", 900), ("2016-04-10", 100)], on: "2016-05-01",
            figures: "900 900 1000 100 90 1000 -100 0.9 -",
            outcome: "awaitingReports - 900 900 -"),
        GoalVector(
            "reached exactly on the first day",
            .goal(), [("2016-01-01", 1000)], on: "2016-01-01",
            figures: "1000 1000 1000 0 100 10 990 100 0",
            outcome: "achieved 2016-01-01 100000 100000 -"),
    ]

    /// Where it leads.
    static let projection: [GoalVector] = [
        GoalVector(
            "day 89: all days are recent",
            .goal(from: "2011-01-01", to: "2013-12-31", target: 500_000),
            [("2011-01-01", 1000), ("2011-03-30", 890)], on: "2011-03-30",
            figures: "1890 1890 500000 498110 0.4 40602.2 -38712.2 0.047 494.6",
            outcome: "offTrack - 23275 23275 2075-06-18"),
        GoalVector(
            "day 90: all days are recent",
            .goal(from: "2011-01-01", to: "2013-12-31", target: 500_000),
            [("2011-01-01", 1000), ("2011-03-31", 900)], on: "2011-03-31",
            figures: "1900 1900 500000 498100 0.4 41058.4 -39158.4 0.046 495.1",
            outcome: "offTrack - 23138 23138 2075-11-05"),
        GoalVector(
            "day 91: the first day is not recent",
            .goal(from: "2011-01-01", to: "2013-12-31", target: 500_000),
            [("2011-01-01", 1000), ("2011-04-01", 900)], on: "2011-04-01",
            figures: "1900 1900 500000 498100 0.4 41514.6 -39614.6 0.046 495.6",
            outcome: "offTrack - 22884 11950 2147-08-16"),
        GoalVector(
            "day 91: the second day is recent",
            .goal(from: "2011-01-01", to: "2013-12-31", target: 500_000),
            [("2011-01-02", 1000), ("2011-04-01", 900)], on: "2011-04-01",
            figures: "1900 1900 500000 498100 0.4 41514.6 -39614.6 0.046 495.6",
            outcome: "offTrack - 22884 23117 2075-11-06"),
        GoalVector(
            "nothing in the last 90 days",
            .goal(from: "2011-01-01", to: "2013-12-31", target: 500_000),
            [("2011-01-01", 200_000)], on: "2012-06-30",
            figures: "200000 200000 500000 300000 40 249543.8 -49543.8 0.801 546.4",
            outcome: "atRisk - 400731 200000 -"),
        GoalVector(
            "less than nothing in the last 90 days",
            .goal(from: "2011-01-01", to: "2013-12-31", target: 500_000),
            [("2011-01-01", 200_000), ("2012-06-01", -10)], on: "2012-06-30",
            figures: "199990 199990 500000 300010 40 249543.8 -49553.8 0.801 546.5",
            outcome: "atRisk - 400711 199929 -"),
        GoalVector(
            "completion takes whole days",
            .goal(from: "2011-01-01", to: "2013-12-31", target: 500_000),
            [("2011-12-31", 100_000), ("2012-06-30", 7)], on: "2012-06-30",
            figures: "100007 100007 500000 399993 20 249543.8 -149536.8 0.401 728.6",
            outcome: "offTrack - 200380 100050 -"),
        GoalVector(
            "completion on the last day of the year 9999",
            .goal(from: "2016-10-03", to: "2016-10-09", target: 2_915_820),
            [("2016-10-03", 1)], on: "2016-10-03",
            figures: "1 1 2915820 2915819 0 416545.7 -416544.7 0 485969.8",
            outcome: "offTrack - 7 7 9999-12-31"),
        GoalVector(
            "completion a day after the year 9999",
            .goal(from: "2016-10-03", to: "2016-10-09", target: 2_915_821),
            [("2016-10-03", 1)], on: "2016-10-03",
            figures: "1 1 2915821 2915820 0 416545.9 -416544.9 0 485970",
            outcome: "offTrack - 7 7 -"),
        GoalVector(
            "completion in more years than dates have",
            .goal(from: "2016-10-03", to: "2016-10-09", target: 1_000_000_000_000),
            [("2016-10-03", 1)], on: "2016-10-03",
            figures: "1 1 1000000000000 999999999999 0 142857142857.1 -142857142856.1 0 166666666666.5",
            outcome: "offTrack - 7 7 -"),
        GoalVector(
            "the last day: completion goes on at the same pace",
            .goal(), [("2016-02-01", 100), ("2016-04-01", 400)], on: "2016-04-09",
            figures: "500 500 1000 500 50 1000 -500 0.5 -",
            outcome: "offTrack - 500 500 2016-07-08"),
        GoalVector(
            "projected halves go up",
            .goal(to: "2016-01-20"), [("2016-01-08", 1)], on: "2016-01-08",
            figures: "1 1 1000 999 0.1 400 -399 0.003 83.3",
            outcome: "offTrack - 3 3 2037-11-25"),
    ]
}
