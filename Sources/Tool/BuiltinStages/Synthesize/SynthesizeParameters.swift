internal import Diagnostics
internal import Documents
internal import Scoring
package import StageKit

/// Parameters of ``Synthesize``.
package struct SynthesizeParameters: StageParameters {
  enum Product: String, CaseIterable { case rows, answers }

  let sampling: SamplingParameters
  let make: Product
  /// Nil: the seed's own turns are asked.
  let template: SeedTemplate?
  let seedsPerPrompt: Int
  let schema: JSONSchema?
  let verifiers: VerifierParameters
  let humanShareMin: Double
  let keepsSeeds: Bool
  let endpoint: EndpointParameters
  let device: DeviceClass

  package init(_ read: inout ParameterReader) {
    make = read.choice(
      "make", default: Product.rows,
      help:
        "rows: the teacher writes new rows as JSON, an object or a list of objects with 'prompt' "
        + "and 'answer'; answers: it answers the seeds' own prompts.")
    let text = read.optionalString(
      "prompt",
      help:
        "What the teacher is asked: a text with {{ prompt }}, {{ answer }}, {{ examples }} (all "
        + "seeds of the request) and {{ column }} of the seed row.")
    seedsPerPrompt = read.integer(
      "seeds_per_prompt", default: 1, in: 1...50,
      help: "Seed rows shown in {{ examples }}: the row itself and others, drawn by its identity.")
    sampling = SamplingParameters(&read, samples: 1, in: 1...1024)
    let schemaNode = read.open(
      "schema", expected: "a mapping",
      help: "A JSON Schema that each object of the teacher must meet, for make: rows.")
    verifiers = VerifierParameters(
      &read, help: "What each answer must pass, with the columns of its row")
    humanShareMin = read.number(
      "min_human_share", default: 0.1, in: 0...1,
      help: "A warning is given where seeds that people wrote are a smaller part of seeds and made "
        + "rows together.")
    keepsSeeds = read.flag(
      "keep_seeds", default: false, help: "Put the seed rows before the made rows.")
    endpoint = EndpointParameters(&read, role: "the teacher")
    device = read.device(isUsed: endpoint.settings == nil)
    template = Self.template(text, &read)
    schema = Self.schema(schemaNode, &read)
    if make == .rows, text == nil {
      read.problem(
        "prompt", "is missing, and 'make: rows' asks by it",
        fix: "write what the teacher should make of {{ examples }}")
    }
    if make == .answers, schema != nil {
      read.problem(
        "schema", "make is 'answers', which are plain text",
        fix: "use the verifier { type: json_schema, schema: … }")
    }
  }

  private static func template(_ text: String?, _ read: inout ParameterReader) -> SeedTemplate? {
    guard let text else { return nil }
    do {
      return try SeedTemplate(text)
    } catch {
      let found = (error as? Failure)?.diagnostics.first
      read.problem("prompt", found?.message ?? "cannot be read", fix: found?.fix)
      return nil
    }
  }

  private static func schema(_ node: Node?, _ read: inout ParameterReader) -> JSONSchema? {
    guard let node else { return nil }
    do {
      return try JSONSchema(CoreSchema.json(node))
    } catch {
      let found = (error as? Failure)?.diagnostics.first
      read.problem("schema", found?.message ?? "cannot be read", fix: found?.fix)
      return nil
    }
  }
}
