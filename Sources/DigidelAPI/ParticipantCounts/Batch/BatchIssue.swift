/// Why a row of a batch is rejected: what kind, which member, and what would pass.
struct BatchIssue: Sendable, Equatable {
    let code: String
    /// The member's name, `area` or `breakdowns.gender`; nil when it concerns the whole row.
    let field: String?
    let message: String

    /// The other rows of an atomic batch with a rejected row (decisions.md, 38).
    static let rolledBack = BatchIssue(
        Fault("", "rolledBack", "Nothing is wrong with this row; in mode atomic all rows are stored or none.")
    )

    /// A fault whose JSON pointer (RFC 6901) becomes a name: `/breakdowns/gender` is `breakdowns.gender`.
    init(_ fault: Fault) {
        code = fault.code
        message = fault.detail
        let steps = fault.pointer.split(separator: "/").map {
            $0.replacing("~1", with: "/").replacing("~0", with: "~")
        }
        field = steps.isEmpty ? nil : steps.joined(separator: ".")
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("code", code)
            json.member("field", field)
            json.member("message", message)
        }
    }
}
