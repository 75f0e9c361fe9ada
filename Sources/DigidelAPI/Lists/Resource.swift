/// A thing with an address of its own.
package protocol Resource: Sendable {
    /// Where things of this kind are, below the API's base: `organisations`.
    static var collection: String { get }
    var id: String { get }
    /// Where the thing is, below the API's base.
    var path: String { get }
    /// Grows with every change; nil for things that do not change.
    var revision: Int? { get }
    /// What the clock, not a change, makes another answer of the same revision, such as a state; nil for most things.
    var phase: String? { get }
    /// Writes the object's members, without `_links`.
    func write(to json: inout JSONWriter, as representation: Representation)
    /// Writes the whole object.
    func writeObject(to json: inout JSONWriter, as representation: Representation)
}

extension Resource {
    package var phase: String? { nil }

    package var path: String { "/\(Self.collection)/\(id)" }

    package func writeObject(to json: inout JSONWriter, as representation: Representation) {
        json.object { json in
            write(to: &json, as: representation)
            json.links(["self": representation.baseURL + path])
        }
    }

    /// The object as a value.
    func document(as representation: Representation) throws(APIError) -> JSONValue {
        var json = JSONWriter()
        writeObject(to: &json, as: representation)
        do {
            return try JSONValue(parsing: json.bytes)
        } catch {
            throw APIError(.internalError, error.detail)
        }
    }
}

extension JSONWriter {
    /// `_links`, each of them read with GET.
    mutating func links(_ links: KeyValuePairs<String, String>) {
        member("_links") { json in
            for (relation, address) in links {
                json.member(relation) { json in
                    json.member("href", address)
                    json.member("rel", relation)
                    json.member("method", "GET")
                }
            }
        }
    }
}
