import Postgres

/// Something that has been published, whatever it is.
struct News: Resource {
    static let collection = "news"

    /// What it is; the list has these alone.
    enum Kind: String, CaseIterable, ColumnDecodable, ParameterConvertible {
        case campaign, goal, project, activity, servicePoint, agreement, publication, strategy, survey
        case organisation

        /// Where things of this kind are, below the API's base.
        var collection: String {
            switch self {
            case .activity: "activities"
            case .servicePoint: "service-points"
            case .strategy: "strategies"
            default: "\(rawValue)s"
            }
        }
    }

    let id: String
    let kind: Kind
    /// Its name, title or subject.
    let title: LocalisedText
    /// When it was created; a draft, when it ceased to be one.
    let createdAt: Instant

    var revision: Int? { nil }
    var path: String { "/\(kind.collection)/\(id)" }

    func write(to json: inout JSONWriter, as representation: Representation) {
        json.member("kind", kind.rawValue)
        json.member("id", id)
        json.member("title", title, in: representation.language)
        json.member("createdAt", createdAt)
        json.member("href", representation.baseURL + path)
    }

    /// `href` is the only link.
    func writeObject(to json: inout JSONWriter, as representation: Representation) {
        json.object { json in write(to: &json, as: representation) }
    }
}

extension News: RowDecodable {
    init(row: Row) throws(PostgresError) {
        id = try row.get("id")
        kind = try row.get("kind")
        title = try row.get("title")
        createdAt = try row.get("created_at")
    }
}
