/// Ways in which an input can come over a connection: where each of its pieces ends, the last at the input's end.
enum Splits {
    /// Whole, byte by byte, and in pieces whose lengths follow from the input.
    static func of(_ input: [UInt8]) -> [[Int]] {
        [[input.count], Array(stride(from: 1, through: input.count, by: 1)), derived(from: input)]
    }

    /// Pieces of 1 to 32 bytes, the same at every run with the same input.
    private static func derived(from input: [UInt8]) -> [Int] {
        var state = UInt32(truncatingIfNeeded: input.count)
        for byte in input.prefix(64) { state = (state ^ UInt32(byte)) &* 16_777_619 }
        var ends: [Int] = []
        while let end = ends.last ?? Optional(0), end < input.count {
            // The multiplier of Numerical Recipes' generator; its high bits are the random ones.
            state = state &* 1_664_525 &+ 1_013_904_223
            ends.append(min(end + 1 + Int(state >> 27), input.count))
        }
        return ends
    }
}
