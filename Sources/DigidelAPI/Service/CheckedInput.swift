/// What a client says of a thing, to be checked before it is stored.
protocol CheckedInput: Sendable {
    /// The ids in it that must belong to something.
    var references: [Reference?] { get }
    /// What people have written in it.
    var texts: [PlacedText] { get }
    /// What is wrong with it on its own.
    var ruleFaults: [Fault] { get }
}

extension CheckedInput {
    var references: [Reference?] { [] }
    var ruleFaults: [Fault] { [] }
}

extension App {
    /// Throws `.ruleBroken` with every rule that it breaks; `faults` are those that depend on more than itself. Who does not
    /// know of drafts cannot name them.
    func check(
        _ input: some CheckedInput, _ faults: [Fault] = [], showsDrafts: Bool = true
    ) async throws {
        let faults = faults + input.ruleFaults + personalDataFaults(input.texts)
        try (faults + (try await database.faults(in: input.references, showsDrafts: showsDrafts))).check()
    }
}

/// A text, and where it stands in the body (RFC 6901).
struct PlacedText: Sendable {
    let pointer: String
    let text: String
}

extension [PlacedText] {
    static func at(_ pointer: String, _ text: String?) -> Self {
        text.map { [PlacedText(pointer: pointer, text: $0)] } ?? []
    }

    static func at(_ pointer: String, _ text: LocalisedText?) -> Self {
        text?.ordered.map { PlacedText(pointer: "\(pointer)/\($0.0.rawValue)", text: $0.1) } ?? []
    }

    static func at(_ pointer: String, _ texts: [String]) -> Self {
        texts.enumerated().map { PlacedText(pointer: "\(pointer)/\($0.offset)", text: $0.element) }
    }

    static func at(_ pointer: String, _ texts: [LocalisedText]) -> Self {
        texts.enumerated().flatMap { at("\(pointer)/\($0.offset)", $0.element) }
    }
}

/// A fault for each text in which data about a person is recognised.
func personalDataFaults(_ texts: [PlacedText]) -> [Fault] {
    texts.compactMap { place in
        PersonalData.found(in: place.text).map {
            Fault(
                place.pointer, "personalData",
                "Looks like it holds \($0); the service takes no personal data.")
        }
    }
}

/// A fault when a period ends before it begins.
func periodFaults(
    _ first: CalendarDate?, _ firstName: String, _ last: CalendarDate?, _ lastName: String
) -> [Fault] {
    guard let first, let last, first > last else { return [] }
    return [
        Fault("/\(lastName)", "periodReversed", "\(lastName) must not be before \(firstName) (\(first)).")
    ]
}
