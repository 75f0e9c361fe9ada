import Foundation

/// Ids that people see in URLs: `^[a-z0-9]+(-[a-z0-9]+)*$`, 2 to 80 characters (domain.md).
package enum Slug {
    /// How the rule is told to a person.
    package static let rule = "2 to 80 of a-z and 0-9, words joined by single hyphens"

    package static func isValid(_ text: String) -> Bool {
        guard (2...80).contains(text.utf8.count) else { return false }
        var mayEnd = false
        for byte in text.utf8 {
            guard isLetterOrDigit(byte) || (byte == UInt8(ascii: "-") && mayEnd) else { return false }
            mayEnd = isLetterOrDigit(byte)
        }
        return mayEnd
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// The slug that a name becomes: å ä → a, ö ø → o, æ → ae, other accents dropped, the rest hyphens. Nil when
    /// too little is left.
    package static func derived(from name: String) -> String? {
        let letters = name.lowercased().replacing("æ", with: "ae").replacing("ø", with: "o").replacing(
            "ß", with: "ss")
        let plain = letters.folding(options: .diacriticInsensitive, locale: Locale(identifier: "en_US_POSIX"))
        let words = plain.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        var slug = ""
        for word in words {
            let longer = slug.isEmpty ? String(word) : "\(slug)-\(word)"
            if longer.utf8.count <= 80 { slug = longer }
        }
        return isValid(slug) ? slug : nil
    }
}
