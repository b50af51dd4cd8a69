internal import Diagnostics
internal import Documents

/// The stages of an imported pipeline, and how they are written.
struct AxolotlPipelineText {
  struct Stage {
    var name: String
    var kind: String
    /// By port: a stage, or a path.
    var inputs: [(port: String, source: String)]
    /// In YAML.
    var parameters: [(key: String, value: String)]
  }

  var name = "axolotl"
  var stages: [Stage] = []

  func pipeline(
    file: String, expected: [(path: String, what: String)], findings: [AxolotlFinding]
  ) -> String {
    var lines = [
      "# Written by 'orchestrate import axolotl' from \(SafeText.escaped(file, limit: 200))."
    ]
    if !expected.isEmpty {
      lines += ["#", "# It expects:"]
      lines += expected.map { "#   \($0.path): \($0.what)" }
    }
    let left = findings.filter { [.notSupported, .unknown].contains($0.verdict) }
    if !left.isEmpty {
      lines += ["#", "# Not carried:"]
      lines += left.map {
        "#   line \($0.span.line), \(SafeText.escaped($0.key, limit: 80)): \($0.text)"
      }
    }
    lines.append("name: \(Self.scalar(name))")
    lines.append("stages:")
    for stage in stages {
      lines += ["  \(stage.name):", "    uses: \(stage.kind)"]
      if !stage.inputs.isEmpty {
        let inputs = stage.inputs.map { "\($0.port): \(Self.scalar($0.source))" }
        lines.append("    inputs: { \(inputs.joined(separator: ", ")) }")
      }
      if !stage.parameters.isEmpty { lines.append("    with:") }
      lines += stage.parameters.map { parameter in
        // A list of sources begins on the next line.
        let gap = parameter.value.first == "\n" ? "" : " "
        return "      \(parameter.key):\(gap)\(parameter.value)"
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A text as YAML: plain where nothing can be read into it, else in double quotes.
  static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0 & 0xDF) || "_./-*+".utf8.contains($0)
      } && text.utf8.first.map { !"-*".utf8.contains($0) } == true
      && !["null", "true", "false", "yes", "no", "on", "off", "~", "."].contains(text.lowercased())
    return isPlain ? text : JSONWriter.compact(.string(text))
  }

  /// The number of a text such as `500_000`, which YAML 1.1 reads as one.
  static func grouped(_ text: String) -> String? {
    guard text.utf8.contains(UInt8(ascii: "_")),
      text.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: "_") }),
      text.utf8.first.map({ (49...57).contains($0) }) == true
    else { return nil }
    return text.split(separator: "_").joined()
  }

  /// A value as YAML in flow style; a plain scalar stays as it was written.
  static func flow(_ node: Node) -> String {
    switch node.content {
    case .scalar(let scalar):
      if node.isNull { return "null" }
      if let flag = CoreSchema.bool(node) { return flag ? "true" : "false" }
      if scalar.isPlain, CoreSchema.number(node) != nil { return scalar.text }
      if scalar.isPlain, let number = grouped(scalar.text) { return number }
      let text = Self.scalar(scalar.text)
      // A quoted number stays a text.
      return !scalar.isPlain && text == scalar.text && CoreSchema.number(text: text) != nil
        ? "\"\(text)\"" : text
    case .sequence(let items): return "[" + items.map(flow).joined(separator: ", ") + "]"
    case .mapping(let entries):
      if entries.isEmpty { return "{}" }
      return "{ "
        + entries.map { "\(Self.scalar($0.name)): \(flow($0.value))" }.joined(separator: ", ")
        + " }"
    }
  }
}
