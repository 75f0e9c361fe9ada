/// Ways in which an input can come over a connection: where each of its pieces ends, the last at the input's end.
enum Splits {
    /// Byte by byte, and in pieces whose lengths follow from the input.
    static func of(_ input: [UInt8]) -> [[Int]] {
        // The rest of a long input comes at once: more inputs find more than more pieces.
        let singles = Array(1..<max(1, min(input.count, 256)))
        return [singles + [input.count], derived(from: input)]
    }

    /// Pieces of 1 to 32 bytes, the same at every run with the same input.
    private static func derived(from input: [UInt8]) -> [Int] {
        var state = UInt32(truncatingIfNeeded: input.count)
        for byte in input.prefix(64) { state = (state ^ UInt32(byte)) &* 16_777_619 }
        var ends: [Int] = []
        while ends.last ?? 0 < input.count {
            // The multiplier of Numerical Recipes' generator; its high bits are the random ones.
            state = state &* 1_664_525 &+ 1_013_904_223
            ends.append(min((ends.last ?? 0) + 1 + Int(state >> 27), input.count))
        }
        return ends
    }
}
