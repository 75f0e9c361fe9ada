package import Foundation

/// A fault of the input: where (a JSON pointer, RFC 6901, or a parameter's name), what kind, and what would pass.
package struct Fault: Sendable, Equatable {
    package let pointer: String
    package let code: String
    package let detail: String

    package init(_ pointer: String, _ code: String, _ detail: String) {
        self.pointer = pointer
        self.code = code
        self.detail = detail
    }
}

/// Reads the members of an object that a client sent and collects every fault, so that all are told at once.
///
/// Read each member, then `finish()`: it adds the members nobody asked for and throws what was found. After that every
/// required member was there.
package struct ObjectInput {
    package private(set) var faults: [Fault] = []
    private let members: [String: JSONValue]
    private let pointer: String
    private let isObject: Bool
    private var known: [String] = []

    /// `pointer` is where the object stands in the body. Anything but an object is a fault.
    package init(_ value: JSONValue, at pointer: String = "") {
        self.pointer = pointer
        known.reserveCapacity(16)
        if case .object(let members) = value {
            isObject = true
            self.members = members
        } else {
            isObject = false
            members = [:]
            faults.append(Fault(pointer, "malformed", "Must be an object."))
        }
    }

    /// Members that are the service's to write: accepted, and ignored.
    package mutating func ignore(_ names: String...) {
        known += names
    }

    /// Throws `.malformed` with all faults.
    package mutating func finish() throws(APIError) {
        collectUnknown()
        if !faults.isEmpty { throw .malformed(faults) }
    }

    package mutating func fault(_ name: String, _ detail: String) {
        faults.append(Fault(place(name), "malformed", detail))
    }

    private mutating func collectUnknown() {
        let unknown = members.keys.filter { !known.contains($0) && has($0) }
        if unknown.isEmpty { return }
        let names = Set(known).sorted().joined(separator: ", ")
        for name in unknown.sorted() { fault(name, "Is not a member here; the members are \(names).") }
    }

    /// Faults that are not of one member alone.
    package mutating func add(_ faults: [Fault]) {
        self.faults += faults
    }

    /// Whether the member is there, and not null.
    package func has(_ name: String) -> Bool { member(name) != nil }

    /// Whether the member is there, and an object.
    package func hasObject(_ name: String) -> Bool {
        if case .object = member(name) { return true }
        return false
    }

    private func place(_ name: String) -> String {
        "\(pointer)/\(name.pointerToken)"
    }

    private mutating func member(_ name: String, required: Bool) -> JSONValue? {
        known.append(name)
        let member = member(name)
        if member == nil, required, isObject { fault(name, "Is required.") }
        return member
    }

    /// Absent and null mean the same (api.md).
    private func member(_ name: String) -> JSONValue? {
        switch members[name] {
        case nil, .null: nil
        case let member?: member
        }
    }

    /// A member read by `parse`; nil, and a fault that says `rule`, when `parse` makes nothing of it.
    package mutating func value<Value>(
        _ name: String, required: Bool = false, rule: @autoclosure () -> String,
        _ parse: (JSONValue) -> Value?
    ) -> Value? {
        guard let member = member(name, required: required) else { return nil }
        guard let value = parse(member) else {
            fault(name, "Must be \(rule()).")
            return nil
        }
        return value
    }

    // MARK: Kinds of members

    /// A text of 1 to `limit` characters, without control characters.
    package mutating func text(_ name: String, limit: Int, required: Bool = false) -> String? {
        value(name, required: required, rule: "a text of 1 to \(limit) characters") { value in
            guard case .string(let text) = value, isText(text, limit: limit) else { return nil }
            return text
        }
    }

    package mutating func slug(_ name: String, required: Bool = false) -> String? {
        value(name, required: required, rule: "an id: \(Slug.rule)") { value in
            guard case .string(let text) = value, Slug.isValid(text) else { return nil }
            return text
        }
    }

    package mutating func slugs(_ name: String, of kind: String, required: Bool = false) -> [String]? {
        list(name, required: required, rule: "the id of \(kind)", \.slug)
    }

    package mutating func uuid(_ name: String) -> UUID? {
        value(name, rule: "an id such as 0190a5d2-7e1c-7cc3-98c4-dc0c0c07398f") { value in
            guard case .string(let text) = value else { return nil }
            return UUID(uuidString: text)
        }
    }

    /// A list of at most `count` texts of 1 to `limit` characters.
    package mutating func texts(
        _ name: String, limit: Int = 80, count: Int = 100, required: Bool = false
    ) -> [String]? {
        list(name, limit: count, required: required, rule: "a text of 1 to \(limit) characters") { value in
            guard case .string(let text) = value, isText(text, limit: limit) else { return nil }
            return text
        }
    }

    /// A list of languages by their codes (ISO 639), not only of those that the service speaks.
    package mutating func languages(_ name: String) -> [String] {
        list(name, rule: "a language such as sv or ar", \.languageCode) ?? []
    }

    package mutating func webAddress(_ name: String, required: Bool = false) -> String? {
        value(
            name, required: required, rule: "an http or https address of at most 500 characters", \.webAddress
        )
    }

    /// An id of a thing that is looked up afterwards; it need only be an id by its form.
    package mutating func areaID(_ name: String, required: Bool = false) -> String? {
        value(name, required: required, rule: "an area's id such as se-0583", \.areaID)
    }

    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, required: Bool = false
    ) -> Choice? {
        value(
            name, required: required,
            rule: "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))"
        ) { value in
            guard case .string(let text) = value else { return nil }
            return Choice(rawValue: text)
        }
    }

    package mutating func integer(_ name: String, in range: ClosedRange<Int>, required: Bool = false) -> Int?
    {
        value(
            name, required: required, rule: "a whole number from \(range.lowerBound) to \(range.upperBound)"
        ) { value in
            guard case .number(let number) = value else { return nil }
            let integer = NSDecimalNumber(decimal: number).intValue
            return range.contains(integer) && Decimal(integer) == number ? integer : nil
        }
    }

    package mutating func decimal(_ name: String, in range: ClosedRange<Decimal>, required: Bool = false)
        -> Decimal?
    {
        value(name, required: required, rule: "a number from \(range.lowerBound) to \(range.upperBound)") {
            value in
            guard case .number(let number) = value, range.contains(number) else { return nil }
            return number
        }
    }

    package mutating func bool(_ name: String) -> Bool? {
        value(name, rule: "true or false") { value in
            guard case .bool(let bool) = value else { return nil }
            return bool
        }
    }

    package mutating func date(_ name: String, required: Bool = false) -> CalendarDate? {
        value(name, required: required, rule: "a date such as 2016-10-03") { value in
            guard case .string(let text) = value else { return nil }
            return CalendarDate(text)
        }
    }

    package mutating func instant(_ name: String) -> Instant? {
        value(name, rule: "an instant such as 2016-10-03T08:00:00Z") { value in
            guard case .string(let text) = value else { return nil }
            return Instant(text)
        }
    }

    /// A plain text (Swedish, then) or a map of texts by language.
    package mutating func localised(_ name: String, limit: Int, required: Bool = false) -> LocalisedText? {
        value(name, required: required, rule: Self.localisedRule(limit: limit)) {
            $0.localised(limit: limit)
        }
    }

    /// A list of such texts.
    package mutating func localisedTexts(_ name: String, limit: Int) -> [LocalisedText] {
        list(name, rule: Self.localisedRule(limit: limit)) { $0.localised(limit: limit) } ?? []
    }

    private static func localisedRule(limit: Int) -> String {
        let languages = Language.allCases.map(\.rawValue).joined(separator: ", ")
        return "a text of 1 to \(limit) characters, or an object of such texts by language (\(languages))"
    }

    /// A list without repetitions, each element read by `parse`; absent is empty.
    package mutating func list<Element: Hashable>(
        _ name: String, limit: Int = 100, required: Bool = false, rule: String,
        _ parse: (JSONValue) -> Element?
    ) -> [Element]? {
        guard let member = member(name, required: required) else { return required ? nil : [] }
        guard case .array(let values) = member, values.count <= limit, !required || !values.isEmpty else {
            fault(name, "Must be a list of \(required ? 1 : 0) to \(limit), each \(rule).")
            return nil
        }
        var elements: [Element] = []
        for (index, value) in values.enumerated() {
            guard let element = parse(value) else {
                fault("\(name)", index: index, "Must be \(rule).")
                continue
            }
            if !elements.contains(element) { elements.append(element) }
        }
        return elements
    }

    package mutating func choices<Choice: RawRepresentable<String> & CaseIterable & Hashable>(
        _ name: String, required: Bool = false
    ) -> [Choice]? {
        let rule = "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))"
        return list(name, required: required, rule: rule) { value in
            guard case .string(let text) = value else { return nil }
            return Choice(rawValue: text)
        }
    }

    /// A member that is an object, read by `read`; its faults join these.
    package mutating func object<Value>(
        _ name: String, required: Bool = false, _ read: (inout ObjectInput) -> Value
    ) -> Value? {
        guard let member = member(name, required: required) else { return nil }
        var inner = ObjectInput(member, at: place(name))
        let value = read(&inner)
        inner.collectUnknown()
        faults += inner.faults
        return inner.faults.isEmpty ? value : nil
    }

    /// A member that is a list of objects, each read by `read`; absent is empty.
    package mutating func objects<Value>(
        _ name: String, limit: Int = 100, required: Bool = false, _ read: (inout ObjectInput) -> Value?
    ) -> [Value] {
        guard let member = member(name, required: required) else { return [] }
        guard case .array(let values) = member, values.count <= limit, !required || !values.isEmpty else {
            fault(name, "Must be a list of \(required ? 1 : 0) to \(limit) objects.")
            return []
        }
        return values.enumerated().compactMap { index, value in
            var inner = ObjectInput(value, at: "\(place(name))/\(index)")
            let element = read(&inner)
            inner.collectUnknown()
            faults += inner.faults
            return element
        }
    }

    private mutating func fault(_ name: String, index: Int, _ detail: String) {
        faults.append(Fault("\(place(name))/\(index)", "malformed", detail))
    }

}

/// Whether a text says something, is short enough (in code points, as in JSON Schema and PostgreSQL), and has no control characters but line breaks and tabs.
func isText(_ text: String, limit: Int) -> Bool {
    let isPlain = text.utf8.allSatisfy { byte in
        byte >= 0x20 && byte != 0x7f || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
    }
    let saysSomething = text.contains { !$0.isWhitespace }
    return saysSomething && text.unicodeScalars.count <= limit && isPlain
}

extension String {
    /// The name of a member as a part of a pointer (RFC 6901, 3).
    var pointerToken: String { replacing("~", with: "~0").replacing("/", with: "~1") }
}

extension JSONValue {
    /// An area's id by its form: `se`, `se-05`, `se-0583`.
    var areaID: String? {
        guard case .string(let text) = self,
            Country(rawValue: String(decoding: text.utf8.prefix(2), as: UTF8.self)) != nil
        else { return nil }
        let number = text.utf8.dropFirst(3)
        let hasNumber = (2...4).contains(number.count) && Int(digits: number) != nil
        return text.utf8.count == 2 || hasNumber && text.utf8.dropFirst(2).first == UInt8(ascii: "-")
            ? text : nil
    }

    fileprivate func localised(limit: Int) -> LocalisedText? {
        if case .string(let text) = self {
            return isText(text, limit: limit) ? LocalisedText([.sv: text]) : nil
        }
        guard case .object(let members) = self, !members.isEmpty else { return nil }
        var texts: [Language: String] = [:]
        for (name, value) in members {
            if value == .null { continue }
            guard let language = Language(rawValue: name), case .string(let text) = value,
                isText(text, limit: limit)
            else { return nil }
            texts[language] = text
        }
        return texts.isEmpty ? nil : LocalisedText(texts)
    }

    var slug: String? {
        guard case .string(let text) = self, Slug.isValid(text) else { return nil }
        return text
    }

    var languageCode: String? {
        guard case .string(let text) = self, text.wholeMatch(of: /[a-z]{2,3}/) != nil else { return nil }
        return text
    }

    fileprivate var webAddress: String? {
        guard case .string(let text) = self, text.unicodeScalars.count <= 500,
            !text.contains(where: \.isWhitespace),
            text.wholeMatch(of: /https?:\/\/[^\/]+.*/) != nil
        else { return nil }
        return text
    }
}
