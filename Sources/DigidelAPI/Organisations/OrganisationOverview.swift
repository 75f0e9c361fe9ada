import Postgres

/// One organisation with all that it has a part in; the body of `GET /v1/organisations/{id}/overview`.
struct OrganisationOverview: Sendable {
    /// A campaign, and what the organisation is in it.
    struct Participation: Sendable {
        enum Role: String, ColumnDecodable {
            case organiser, partner, enrolled
        }

        let campaign: String
        let name: LocalisedText
        /// The first of them that it is.
        let role: Role
    }

    /// How many activities are told, the latest ones.
    static let mostActivities = 20
    /// How many of everything else, as many as a page of their own lists has at most.
    static let mostItems = 200

    let organisation: Organisation
    let campaigns: [Participation]
    let projects: [Project]
    let servicePoints: [ServicePoint]
    let activities: [Activity]
    /// By campaign and measure.
    let reported: [CountSums.Row]
    let agreements: [Agreement]
    let publications: [Publication]

    func write(to json: inout JSONWriter, as representation: Representation) {
        json.object { json in
            json.member("organisation") { json in
                json.member("id", organisation.id)
                json.member("name", organisation.content.name, in: representation.language)
                json.member("kind", organisation.content.kind.rawValue)
                json.member("area", organisation.content.area)
                json.member("membership", organisation.content.membership.rawValue)
            }
            json.name("campaigns")
            json.array(campaigns) { json, participation in
                json.object { json in
                    json.member("id", participation.campaign)
                    json.member("name", participation.name, in: representation.language)
                    json.member("role", participation.role.rawValue)
                }
            }
            json.member("projects", projects, as: representation)
            json.member("servicePoints", servicePoints, as: representation)
            json.member("activities", activities, as: representation)
            json.name("reported")
            json.array(reported) { json, row in
                json.object { json in
                    json.member("campaign", row.keys[0])
                    json.member("measure", row.keys[1])
                    json.member("value", row.value)
                }
            }
            json.member("agreements", agreements, as: representation)
            json.member("publications", publications, as: representation)
            let item = representation.baseURL + organisation.path
            json.links(["self": "\(item)/overview", "item": item])
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(
        _ name: String, _ items: [some Resource], as representation: Representation
    ) {
        self.name(name)
        array(items) { json, item in item.writeObject(to: &json, as: representation) }
    }
}

extension OrganisationOverview.Participation: RowDecodable {
    init(row: Row) throws(PostgresError) {
        campaign = try row.get("id")
        name = try row.get("name")
        role = try row.get("role")
    }
}
