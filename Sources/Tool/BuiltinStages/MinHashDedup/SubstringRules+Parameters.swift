internal import Curation
internal import Documents
internal import StageKit

extension SubstringRules {
  /// Reads the mapping `substring`; nil when it is left out.
  init?(_ read: inout ParameterReader) {
    guard
      let node = read.open(
        "substring", expected: "a mapping",
        help: "Passages that rows repeat: min_words (default 50) and action (cut or drop_row).")
    else { return nil }
    var inner = ParameterReader(node, owner: MinHashDedup.kind.name, path: "substring.")
    let words = inner.integer(
      "min_words", default: 50, in: 5...10_000, help: "Words a repeated passage has at least.")
    let action = inner.choice(
      "action", default: Action.cut,
      help: "cut takes the passage out of all rows but the first; drop_row drops these rows.")
    inner.finish()
    read.report(inner.diagnostics)
    self.init(minWords: max(2, words), action: action)
  }
}
