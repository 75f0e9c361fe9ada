/// `chunk-size [ chunk-ext ]` (RFC 9112, 7.1).
enum ChunkLine {
    /// The size, and how many digits it has. 1 to 16 hexadecimal digits; a size beyond `Int` is returned as the
    /// largest `Int`, which no limit allows.
    static func parse(_ line: [UInt8]) throws(Refusal) -> (size: Int, digits: Int) {
        var (size, digits) = (UInt64(0), 0)
        while digits < line.count, let value = line[digits].hexValue {
            digits += 1
            guard digits <= 16 else {
                throw .malformed("A chunk's size has more than 16 digits.", "RFC 9112, 7.1")
            }
            size = size << 4 | UInt64(value)
        }
        guard digits > 0 else { throw .malformed("A chunk's size is not hexadecimal.", "RFC 9112, 7.1") }
        var scanner = ExtensionScanner(rest: line[digits...])
        guard scanner.isWellFormed() else {
            throw .malformed("A chunk's size is followed by what is no extension.", "RFC 9112, 7.1.1")
        }
        return (Int(clamping: size), digits)
    }
}

/// `*( BWS ";" BWS name [ BWS "=" BWS value ] )` with a token or a quoted string as value (RFC 9112, 7.1.1).
private struct ExtensionScanner {
    var rest: ArraySlice<UInt8>

    /// Whether all of the rest is extensions.
    mutating func isWellFormed() -> Bool {
        while !rest.isEmpty {
            skipBlanks()
            guard skip(UInt8(ascii: ";")) else { return false }
            skipBlanks()
            guard skipToken() else { return false }
            let afterName = rest
            skipBlanks()
            if skip(UInt8(ascii: "=")) {
                skipBlanks()
                guard skipQuoted() || skipToken() else { return false }
            } else {
                rest = afterName
            }
        }
        return true
    }

    /// Skips `BWS` (RFC 9110, 5.6.3).
    private mutating func skipBlanks() {
        while let byte = rest.first, byte.isBlank { rest.removeFirst() }
    }

    /// Skips this byte; false when another stands there.
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    /// Skips a token; false when there is none.
    private mutating func skipToken() -> Bool {
        let before = rest.count
        while let byte = rest.first, byte.isTokenCharacter { rest.removeFirst() }
        return rest.count < before
    }

    /// A quoted string (RFC 9110, 5.6.4); false, and nothing skipped, when there is none or it does not end.
    private mutating func skipQuoted() -> Bool {
        guard rest.first == UInt8(ascii: "\"") else { return false }
        var escaped = false
        for index in rest.indices.dropFirst() {
            if escaped {
                escaped = false
            } else if rest[index] == UInt8(ascii: "\\") {
                escaped = true
            } else if rest[index] == UInt8(ascii: "\"") {
                rest = rest[(index + 1)...]
                return true
            }
        }
        return false
    }
}
