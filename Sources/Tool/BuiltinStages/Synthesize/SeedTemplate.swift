internal import Diagnostics
internal import Documents

/// A text with `{{ name }}` in it.
struct SeedTemplate: Sendable {
  private enum Part: Sendable {
    case text(String)
    case name(String)
  }

  private let parts: [Part]

  /// - Throws: ``Failure`` of class `badInput` for `{{` without `}}`, or a name that is none.
  init(_ text: String) throws {
    var parts: [Part] = []
    var rest = text[...]
    while let open = rest.firstRange(of: "{{") {
      parts.append(.text(String(rest[..<open.lowerBound])))
      rest = rest[open.upperBound...]
      guard let close = rest.firstRange(of: "}}") else {
        throw Diagnostic("synthesize.template", "holds '{{' without '}}'").failure(.badInput)
      }
      let name = rest[..<close.lowerBound].split(separator: " ").joined(separator: " ")
      guard !name.isEmpty, !name.contains("\n") else {
        throw Diagnostic(
          "synthesize.template", "holds '{{ }}' around what is no name",
          fix: "write {{ prompt }}, {{ answer }}, {{ examples }} or the name of a column"
        ).failure(.badInput)
      }
      parts.append(.name(name))
      rest = rest[close.upperBound...]
    }
    parts.append(.text(String(rest)))
    self.parts = parts
  }

  /// The columns it names.
  var columns: [String] {
    parts.compactMap { part in
      if case .name(let name) = part, !["prompt", "answer", "examples"].contains(name) {
        return name
      }
      return nil
    }
  }

  /// The text for a seed, with `examples` for the seeds shown.
  func text(_ seed: RowPrompt, examples: [RowPrompt]) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .name("prompt"): seed.question
      case .name("answer"): seed.answer ?? ""
      case .name("examples"): Self.list(examples)
      case .name(let name): Self.column(seed.fields.first { $0.key == name }?.value)
      }
    }.joined()
  }

  private static func column(_ value: JSONValue?) -> String {
    guard let value, !value.isNull else { return "" }
    return value.stringValue ?? JSONWriter.compact(value)
  }

  /// A line of JSON for each seed, in the form that is asked for.
  private static func list(_ seeds: [RowPrompt]) -> String {
    seeds.map { seed in
      var members = [JSONMember("prompt", .string(seed.question))]
      if let answer = seed.answer { members.append(JSONMember("answer", .string(answer))) }
      return JSONWriter.compact(.object(members))
    }.joined(separator: "\n")
  }
}
