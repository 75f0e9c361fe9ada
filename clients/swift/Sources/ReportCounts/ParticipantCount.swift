/// How many people were reached: what an organisation reports.
struct ParticipantCount: Codable, Sendable {
    var organisation: String
    var campaign: String
    /// attendances, newlyIncluded, reached, activitiesHeld or supportersTrained.
    var measure: String
    var value: Int
    /// First and last day, `2016-10-03`; or `period` in their place, such as `2016-W40`.
    var from: String?
    var to: String?
    var period: String?
    var area: String
    /// onSite, remote, phone or mixed.
    var channel: String
    /// Needed for newlyIncluded: selfAssessed, guideAssessed or estimated.
    var evidence: String?
    /// Such as `["gender": ["woman": 22, "unknown": 20]]`; each one adds up to `value`.
    var breakdowns: [String: [String: Int]]?
    var note: String?
    /// Your own name for the report, the same whenever it is sent: it makes sending twice count once.
    var externalId: String
}

/// A count that the service has stored.
struct StoredCount: Decodable, Sendable {
    var id: String
    var revision: Int
    var value: Int
    var externalId: String?
    /// It came after the campaign's deadline; it counts all the same.
    var late: Bool
}

/// What became of a batch, row by row.
struct BatchAnswer: Decodable, Sendable {
    /// What became of one row.
    struct Outcome: Decodable, Sendable {
        /// Why it was not stored.
        struct Issue: Decodable, Sendable {
            var code: String
            var field: String?
            var message: String
        }

        var index: Int
        /// created, revised, unchanged, held or rejected.
        var outcome: String
        var id: String?
        var issues: [Issue]?
    }

    /// A goal that the batch moves.
    struct Goal: Decodable, Sendable {
        var goal: String
        var before: Double
        var after: Double
    }

    var dryRun: Bool
    var tallies: [String: Int]
    var outcomes: [Outcome]
    var goals: [Goal]
}

/// How far a goal has come.
struct GoalProgress: Decodable, Sendable {
    var goal: String
    var name: String
    var target: Double
    var value: Double
    /// notStarted, insufficientData, ahead, onTrack, atRisk, offTrack, achieved, awaitingReports, missed or cancelled.
    var status: String
    /// Grows with every change.
    var version: Int
}

/// A page of a list.
struct Page<Item: Decodable & Sendable>: Decodable, Sendable {
    /// Where the following page is.
    struct Links: Decodable, Sendable {
        /// An address.
        struct Link: Decodable, Sendable {
            var href: String
        }

        var next: Link?
    }

    var items: [Item]
    var links: Links

    private enum CodingKeys: String, CodingKey {
        case items
        case links = "_links"
    }
}
