import Foundation

/// So many of a thousand inhabitants, to two decimals; nil where it is not known how many there are.
func perThousand(_ value: Int, population: Int?) -> Decimal? {
    guard let population, population > 0 else { return nil }
    return (Decimal(value) * 1000 / Decimal(population)).rounded(2)
}

extension CountSums.Row {
    /// Its value by its inhabitants.
    var perThousand: Decimal? { DigidelAPI.perThousand(value, population: population) }
}
