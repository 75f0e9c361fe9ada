import HTTP
package import Postgres

extension APIError {
    /// What a database error means to the client; nil when it can only be our fault.
    package init?(_ error: PostgresError) {
        switch (error.kind, error.constraint) {
        case (.unavailable, _):
            self = Self.tryAgain("The database does not answer just now.")
        case (.refused, _) where error.sqlState.map(Self.passing.contains) == true:
            self = Self.tryAgain("The database could not do this just now.")
        case (.refused, let constraint?):
            guard let message = Self.messages[constraint] else { return nil }
            self = message
        default:
            return nil
        }
    }

    /// Statement timeout, serialization failure, deadlock, lock not available: the same request may succeed later.
    private static let passing: Set<String> = ["57014", "40001", "40P01", "55P03"]

    private static func tryAgain(_ detail: String) -> APIError {
        var error = APIError(
            .unavailable, "\(detail) Send the request again; a count with an externalId counts once.")
        error.fields.add("Retry-After", "1")
        return error
    }

    /// The answer for each constraint that a client can run into. Those that the rules catch before are here as well:
    /// two requests at once may both pass the rules.
    private static let messages: [String: APIError] = [
        "organisations_pkey": taken("organisation"),
        "organisations_area_fkey": unknown("unknownArea", "/area", "area"),
        "organisations_parent_fkey": unknown("unknownOrganisation", "/parent", "organisation"),
        "campaign_series_pkey": taken("campaign series"),
        "campaigns_pkey": taken("campaign"),
        "campaigns_series_fkey": unknown("unknownSeries", "/series", "campaign series"),
        "campaigns_organiser_fkey": unknown("unknownOrganisation", "/organiser", "organisation"),
        "campaigns_predecessor_fkey": unknown("unknownCampaign", "/predecessor", "campaign"),
        "enrolments_not_reported": conflict(
            "hasCounts", "The organisation has reported to the campaign; exempt it instead."),
        "participant_counts_enrolled": ruleBroken([
            Fault(
                "/organisation", "notEnrolled",
                "The organisation takes no part in the campaign; a coordinator can enrol it.")
        ]),
        "goals_pkey": taken("goal"),
        "goals_campaign_fkey": unknown("unknownCampaign", "/campaign", "campaign"),
        "goals_indicator_fkey": unknown("unknownIndicator", "/indicator", "indicator"),
        "indicators_pkey": taken("indicator"),
        "service_points_pkey": taken("service point"),
        "agreements_pkey": taken("agreement"),
        "publications_pkey": taken("publication"),
        "strategies_pkey": taken("strategy"),
        "projects_pkey": taken("project"),
        "surveys_pkey": taken("survey"),
        "keys_organisation_fkey": unknown("unknownOrganisation", "/organisation", "organisation"),
    ]

    private static func taken(_ what: String) -> APIError {
        conflict("idTaken", "The id belongs to another \(what); choose another id.", pointer: "/id")
    }

    private static func unknown(_ code: String, _ pointer: String, _ what: String) -> APIError {
        ruleBroken([Fault(pointer, code, "There is no such \(what).")])
    }
}
