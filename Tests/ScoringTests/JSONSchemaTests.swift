import Diagnostics
import Documents
import Scoring
import Testing

@Suite("JSONSchema")
struct JSONSchemaTests {
  static func json(_ text: String) throws -> JSONValue {
    try JSONReader.parse(Array(text.utf8), file: "test")
  }

  /// Schema, value, the violation as `keyword pointer`; nil: valid.
  static let cases: [(String, String, String?)] = [
    ("true", "1", nil), ("false", "1", "type "), ("{}", "null", nil),
    (#"{"type": "integer"}"#, "3", nil), (#"{"type": "integer"}"#, "3.0", nil),
    (#"{"type": "integer"}"#, "3.5", "type "), (#"{"type": "number"}"#, "3", nil),
    (#"{"type": ["string", "null"]}"#, "null", nil), (#"{"type": "boolean"}"#, "0", "type "),
    (#"{"enum": [1, "a", {"x": [1]}]}"#, #"{"x": [1.0]}"#, nil),
    (#"{"enum": [1, "a"]}"#, #""b""#, "enum "),
    (#"{"const": {"a": 1, "b": 2}}"#, #"{"b": 2, "a": 1}"#, nil),
    (#"{"minimum": 2}"#, "2", nil), (#"{"minimum": 2}"#, "1.9", "minimum "),
    (#"{"maximum": 2}"#, "2.1", "maximum "),
    (#"{"exclusiveMinimum": 2}"#, "2", "exclusiveMinimum "),
    (#"{"exclusiveMaximum": 2}"#, "2", "exclusiveMaximum "), (#"{"minimum": 2}"#, #""a""#, nil),
    (#"{"multipleOf": 0.1}"#, "0.3", nil), (#"{"multipleOf": 2}"#, "3", "multipleOf "),
    (#"{"minLength": 2}"#, #""é""#, "minLength "), (#"{"maxLength": 1}"#, #""🙂""#, nil),
    (#"{"maxLength": 1}"#, #""ab""#, "maxLength "),
    (#"{"pattern": "^a+$"}"#, #""aab""#, "pattern "),
    (#"{"pattern": "a"}"#, #""bab""#, nil),
    (#"{"required": ["a", "b"]}"#, #"{"a": 1}"#, "required "),
    (#"{"properties": {"a": {"type": "string"}}}"#, #"{"a": 1}"#, "type /a"),
    (
      #"{"properties": {"a": {}}, "additionalProperties": false}"#, #"{"a": 1, "b": 2}"#,
      "additionalProperties "
    ),
    (
      #"{"additionalProperties": {"type": "string"}}"#, #"{"a": "x", "b": {}}"#,
      "additionalProperties "
    ),
    (
      #"{"patternProperties": {"^x-": {"type": "integer"}}, "additionalProperties": false}"#,
      #"{"x-a": 1}"#, nil
    ),
    (#"{"patternProperties": {"^x-": {"type": "integer"}}}"#, #"{"x-a": "b"}"#, "type /x-a"),
    (#"{"propertyNames": {"maxLength": 2}}"#, #"{"abc": 1}"#, "propertyNames "),
    (#"{"minProperties": 1}"#, "{}", "minProperties "),
    (#"{"maxProperties": 0}"#, #"{"a": 1}"#, "maxProperties "),
    (#"{"items": {"type": "integer"}}"#, #"[1, 2, "x"]"#, "type /2"),
    (#"{"prefixItems": [{"type": "string"}], "items": false}"#, #"["a"]"#, nil),
    (#"{"prefixItems": [{"type": "string"}], "items": false}"#, #"["a", 1]"#, "type /1"),
    (#"{"minItems": 1}"#, "[]", "minItems "), (#"{"maxItems": 1}"#, "[1, 2]", "maxItems "),
    (#"{"uniqueItems": true}"#, "[1, 2, 1.0]", "uniqueItems "),
    (#"{"uniqueItems": true}"#, "[1, 2]", nil),
    (#"{"allOf": [{"minimum": 1}, {"maximum": 3}]}"#, "5", "maximum "),
    (#"{"anyOf": [{"type": "string"}, {"minimum": 3}]}"#, "4", nil),
    (#"{"anyOf": [{"type": "string"}, {"minimum": 3}]}"#, "2", "anyOf "),
    (#"{"oneOf": [{"minimum": 1}, {"minimum": 3}]}"#, "2", nil),
    (#"{"oneOf": [{"minimum": 1}, {"minimum": 3}]}"#, "4", "oneOf "),
    (#"{"not": {"type": "string"}}"#, #""a""#, "not "), (#"{"not": {"type": "string"}}"#, "1", nil),
    (##"{"$ref": "#/$defs/p", "$defs": {"p": {"minimum": 3}}}"##, "2", "minimum "),
    (##"{"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"type": "null"}}}"##, "null", nil),
    (
      ##"{"properties": {"next": {"$ref": "#"}, "v": {"type": "integer"}}}"##,
      ##"{"next": {"next": {"v": "x"}}}"##, "type /next/next/v"
    ),
    (##"{"$ref": "#"}"##, "1", "$ref "), (##"{"not": {"$ref": "#"}}"##, "1", "$ref "),
    (#"{"title": "t", "format": "email", "description": "d"}"#, #""x""#, nil),
    (#"{"properties": {"a/b~": {"type": "null"}}}"#, #"{"a/b~": 1}"#, "type /a~1b~0"),
  ]

  @Test("values are accepted and refused as the draft says", arguments: cases.indices)
  func validates(_ index: Int) throws {
    let (schema, value, expected) = Self.cases[index]
    let violation = try JSONSchema(Self.json(schema)).violation(in: Self.json(value))
    // A contradiction in terms has no answer; only that it ends as a refusal counts.
    if schema.contains(##""not": {"$ref": "#"}"##) {
      #expect(violation != nil)
    } else {
      #expect(violation.map { "\($0.keyword) \($0.pointer)" } == expected, "\(schema) \(value)")
    }
  }

  static let bad: [(String, String)] = [
    ("3", "the JSON schema at '#' is a number, expected an object, true or false"),
    (
      #"{"type": "text"}"#,
      "the JSON schema at '#/type' names the type 'text', expected one of array, boolean, integer, null, number, object, string"
    ),
    (#"{"if": {}}"#, "the JSON schema at '#/if' is a keyword that is not supported"),
    (
      #"{"$ref": "other.json"}"#,
      "the JSON schema at '#/$ref' must be a place of the same document, such as '#/$defs/name'"
    ),
    (
      ##"{"$ref": "#/$defs/x"}"##,
      "the JSON schema at '#/$ref' refers to '#/$defs/x', which is not there"
    ),
    (#"{"minLength": -1}"#, "the JSON schema at '#/minLength' must be an integer of at least 0"),
    (#"{"multipleOf": 0}"#, "the JSON schema at '#/multipleOf' must be above 0"),
    (#"{"anyOf": []}"#, "the JSON schema at '#/anyOf' must not be empty"),
    (
      #"{"properties": {"a": {"required": [1]}}}"#,
      "the JSON schema at '#/properties/a/required' must hold strings"
    ),
  ]

  @Test("a schema that cannot be checked is refused with its place", arguments: bad.indices)
  func errors(_ index: Int) throws {
    let (schema, message) = Self.bad[index]
    let json = try Self.json(schema)
    let failure = #expect(throws: Failure.self) { _ = try JSONSchema(json) }
    #expect(failure?.diagnostics.map(\.message) == [message])
  }

  @Test("a schema whose branches multiply ends")
  func bounded() throws {
    let schema = try JSONSchema(
      Self.json(
        ##"{"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"items": {"$ref": "#/$defs/a"}, "minItems": 1, "not": {}}, {"items": {"$ref": "#/$defs/a"}, "type": "array", "minItems": 2}]}}}"##
      ))
    let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
    #expect(try schema.violation(in: Self.json(deep)) != nil)
  }
}
