/// One of the ranges in an Accept or Accept-Language field, such as `text/*;q=0.5` (RFC 9110, 12.4.2).
struct AcceptedRange {
    /// In lower case.
    let name: String
    /// From 0, for what is not wanted, to 1; one that is no such number wants nothing.
    let weight: Double

    init(_ text: some StringProtocol) {
        let parts = String(text).split(separator: ";").map { $0.trimmingWhitespace().lowercased() }
        name = parts.first ?? ""
        let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
        self.weight = (0...1).contains(weight) ? weight : 0
    }

    /// The ranges of a field, in their order.
    static func list(_ field: String) -> [AcceptedRange] {
        field.split(separator: ",").map { AcceptedRange($0) }
    }
}
