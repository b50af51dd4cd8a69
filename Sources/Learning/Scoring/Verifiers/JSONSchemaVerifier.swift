private import Documents

/// An answer that is JSON of a given form.
package struct JSONSchemaVerifier: Verifier {
  package static let name = "json_schema"
  package static let summary = "The answer is JSON that a schema accepts."
  package static let options = [
    AnswerPart.option,
    VerifierOption("schema", "A JSON Schema (draft 2020-12, local references only)."),
    VerifierOption("fences", "Whether a ``` fence around it is taken off; default false."),
    VerifierOption("partial", "The score of valid JSON that the schema refuses; default 0."),
  ]

  private let reader: JSONAnswer
  private let schema: JSONSchema
  private let partial: Double

  package init(_ settings: VerifierSettings) throws {
    reader = try JSONAnswer(settings)
    partial = try settings.number("partial", default: 0, in: 0...1)
    guard let document = settings.value("schema") else {
      throw settings.problem("schema", "is missing")
    }
    schema = try JSONSchema(document)
  }

  package func verify(_ attempt: Attempt) -> Verification {
    guard let answer = reader.read(attempt.completion) else {
      return Verification(0, "json_schema.no-answer")
    }
    guard let value = answer else { return Verification(0, "json_schema.invalid-json") }
    guard let violation = schema.violation(in: value) else {
      return Verification(1, "json_schema.valid")
    }
    return Verification(partial, "json_schema.\(violation.keyword)")
  }
}
