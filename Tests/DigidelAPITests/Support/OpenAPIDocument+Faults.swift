import Foundation

@testable import DigidelAPI

extension OpenAPIDocument {
    /// The operation of a method and a path template, given as in `paths` or as it is served.
    func operation(_ method: String, _ template: String) throws -> Operation {
        let found = operations.first {
            $0.method == method && ($0.route == template || $0.path == template)
        }
        guard let found else { throw ContractError("\(method) \(template) is not in the contract") }
        return found
    }

    /// The schema of a request body; nil when the operation takes none.
    func requestSchema(_ method: String, _ template: String, mediaType: String) throws -> Node? {
        guard let body = try operation(method, template).node["requestBody"] else { return nil }
        return try schema(in: resolve(body), mediaType: mediaType, of: "the body of \(method) \(template)")
    }

    /// The schema of a response body; nil when the response has none.
    func responseSchema(
        _ method: String, _ template: String, status: Int, mediaType: String
    ) throws -> Node? {
        let response = try response(method, template, status: status)
        guard response["content"] != nil else { return nil }
        return try schema(in: response, mediaType: mediaType, of: "\(status) of \(method) \(template)")
    }

    /// The response object of a status; refusals that are not named are `default`.
    func response(_ method: String, _ template: String, status: Int) throws -> Node {
        let responses = try operation(method, template).node["responses"]
        guard let response = responses?["\(status)"] ?? (status >= 400 ? responses?["default"] : nil) else {
            throw ContractError("\(method) \(template) does not answer \(status)")
        }
        return try resolve(response)
    }

    /// The schema of a media type in a request body or response.
    private func schema(in holder: Node, mediaType: String, of place: String) throws -> Node {
        guard let schema = holder["content"]?[mediaType]?["schema"] else {
            throw ContractError("\(place) is never \(mediaType)")
        }
        return schema
    }
}

extension OpenAPIDocument {
    /// Faults of an answer: a status, media type, field or body that the contract does not have. Names in
    /// `fields` are compared without regard to case.
    func faults(
        inAnswerTo method: String, _ template: String, status: Int, fields: [String: String], body: Data
    ) throws -> [SchemaFault] {
        let response = try response(method, template, status: status)
        let fields = Dictionary(fields.map { ($0.lowercased(), $1) }) { first, _ in first }
        var faults = try fieldFaults(fields, response)
        guard response["content"] != nil else {
            return body.isEmpty ? faults : faults + [SchemaFault(pointer: "", reason: "there is a body")]
        }
        let type = mediaType(fields["content-type"] ?? "")
        let schema = try responseSchema(method, template, status: status, mediaType: type)
        if let schema, type == "application/json" || type.hasSuffix("+json") {
            faults += try SchemaValidator(document: self).faults(in: Node(json: body), against: schema)
        }
        return faults
    }

    /// Faults of a JSON request body.
    func faults(
        inRequest method: String, _ template: String, mediaType: String = "application/json", body: Data
    ) throws -> [SchemaFault] {
        guard let schema = try requestSchema(method, template, mediaType: mediaType) else {
            return body.isEmpty ? [] : [SchemaFault(pointer: "", reason: "there is a body")]
        }
        return try SchemaValidator(document: self).faults(in: Node(json: body), against: schema)
    }

    /// Required fields that are missing, and fields whose value does not fit.
    private func fieldFaults(_ fields: [String: String], _ response: Node) throws -> [SchemaFault] {
        var faults: [SchemaFault] = []
        for (name, header) in response["headers"]?.object?.entries ?? [] {
            let header = try resolve(header)
            if let text = fields[name.lowercased()] {
                let schema = header["schema"] ?? .null
                let isNumber = try resolve(schema)["type"] == .string("integer")
                let value = isNumber ? Int(text).map { .integer($0) } ?? .string(text) : Node.string(text)
                let found = try SchemaValidator(document: self).faults(in: value, against: schema)
                faults += found.map { SchemaFault(pointer: name, reason: $0.reason) }
            } else if header["required"] == .boolean(true) {
                faults.append(SchemaFault(pointer: name, reason: "the field is missing"))
            }
        }
        return faults
    }

    /// A media type without its parameters.
    private func mediaType(_ field: String) -> String {
        String(field.prefix { $0 != ";" }).trimmingCharacters(in: .whitespaces).lowercased()
    }
}
