extension String {
    /// As it stands in text and attributes of XML and HTML: by scalars, since a sign and an accent behind it are one
    /// `Character`.
    var escapedForMarkup: String {
        var escaped = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            // No characters of XML (XML 1.0, 2.2).
            case "\u{fffe}", "\u{ffff}", "\0"..<"\t", "\u{b}"..."\u{c}", "\u{e}"..<" ":
                escaped.append("\u{fffd}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
