import Foundation
import Testing

@testable import DigidelAPI

/// `SchemaValidator`: each keyword finds what it is for, and says where.
struct SchemaValidatorTests {
    /// A document that holds schemas to refer to.
    private let document: OpenAPIDocument

    init() throws {
        document = try OpenAPIDocument(
            yaml: """
                paths: {}
                components:
                  schemas:
                    Slug: {type: string, pattern: '^[a-z-]+$'}
                    Tree:
                      type: object
                      properties: {of/trees: {type: array, items: {$ref: "#/components/schemas/Tree"}}}
                      additionalProperties: false
                """)
    }

    /// The places of the faults that a schema finds in a JSON value.
    private func pointers(_ schema: String, _ json: String) throws -> [String] {
        let value = try Node(json: Data(json.utf8))
        let faults = try SchemaValidator(document: document).faults(in: value, against: Node(yaml: schema))
        return faults.map(\.pointer)
    }

    @Test(arguments: [
        ("{type: integer}", "1.0", "1.5"), ("{type: number}", "1", "\"1\""), ("{type: boolean}", "true", "1"),
        ("{type: [string, \"null\"]}", "null", "false"), ("{type: array}", "[]", "{}"),
        ("{type: object}", "{}", "[]"), ("{enum: [a, \"no\", null, 1]}", "1.0", "\"b\""),
        ("{const: a}", "\"a\"", "\"b\""), ("{pattern: ^a+$}", "\"aa\"", "\"ab\""),
        ("{minLength: 2}", "\"åä\"", "\"å\""), ("{maxLength: 1}", "\"å\"", "\"åä\""),
        ("{minimum: 0}", "0", "-1"), ("{maximum: 0.5}", "0.5", "0.51"),
        ("{exclusiveMinimum: 0}", "0.1", "0"), ("{exclusiveMaximum: 1}", "0.9", "1"),
        ("{minItems: 1}", "[1]", "[]"), ("{maxItems: 1}", "[1]", "[1, 2]"),
        ("{uniqueItems: true}", "[1, 2]", "[1, 2, 1.0]"),
        ("{minProperties: 1}", "{\"a\": 1}", "{}"), ("{maxProperties: 0}", "{}", "{\"a\": 1}"),
        ("{required: [a]}", "{\"a\": null}", "{}"), ("{format: date}", "\"2016-02-29\"", "\"2015-02-29\""),
        ("{format: date-time}", "\"2016-10-03T08:00:00.123456Z\"", "\"2016-10-03T08:00:00\""),
        ("{format: date-time}", "\"2016-10-03T23:59:60+02:00\"", "\"2016-10-03 08:00:00Z\""),
        ("{format: uuid}", "\"0192f0c5-7a1e-7cc3-8f7e-1f2a3b4c5d6e\"", "\"0192f0c5\""),
        ("{format: uri}", "\"https://a.se/b?c=d\"", "\"/b\""),
        ("{format: uri}", "\"a:b\"", "\"https://a b\""),
        ("{anyOf: [{type: string}, {minimum: 3}]}", "3", "2"),
        ("{oneOf: [{minimum: 3}, {maximum: 5}]}", "6", "4"),
        ("{allOf: [{minimum: 3}, {maximum: 5}]}", "4", "6"),
        ("{$ref: \"#/components/schemas/Slug\", maxLength: 3}", "\"a-b\"", "\"a-b-c\""),
    ])
    func keywordsTellRightFromWrong(schema: String, right: String, wrong: String) throws {
        #expect(try pointers(schema, right) == [])
        #expect(try pointers(schema, wrong).first == "")
    }

    @Test(arguments: [
        "{minLength: 2}", "{minimum: 2}", "{required: [a]}", "{format: uri}", "{items: {type: string}}",
    ])
    func keywordsIgnoreValuesOfOtherTypes(schema: String) throws {
        #expect(try pointers(schema, "true") == [])
    }

    @Test func everyFaultIsNamedWithItsPlace() throws {
        let schema = """
            type: object
            required: [id]
            additionalProperties: false
            properties:
              id: {type: string}
              tags: {type: array, items: {enum: [a, b]}}
              ages: {propertyNames: {pattern: '^[0-9-]+$'}, additionalProperties: {type: integer}}
            """
        let value = #"{"tags": ["a", "c"], "ages": {"0-17": 1, "old": 1, "18": true}, "x/y~z": 1}"#
        let found = try pointers(schema, value)
        #expect(Set(found) == ["", "/tags/1", "/ages/old", "/ages/18", "/x~1y~0z"])
        #expect(found.count == 5)
    }

    @Test func referencesMayBeRecursive() throws {
        let schema = "{$ref: \"#/components/schemas/Tree\"}"
        #expect(try pointers(schema, #"{"of/trees": [{"of/trees": []}, {}]}"#) == [])
        #expect(
            try pointers(schema, #"{"of/trees": [{"of/trees": [{"leaf": 1}]}]}"#) == [
                "/of~1trees/0/of~1trees/0/leaf"
            ])
    }

    @Test func theNearestAlternativeIsExplained() throws {
        let schema = "{oneOf: [{type: string}, {type: object, additionalProperties: false}]}"
        #expect(try pointers(schema, #"{"sv": 1, "en": 2}"#) == ["", ""])
        #expect(try pointers(schema, #"{"sv": 1}"#).count == 2)
    }

    @Test(arguments: [
        "{dependentRequired: {}}", "{items: {contains: 1}}", "{type: text}", "{format: email}",
        "{pattern: 1}",
        "{pattern: (}", "{required: a}", "{minimum: a}", "{properties: {a: {nullable: true}}}",
        "{oneOf: [{if: 1}]}",
        "{enum: a}", "{additionalProperties: a}",
    ])
    func whatCannotBeJudgedIsAnError(schema: String) throws {
        #expect(throws: (any Error).self) { try SchemaValidator.check(Node(yaml: schema)) }
    }

    @Test func unknownKeywordsAndReferencesAreErrorsWhenJudging() throws {
        #expect(throws: ContractError.self) { try pointers("{nullable: true}", "1") }
        #expect(throws: ContractError.self) { try pointers("{$ref: \"#/components/schemas/None\"}", "1") }
        #expect(throws: ContractError.self) { try pointers("{$ref: \"other.yaml#/a\"}", "1") }
    }
}
