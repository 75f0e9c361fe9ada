/// The little Markdown that descriptions in openapi.yaml and kinds of problem are written in, as HTML.
enum Prose {
    /// Paragraphs, divided by empty lines.
    static func paragraphs(_ text: String) -> String {
        text.split(separator: "\n\n").map { "<p>\(inline(String($0).trimmingWhitespace()))</p>" }.joined()
    }

    /// Text with `code`.
    static func inline(_ text: String) -> String {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { index, part in
            let part = String(part).escapedForMarkup
            return index.isMultiple(of: 2) ? part : "<code>\(part)</code>"
        }.joined()
    }
}
