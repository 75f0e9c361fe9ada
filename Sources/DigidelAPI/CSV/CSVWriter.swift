/// Writes CSV (RFC 4180): UTF-8, commas, lines that end in CRLF.
struct CSVWriter {
    private(set) var bytes: [UInt8] = []
    private var isInRow = false

    /// A whole row of texts.
    mutating func row(_ texts: [String]) {
        for text in texts { cell(text: text) }
        endRow()
    }

    /// A cell of text. What a spreadsheet would take for a formula gets an apostrophe in front (decisions.md, 50).
    mutating func cell(text: String) {
        let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        cell(isFormula ? "'\(text)" : text)
    }

    /// A cell as it is, such as a number.
    mutating func cell(_ text: String) {
        if isInRow { bytes.append(UInt8(ascii: ",")) }
        isInRow = true
        guard text.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        bytes.append(UInt8(ascii: "\""))
        // By bytes, since a quote and an accent after it are one `Character`.
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func endRow() {
        bytes.append(contentsOf: "\r\n".utf8)
        isInRow = false
    }
}
