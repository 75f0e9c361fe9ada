/// The answer to `GET /v1/goals/{id}/progress`, and what it is told from others by.
struct ProgressAnswer: Sendable {
    let json: [UInt8]
    /// The same for the same bytes.
    let tag: String
    let version: Int
    let on: CalendarDate
    /// Whether the version has been there since an earlier day than `on`.
    let isOfEarlierDay: Bool
    /// Nil for a goal without one.
    let campaign: String?

    /// Whether it is of a later version, or of a later day.
    func isNewer(than other: ProgressAnswer) -> Bool {
        (version, on) > (other.version, other.on)
    }

    /// Whether a client has it that has the version by this name. Midnight changes an answer and not its version, so that a
    /// version of yesterday may have been told yesterday.
    func isKnown(to lastEventID: String?) -> Bool {
        lastEventID == "\(version)" && !isOfEarlierDay
    }
}
