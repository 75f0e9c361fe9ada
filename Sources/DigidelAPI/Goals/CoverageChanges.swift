import Postgres

/// What coverage goals are computed from besides counts.
enum CoverageSource: Sendable {
    case servicePoints, agreements
    /// The responses to a survey.
    case responses(survey: String)
    /// Which municipality an organisation is of: that of a party to an agreement, or of a respondent.
    case organisationAreas

    /// Of rows of `goals`: that they are computed from it.
    fileprivate var condition: SQL {
        switch self {
        case .servicePoints: #"predicate = '"hasServicePoint"'"#
        case .agreements: #"predicate = '"hasAgreement"'"#
        case .responses(let survey): "predicate ->> 'survey' = \(survey)"
        case .organisationAreas: #"(predicate = '"hasAgreement"' or predicate ? 'survey')"#
        }
    }
}

extension App {
    /// To be called in the transaction that changes a source, before it does: takes the ledger's clock, so that goals that are
    /// made meanwhile are not missed, and makes the versions grow of all goals that may say something else afterwards. Their
    /// kept answers are forgotten, on all instances, once the transaction is committed.
    func coverageChanged(_ source: CoverageSource) async throws {
        let recordedAt = try await database.ledgerNow()
        for campaign in try await database.goalsChanged(where: source.condition, at: recordedAt) {
            await changed(campaign)
        }
    }
}

extension Queryable {
    /// Makes the versions grow of goals whose value may have changed though no count has. Returns the campaigns that they are in;
    /// nil stands for goals without one.
    func goalsChanged(where condition: SQL, at recordedAt: Instant) async throws(PostgresError) -> [String?] {
        let rows = try await query(
            """
            with changed as (
                update goals
                set indicator_changes = indicator_changes + 1, indicator_changed_at = \(recordedAt)
                where \(condition)
                returning campaign
            ), versioned as (
                update campaign_versions
                set version = version + 1, changed_at = \(recordedAt)
                where campaign in (select campaign from changed)
            )
            select distinct campaign from changed
            """)
        var campaigns: [String?] = []
        for row in rows { campaigns.append(try row.get("campaign")) }
        return campaigns
    }
}
