import Testing

@testable import DigidelAPI

/// All numbers here are nobody's: published test numbers, serial numbers that are never given, and years of birth
/// in which that series was not in use.
@Suite struct PersonalDataTests {
    @Test(arguments: [
        // Swedish: the tax agency's Tolvan, with and without century and separator, and of over a hundred years.
        "191212121212", "19121212-1212", "19121212 1212", "1212121212", "121212-1212", "121212+1212",
        "121212 1212",
        "Deltog: 121212-1212.", "(121212-1212)", "pnr:121212-1212;", "121212-1212 och fler",
        "x\n121212-1212\ny",
        // A co-ordination number, its day moved by 60.
        "121272-0005",
        // Norwegian: birth and D-number, of a series that 1945 did not have.
        "01014560013", "010145 60013", "Født 01014560285", "41014560007", "410145 60198",
        // Danish: born in 1860, and with the day moved by 60.
        "010160-5000", "0101605000", "610160-5000",
        // After other numbers.
        "Ärende 500000 121212-1212", "kl 1000 121212-1212", "2016-10-03 121212-1212", "201612 121212-1212",
    ])
    func personalNumbersAreFound(text: String) {
        #expect(PersonalData.found(in: text) == "a personal number")
    }

    @Test(arguments: [
        "a@b.se", "fornamn.efternamn@example.se", "Skriv till info+kurs@mail.example.org!",
        "<x_1@sub.example.co.uk>",
        "å@example.se", "ola@räksmörgås.example", "mailto:a@b.example", "A@B.EXAMPLE",
    ])
    func emailAddressesAreFound(text: String) {
        #expect(PersonalData.found(in: text) == "an e-mail address")
    }

    @Test(arguments: [
        "+46 8 123 456 78", "+4681234567", "+46-8-123 456 78", "+ 46 8 123 456 78", "0046 8 123 456 78",
        "08-123 456 78", "08 123 456 78", "08 - 123 456", "070-174 06 05", "0731740605", "070 1740605",
        "0141-22 50 00", "0141-225 000", "0583-123 45", "+47 22 33 44 55", "+45 12 34 56 78",
        "+358 9 123 4567",
        "Ring 08-123 456 78!", "tel:+4681234567", "(070-1740605)", "Ring 070-174 06 05 2016-10-03",
        "070-1740605 12-14", "2016-10-03 070-174 06 05", "Kl. 10, 0141-22 50 00, rum 4",
    ])
    func phoneNumbersAreFound(text: String) {
        #expect(PersonalData.found(in: text) == "a phone number")
    }

    @Test(arguments: [
        "", "Vi hade öppet hus.", "2016-10-03", "2016-10-03/2016-10-09", "2016-10-03 - 2016-10-09",
        "2016-10-03 2016-10-09", "2016-10-03T08:00:00Z", "20161003", "20161003-20161009", "2016-10 2016-11",
        "03-10-2016",
        "03-10-2016 09-10-2016", "03.10.2016", "3/10 2016", "den 03 2016-10-09", "2016-W40",
        "2016-W40/2016-W41",
        "2016W40", "2011-2013", "2011–2013", "2011, 2012, 2013", "2009-2011-2013",
        "500 000", "500000", "1000000", "1 200 000 kr", "1 000 000", "12 345 678", "100 000 000",
        "1 000 000 000 kr",
        "5 000 000-7 000 000", "1234567", "12345678", "9999999999", "1000000000", "10000000", "0,000000001",
        "42 personer, 22 kvinnor och 20 män", "18-30 31-50 51-70", "0-17 18-30 31-50",
        "se-0583", "se-0583 se-0580", "0583", "0583, 0584, 0580", "591 86 Motala", "59186", "SE-591 86",
        // Swedish organisations have a month of 20 or more, Norwegian ones nine digits, Danish ones eight.
        "202100-0001", "2021000001", "556000-0001", "16556000-0001", "999 999 999", "99 99 99 99",
        "https://example.se/kurser/20161003", "https://example.se/?id=1234567890", "motala-2016-w40",
        "demo-2011-03-31",
        "018e4c1a-0123-7000-8000-0123456789ab", "0583-2016-10-03", "ISBN 978-91-0-000000-1", "v. 40, kl 9-12",
        "@", "a@", "@b.se", "a @ b.se", "a@b", "digidel@2013", "kl 18@biblioteket",
        // The check digits are wrong, or there is no such month or day.
        "451212-0001", "19451212-0001", "11014560095", "11014560104", "121312-1212", "451312-0009",
        "450012-0009",
        // Made-up numbers of a test series, whose month is moved by 80, are nobody's.
        "11814560130",
        // Too many digits, or part of something longer.
        "1912121212121", "12121212121212", "9121212-1212", "x-121212-1212", "121212-12123",
    ])
    func otherNumbersAreNot(text: String) {
        #expect(PersonalData.found(in: text) == nil)
    }

    @Test(arguments: [
        String(repeating: "a", count: 4000) + "@", String(repeating: "0 ", count: 2000),
        String(repeating: "0", count: 4000),
        String(repeating: "a@", count: 2000), String(repeating: "2016-10-03 ", count: 360),
    ])
    func longTextsAreSearchedInLinearTime(text: String) {
        let short = String(text.prefix(text.count / 8))
        let clock = ContinuousClock()
        func time(_ text: String) -> Duration {
            (0..<20).map { _ in clock.measure { _ = PersonalData.found(in: text) } }.min() ?? .zero
        }
        // Eight times as long takes sixty-four times as long when it is quadratic.
        #expect(time(text) < time(short) * 30 + .milliseconds(20))
    }
}
