internal import Curation
internal import Diagnostics
internal import Documents
package import StageKit

package struct MixParameters: StageParameters {
  /// What shares are measured by.
  enum Unit: String, CaseIterable {
    case rows
    /// Bytes of UTF-8 of all texts of a row.
    case characters
    /// Tokens of a row as the model at the input ``modelPort`` is trained on it.
    case tokens
  }

  static let modelPort = "model"

  struct Source: Sendable {
    var name: String
    var ratio: Double
  }

  let sources: [Source]
  let unit: Unit
  let stop: MixPlan.Stop
  let rowsMax: Int?
  let sourceColumn: String?
  let weightBy: String?
  let weights: [(name: String, value: Double)]
  let seed: Int

  package init(_ read: inout ParameterReader) {
    sources = Self.sources(&read)
    unit = read.choice(
      "unit", default: Unit.rows,
      help:
        "What ratios are shares of: rows, characters (bytes of text), or tokens as the model at "
        + "the input 'model' is trained on them.")
    if unit == .tokens, sources.contains(where: { $0.name == Self.modelPort }) {
      read.problem(
        "sources", "with 'unit: tokens' the input 'model' is the model that counts them",
        fix: "give the source another name")
    }
    stop = read.choice(
      "stop", default: MixPlan.Stop.firstExhausted,
      help: "When the mixture ends; all_exhausted repeats the smaller sources.")
    rowsMax = read.optionalInteger(
      "max_rows", in: 1...1_000_000_000_000, help: "At most so many rows.")
    sourceColumn = read.optionalString(
      "source_column", help: "Writes the name of the source into this column: 'source'.")
    weightBy = read.optionalString("weight_by", help: "The column of tags that 'weights' names.")
    weights = read.numbers(
      "weights", in: 0...100, help: "How often rows of a tag count: '{hard: 2, easy: 0.5}'.")
    seed = read.integer("seed", default: 1, in: 0...Int.max, help: "Seed of the samples.")
    if weightBy == nil, !weights.isEmpty {
      read.problem("weights", "no column is named", fix: "add 'weight_by:' with the column of tags")
    }
  }

  private static func sources(_ read: inout ParameterReader) -> [Source] {
    let node = read.open(
      "sources", expected: "a mapping of input names to their shares",
      help: "Inputs and their shares: '{support: {ratio: 0.9}, general: {ratio: 0.1}}', or "
        + "'{support: 9, general: 1}'. Each is an input of that name.")
    guard let node else {
      read.problem(
        "sources", "no source is named", fix: "write 'sources: {support: 0.9, general: 0.1}'")
      return []
    }
    var found: [Diagnostic] = []
    func problem(_ message: String, _ node: Node) {
      found.append(Diagnostic("spec.parameter", "sources: \(message)", at: node.span))
    }
    var sources: [Source] = []
    if node.mapping == nil { problem("\(node.kindName), expected a mapping of names", node) }
    for entry in node.mapping ?? [] {
      let name = SafeText.escaped(entry.name, limit: 60)
      for member in entry.value.mapping ?? [] where member.name != "ratio" {
        problem("'\(name)' has no '\(SafeText.escaped(member.name))', it takes ratio", member.key)
      }
      let value = entry.value.mapping == nil ? entry.value : entry.value["ratio"]
      guard let value, let ratio = CoreSchema.number(value), ratio > 0, ratio <= 1e9 else {
        problem("'\(name)' needs a ratio above 0", entry.value)
        continue
      }
      sources.append(Source(name: entry.name, ratio: ratio))
    }
    if let mapping = node.mapping, mapping.isEmpty || mapping.count > 255 {
      problem("\(mapping.count) sources, expected 1 to 255", node)
    }
    read.report(found)
    return sources
  }
}
