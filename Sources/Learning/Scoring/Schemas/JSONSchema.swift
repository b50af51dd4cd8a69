internal import Diagnostics
package import Documents
internal import Patterns

/// A JSON Schema (draft 2020-12): the keywords that describe values, checked when it is made and
/// bounded when it is used.
///
/// Understood: `type enum const`, `properties required additionalProperties patternProperties
/// propertyNames minProperties maxProperties`, `items prefixItems minItems maxItems uniqueItems`,
/// `minLength maxLength pattern`, `minimum maximum exclusiveMinimum exclusiveMaximum multipleOf`,
/// `allOf anyOf oneOf not`, `$ref` to places of the same document, true and false. Annotations
/// (`title`, `description`, `format`, …) are skipped. Any other keyword is an error: what is not
/// checked must not look checked.
package struct JSONSchema: Sendable {
  /// Checks of one value; a value that needs more is a violation of `$ref`.
  static let stepsMax = 1_000_000
  static let depthMax = 256

  var nodes: [Node] = []

  /// One schema of the document; others are named by their index.
  struct Node: Sendable {
    /// Nil: anything; false is written as the empty list.
    var types: [String]?
    var values: [JSONValue]?
    var reference: Int?
    var properties: [(key: String, node: Int)] = []
    var patterns: [(pattern: Pattern, node: Int)] = []
    var additional: Int?
    var propertyNames: Int?
    var required: [String] = []
    var prefix: [Int] = []
    var items: Int?
    var uniqueItems = false
    var pattern: Pattern?
    var multipleOf: Double?
    var limits = Limits()
    var allOf: [Int] = []
    var anyOf: [Int] = []
    var oneOf: [Int] = []
    var not: Int?
  }

  struct Limits: Sendable {
    var minimum: Double?
    var maximum: Double?
    var exclusiveMinimum: Double?
    var exclusiveMaximum: Double?
    var minLength: Int?
    var maxLength: Int?
    var minItems: Int?
    var maxItems: Int?
    var minProperties: Int?
    var maxProperties: Int?
  }

  /// - Throws: ``Failure`` of class `badInput` with the place (a JSON pointer) of what is wrong.
  package init(_ document: JSONValue) throws {
    var compiler = JSONSchemaCompiler(document)
    nodes = try compiler.compile()
  }

  /// Why a value is not of the schema; nil when it is.
  package struct Violation: Sendable, Hashable {
    /// The keyword that failed.
    package var keyword: String
    /// Where in the value, a JSON pointer (RFC 6901).
    package var pointer: String
  }

  /// The first violation in the order of the schema's checks.
  package func violation(in value: JSONValue) -> Violation? {
    var check = JSONSchemaCheck(nodes: nodes)
    let found = check.violation(0, value, "", depth: 0)
    return found ?? (check.wasCut ? Violation(keyword: "$ref", pointer: "") : nil)
  }
}
