/// How a batch is to be taken: the query of `POST /v1/participant-counts/batch`.
struct BatchOptions: Sendable, Equatable {
    /// What a rejected row means to the others.
    enum Mode: String, Sendable, CaseIterable {
        /// All rows are stored, or none.
        case atomic
        /// The rows that are not rejected are stored.
        case partial
    }

    /// What happens to a row whose externalId is stored with other content.
    enum Existing: String, Sendable, CaseIterable {
        /// It is rejected.
        case fail
        /// What is stored stays.
        case skip
        /// It becomes the stored count's next revision.
        case revise
    }

    let mode: Mode
    /// Whether everything is done and then rolled back.
    let isDryRun: Bool
    let onExisting: Existing
    /// Why counts are revised, with `revise`.
    let reason: RevisionReason

    /// Reads all parameters. Throws `.malformed` with every fault, an unknown parameter too.
    init(_ query: inout QueryInput) throws(APIError) {
        mode = query.choice("mode") ?? .partial
        isDryRun = query.value("dryRun", rule: "true or false", Bool.init) ?? false
        onExisting = query.choice("onExisting") ?? .fail
        reason = query.choice("reason") ?? .other
        try query.finish()
    }
}

extension QueryInput {
    /// One value of a closed set.
    fileprivate mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String
    ) -> Choice? {
        let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return value(name, rule: "one of \(choices)", Choice.init)
    }
}
