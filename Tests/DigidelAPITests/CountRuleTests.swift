import HTTP
import Postgres
import Testing

@testable import DigidelAPI

/// The rules that a count must keep (domain.md, section 3; decisions.md, 37 and 53).
@Suite struct CountRuleTests {
    /// Shared by tests whose reports are all refused.
    private static let shared = Task { try await TestApp.withDigidel2013() }

    // MARK: Well-formed (400)

    @Test(
        arguments: [
            (["value": -1], "/value"), (["value": .exactly("1.5")], "/value"),
            (["value": 10_000_001], "/value"),
            (["value": "42"], "/value"), (["value": .bool(true)], "/value"),
            (["value": .exactly("1e30")], "/value"),
            (["measure": "participants"], "/measure"), (["measure": "Attendances"], "/measure"),
            (["channel": "fax"], "/channel"), (["evidence": "guessed"], "/evidence"),
            (["evidence": ""], "/evidence"),
            (["from": "2012-02-30"], "/from"), (["to": "2012-6-30"], "/to"),
            (["to": "2012-06-30T00:00:00Z"], "/to"),
            (["period": "2012-06"], "/period"), (["area": "0583"], "/area"), (["area": "se-583000"], "/area"),
            (["organisation": "Motala bibliotek"], "/organisation"), (["campaign": ""], "/campaign"),
            (["note": 5], "/note"), (["note": .string(String(repeating: "x", count: 2001))], "/note"),
            (["note": "a\u{0}b"], "/note"), (["externalId": 5], "/externalId"),
            (["breakdowns": []], "/breakdowns"),
            (["breakdowns": ["sex": ["woman": 42]]], "/breakdowns/sex"),
            (["breakdowns": ["gender": ["women": 42]]], "/breakdowns/gender/women"),
            (["breakdowns": ["gender": ["woman": -1]]], "/breakdowns/gender/woman"),
            (["breakdowns": ["age": ["71+": "42"]]], "/breakdowns/age/71+"),
            (["status": "accepted"], "/status"), (["recordedAt": "2012-06-30T10:00:00Z"], "/recordedAt"),
            (["id": "0192f0c5-7a1e-7cc3-8f7e-1f2a3b4c5d6e"], "/id"), (["revision": 1], "/revision"),
            (["activity": "x"], "/activity"),
        ] as [(JSONValue, String)])
    func aMalformedMemberIsNamed(change: JSONValue, pointer: String) async throws {
        let service = try await Self.shared.value
        let answer = await service.post("participant-counts", TestApp.count().merged(with: change))
        #expect(answer.status == .badRequest, "\(answer.text)")
        #expect(answer.faults == [pointer: "malformed"])
        #expect(await service.get("goals/digidel2013/progress")["value"] == 0)
    }

    @Test(arguments: [
        "2012-W53", "2012-W00", "2012-Q5", "2012-Q0", "2012-13", "2012-00", "2012-6", "12", "2012-W1",
        "2012-q1",
        "2012-06-01", "2012/06", " 2012", "",
    ])
    func otherPeriodsAreRefused(period: String) async throws {
        let service = try await Self.shared.value
        let report = TestApp.count(["period": .string(period), "from": .null, "to": .null])
        let answer = await service.post("participant-counts", report)
        #expect(answer.status == .badRequest, "\(answer.text)")
        #expect(answer.faults == ["/period": "malformed"])
    }

    @Test func whatIsMissingIsToldAtOnce() async throws {
        let service = try await Self.shared.value
        let answer = await service.post("participant-counts", [:])
        #expect(answer.status == .badRequest)
        let required = ["area", "campaign", "channel", "from", "measure", "organisation", "to", "value"]
        #expect(answer.faults.keys.sorted() == required.map { "/\($0)" })
    }

    /// What a schema can say is judged first; rules after that, on well-formed input only.
    @Test func malformedMembersAreToldBeforeBrokenRules() async throws {
        let service = try await Self.shared.value
        let answer = await service.post(
            "participant-counts", TestApp.count(["value": -1, "area": "se-9999", "colour": "red"]))
        #expect(answer.status == .badRequest)
        #expect(answer.faults == ["/value": "malformed", "/colour": "malformed"])
    }

    // MARK: Rules (422)

    @Test(
        arguments: [
            (["campaign": "nothing"], ["/campaign": "unknownCampaign"]),
            (["organisation": "nobody"], ["/organisation": "unknownOrganisation"]),
            (["measure": "reached"], ["/measure": "measureNotAccepted"]),
            (["evidence": .null], ["/evidence": "evidenceMissing"]),
            (["from": "2012-06-30", "to": "2012-06-29"], ["/to": "periodReversed"]),
            (["from": "2010-12-31"], ["/from": "periodOutsideCampaign"]),
            (["to": "2012-07-01"], ["/to": "periodInFuture"]),
            (["area": "se-9999"], ["/area": "unknownArea"]),
            (["area": "no-0301"], ["/area": "areaOutsideCampaign"]),
            (["breakdowns": ["gender": ["woman": 41]]], ["/breakdowns/gender": "breakdownSum"]),
            (["breakdowns": ["age": ["0-17": 43]]], ["/breakdowns/age": "breakdownSum"]),
            (["breakdowns": ["priorUse": [:]]], ["/breakdowns/priorUse": "breakdownSum"]),
            (["note": "Ring 070-123 45 67"], ["/note": "personalData"]),
        ] as [(JSONValue, [String: String])])
    func aBrokenRuleIsNamed(change: JSONValue, faults: [String: String]) async throws {
        let service = try await Self.shared.value
        let answer = await service.post("participant-counts", TestApp.count().merged(with: change))
        #expect(answer.status == .unprocessableContent, "\(answer.text)")
        #expect(answer.faults == faults)
        #expect(try await service.number("select count(*) as number from participant_counts") == 0)
        #expect(try await service.number("select count(*) as number from enrolments") == 0)
    }

    @Test func everyBrokenRuleIsToldAtOnce() async throws {
        let service = try await Self.shared.value
        let answer = await service.post(
            "participant-counts",
            TestApp.count([
                "measure": "reached", "from": "2010-01-01", "to": "2010-01-31", "area": "dk-0101",
                "note": "19811218-9876", "breakdowns": ["gender": ["man": 1], "age": ["unknown": 42]],
            ]))
        #expect(answer.status == .unprocessableContent)
        #expect(
            answer.faults == [
                "/measure": "measureNotAccepted", "/from": "periodOutsideCampaign",
                "/area": "areaOutsideCampaign", "/note": "personalData", "/breakdowns/gender": "breakdownSum",
            ])
        #expect(answer["errors"]?.count == 5)
    }

    @Test func aPeriodAfterTheCampaignIsOutside() async throws {
        let service = try await TestApp.withDigidel2013(at: "2014-02-01T00:00:00Z")
        let answer = await service.post("participant-counts", TestApp.count(["to": "2014-01-01"]))
        #expect(answer.faults == ["/to": "periodOutsideCampaign"])
        #expect(
            await service.post("participant-counts", TestApp.count(["to": "2013-12-31"])).status == .created)
    }

    /// By the campaign's calendar: in Stockholm the next day has begun.
    @Test(arguments: [
        ("2012-06-29T21:59:59Z", Status.unprocessableContent), ("2012-06-29T22:00:00Z", .created),
    ])
    func todayIsTheCampaigns(now: String, status: Status) async throws {
        let service = try await TestApp.withDigidel2013(at: now)
        #expect(
            await service.post("participant-counts", TestApp.count(["to": "2012-06-30"])).status == status)
    }

    @Test func newlyIncludedNeedsEvidenceAndOtherMeasuresDoNot() async throws {
        let service = try await TestApp.withDigidel2013()
        let visits = TestApp.count(["measure": "attendances", "evidence": .null])
        #expect(await service.post("participant-counts", visits).status == .created)
    }

    // MARK: Members and enrolment

    @Test(arguments: ["suspended", "left"])
    func anOrganisationThatIsNoMemberDoesNotReport(membership: String) async throws {
        let service = try await TestApp.withDigidel2013()
        let sent = await service.post("participant-counts", TestApp.count())
        #expect(sent.status == .created)
        _ = await service.patch("organisations/motala-bibliotek", ["membership": .string(membership)])
        let answer = await service.post("participant-counts", TestApp.count(["externalId": "new"]))
        #expect(answer.status == .unprocessableContent)
        #expect(answer.faults == ["/organisation": "notMember"])
        // What it has sent already it may send again.
        #expect(await service.post("participant-counts", TestApp.count()).status == .ok)
    }

    @Test func anApplicantReportsOnceItIsEnrolled() async throws {
        let service = try await TestApp.withDigidel2013()
        _ = await service.patch("organisations/motala-bibliotek", ["membership": "applied"])
        let refused = await service.post("participant-counts", TestApp.count())
        #expect(refused.status == .unprocessableContent)
        #expect(refused.faults == ["/organisation": "notEnrolled"])
        try await service.app.database.execute(
            """
            insert into enrolments (campaign, organisation, expected, enrolled_on)
            values ('digidel2013', 'motala-bibliotek', true, '2011-01-01')
            """)
        #expect(await service.post("participant-counts", TestApp.count()).status == .created)
        let expected = try await service.number("select count(*) as number from enrolments where expected")
        #expect(expected == 1)
    }

    /// Known to be enrolled a moment ago, while another instance takes the enrolment back.
    @Test(arguments: [
        "participant-counts", "participant-counts/batch", "participant-counts/batch?mode=atomic",
    ])
    func anEnrolmentThatWasTakenBackIsMadeAnew(target: String) async throws {
        let service = try await TestApp.withDigidel2013()
        let path = "campaigns/digidel2013/enrolments/motala-bibliotek"
        _ = await service.ask(.put, path, [:])
        let isKnown = await service.post("participant-counts", TestApp.count(["to": "2013-12-31"]))
        #expect(isKnown.status == .unprocessableContent)
        #expect(try await service.another().ask(.delete, path).status == .ok)

        let count = TestApp.count()
        let answer = await service.post(target, target == "participant-counts" ? count : .array([count]))
        #expect(answer.status.rawValue < 300, "\(answer.text)")
        #expect(try await service.number("select count(*) as number from current_participant_counts") == 1)
        #expect(try await service.number("select count(*) as number from enrolments") == 1)
    }

    /// An externalId of one campaign, reported to another.
    @Test(arguments: [
        ("participant-counts", "externalIdTaken"),
        ("participant-counts/batch?onExisting=revise", "fixedMember"),
        ("participant-counts/batch?onExisting=revise&mode=atomic", "fixedMember"),
    ])
    func noCountMovesToAnotherCampaign(target: String, code: String) async throws {
        let service = try await TestApp.withDigidel2013()
        let campaign: JSONValue = [
            "id": "other", "name": "Annan", "organiser": "motala-bibliotek", "startsOn": "2011-01-01",
            "endsOn": "2013-12-31", "countries": ["se"], "measures": ["newlyIncluded"],
        ]
        let made = await service.post("campaigns", campaign)
        #expect(made.status == .created, "\(made.text)")
        #expect(await service.post("participant-counts", TestApp.count()).status == .created)

        let moved = TestApp.count(["campaign": "other"])
        let answer = await service.post(target, target == "participant-counts" ? moved : .array([moved]))
        #expect(answer.text.contains(code), "\(answer.text)")
        #expect(try await service.number("select count(*) as number from participant_counts") == 1)
        #expect(try await service.number("select count(*) as number from enrolments") == 1)
    }

    /// Known to be a member a moment ago, while another instance writes that it is none.
    @Test(arguments: [
        "participant-counts", "participant-counts/batch", "participant-counts/batch?mode=atomic",
    ])
    func whoHasJustLeftReportsNoMore(target: String) async throws {
        let service = try await TestApp.withDigidel2013()
        #expect(await service.post("participant-counts", TestApp.count()).status == .created)
        _ = try await service.another().patch("organisations/motala-bibliotek", ["membership": "left"])

        let count = TestApp.count(["externalId": "later"])
        let answer = await service.post(target, target == "participant-counts" ? count : .array([count]))
        #expect(answer.text.contains("notMember"), "\(answer.text)")
        #expect(try await service.number("select count(*) as number from participant_counts") == 1)
    }

    @Test func aMemberEnrolsItselfByReporting() async throws {
        let service = try await TestApp.withDigidel2013()
        for externalID in ["first", "second"] {
            _ = await service.post("participant-counts", TestApp.count(["externalId": .string(externalID)]))
        }
        let enrolments = try await service.number(
            """
            select count(*) as number from enrolments
            where campaign = 'digidel2013' and organisation = 'motala-bibliotek' and not expected
                and exempt_reason is null and enrolled_on = '2012-06-30'
            """)
        #expect(enrolments == 1)
        #expect(try await service.number("select count(*) as number from enrolments") == 1)
    }

    // MARK: Times

    private func serviceWithReportingTimes() async throws -> TestApp {
        let service = try await TestApp.withDigidel2013()
        let changed = await service.patch(
            "campaigns/digidel2013",
            [
                "reporting": [
                    "opensAt": "2012-01-01T08:00:00Z", "dueAt": "2014-01-15T12:00:00Z",
                    "closesAt": "2014-01-31T12:00:00Z",
                ]
            ])
        #expect(changed.status == .ok)
        return service
    }

    @Test(arguments: [
        ("2012-01-01T07:59:59.999999Z", Status.conflict), ("2012-01-01T08:00:00Z", .created),
        ("2014-01-31T12:00:00Z", .created), ("2014-01-31T12:00:00.000001Z", .conflict),
    ])
    func aPartnerReportsWhileReportingIsOpen(now: String, status: Status) async throws {
        let service = try await serviceWithReportingTimes()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        let coordinator = try await service.makeKey(.coordinator)
        service.clock.set(now)
        let report = TestApp.count(["from": "2011-06-01", "to": "2011-06-30"])
        let answer = await service.post("participant-counts", report, key: partner)
        #expect(answer.status == status, "\(answer.text)")
        if status == .conflict { #expect(answer.codes == ["reportingClosed"]) }
        let late = report.merged(with: ["externalId": "late"])
        #expect(await service.post("participant-counts", late, key: coordinator).status == .created)
    }

    @Test func whatWasReportedInTimeMayBeSentAgainAfterwards() async throws {
        let service = try await serviceWithReportingTimes()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        #expect(await service.post("participant-counts", TestApp.count(), key: partner).status == .created)
        service.clock.set("2015-01-01T00:00:00Z")
        let again = await service.post("participant-counts", TestApp.count(), key: partner)
        #expect(again.status == .ok)
        #expect(again["late"] == .bool(false))
    }

    @Test(arguments: [("2014-01-15T12:00:00Z", false), ("2014-01-15T12:00:00.000001Z", true)])
    func aReportAfterItWasDueIsLate(now: String, isLate: Bool) async throws {
        let service = try await serviceWithReportingTimes()
        service.clock.set(now)
        let created = await service.post("participant-counts", TestApp.count())
        #expect(created["late"] == .bool(isLate))
    }

    @Test func aCancelledCampaignTakesNoCounts() async throws {
        let service = try await TestApp.withDigidel2013()
        #expect(await service.post("participant-counts", TestApp.count()).status == .created)
        try await service.app.database.execute(
            "update campaigns set cancelled_at = now(), revision = revision + 1")
        let answer = await service.post("participant-counts", TestApp.count(["externalId": "new"]))
        #expect(answer.status == .conflict)
        #expect(answer.codes == ["campaignNotOpen"])
        #expect(await service.post("participant-counts", TestApp.count()).status == .ok)
    }

    @Test(
        arguments: [
            (.partner, ["campaignLocked"], ["campaignLocked"]), (.coordinator, ["reasonMissing"], []),
            (.admin, ["reasonMissing"], []),
        ] as [(Role, Set<String>, Set<String>)])
    func aLockedCampaignTakesCountsWithACoordinatorsReasonOnly(
        role: Role, codes: Set<String>, codesWithReason: Set<String>
    ) async throws {
        let service = try await TestApp.withDigidel2013()
        let key = try await service.makeKey(role, organisation: "motala-bibliotek")
        try await service.app.database.execute(
            "update campaigns set locked_at = now(), revision = revision + 1")
        let answer = await service.post("participant-counts", TestApp.count(), key: key)
        #expect(answer.codes == codes)
        let withReason = await service.post(
            "participant-counts", TestApp.count(["reason": "lateData"]), key: key)
        #expect(withReason.codes == codesWithReason)
        #expect(withReason.status == (codesWithReason.isEmpty ? .created : .conflict))
    }
}
