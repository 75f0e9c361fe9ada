import Foundation

/// Who publishes the data, and where faults in the service's security are told; what is not set is found in the guide.
package struct Publisher: Sendable, Equatable {
    package var name = "Digidel"
    package var url: String?
    package var email: String?
    package var securityContact: String?

    init() {}

    /// Throws `Fault` for a setting that is no address of its kind.
    init(name: String?, url: String?, email: String?, securityContact: String?) throws(Config.Fault) {
        self.name = name ?? self.name
        if let url, !Self.isAddress(url, ["https", "http"]) {
            throw Config.Fault("PUBLISHER_URL must be an http or https URL")
        }
        if let email, !Self.isAddress("mailto:\(email)", ["mailto"]) {
            throw Config.Fault("PUBLISHER_EMAIL must be an e-mail address")
        }
        if let securityContact, !Self.isAddress(securityContact, ["https", "mailto", "tel"]) {
            throw Config.Fault("SECURITY_CONTACT must begin with https://, mailto: or tel: (RFC 9116)")
        }
        self.url = url
        self.email = email
        self.securityContact = securityContact
    }

    /// Whether a text is an address as it may stand in a document (RFC 3986).
    private static func isAddress(_ text: String, _ schemes: [String]) -> Bool {
        guard let url = URL(string: text), url.absoluteString == text, let scheme = url.scheme,
            schemes.contains(scheme)
        else { return false }
        switch scheme {
        case "mailto": return text.dropFirst("mailto:".count).wholeMatch(of: /[^@]+@[^@]+/) != nil
        case "tel": return text.wholeMatch(of: /tel:\+?[0-9().-]+/) != nil
        default: return url.host()?.isEmpty == false
        }
    }
}
