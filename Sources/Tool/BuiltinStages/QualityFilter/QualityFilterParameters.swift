internal import Curation
internal import Diagnostics
internal import Documents
package import StageKit
internal import Tokenization

package struct QualityFilterParameters: StageParameters {
  let ruleSets: [QualityRuleSet]
  let instruction: InstructionRules?
  let field: TextChoice
  let minCharacters: Int?
  let maxCharacters: Int?
  let mustMatch: TextPattern?
  let mustNotMatch: TextPattern?
  let answerJSON: Bool
  let removesLines: Bool
  let recordsSignals: Bool
  let writesSignals: Bool

  private static let instructionName = "instruction"

  package init(_ read: inout ParameterReader) {
    let known = [Self.instructionName] + QualityRuleSet.all.map(\.name)
    let names = read.strings(
      "rules", default: [Self.instructionName],
      help: "Rule sets in the order they are asked: \(known.joined(separator: ", ")).")
    for name in names where !known.contains(name) {
      let nearest = NearestName.suggestion(for: name, among: known)
      read.problem(
        "rules", "'\(SafeText.escaped(name))' is no rule set of this version",
        fix: nearest.map { "did you mean '\($0)'?" }
          ?? "it knows \(known.joined(separator: ", "))")
    }
    field = TextChoice(
      read.string(
        "field", default: "assistant",
        help: "What the rule sets and length limits look at: all, assistant (the text of rows that "
          + "have no turns), prompt, or a column."))
    var sets: [QualityRuleSet] = []
    for set in QualityRuleSet.all {
      let thresholds = Self.thresholds(&read, set.name, set.rules.map(\.key))
      if !names.contains(set.name), thresholds.isEmpty { continue }
      var set = set
      for index in set.rules.indices {
        if let value = thresholds[set.rules[index].key] { set.rules[index].threshold = value }
      }
      sets.append(set)
    }
    func place(_ set: QualityRuleSet) -> Int { names.firstIndex(of: set.name) ?? names.count }
    ruleSets = sets.enumerated()
      .sorted { (place($0.element), $0.offset) < (place($1.element), $1.offset) }.map(\.element)
    instruction = Self.instruction(&read, isNamed: names.contains(Self.instructionName))
    minCharacters = read.optionalInteger(
      "min_characters", in: 0...Int.max, help: "Characters of the field, at least.")
    maxCharacters = read.optionalInteger(
      "max_characters", in: 0...Int.max, help: "Characters of the field, at most.")
    mustMatch = Self.pattern(&read, "must_match", "Regular expression that the field must match.")
    mustNotMatch = Self.pattern(
      &read, "must_not_match", "Regular expression that the field must not match.")
    answerJSON = read.flag(
      "answer_json", default: false, help: "Whether every answer must be valid JSON.")
    removesLines = read.flag(
      "c4_remove_lines", default: false,
      help: "With rule set c4: also take the lines it refuses out of the field, as C4 does.")
    recordsSignals = read.flag(
      "record_signals", default: false,
      help: "Write all signals into the column quality_signals; a later quality_filter of the same "
        + "field compares those instead of measuring again.")
    writesSignals = read.flag(
      "signals_file", default: false, help: "Write the signals of every row to signals.jsonl.")
  }

  /// The numbers of a mapping of thresholds by key.
  private static func thresholds(
    _ read: inout ParameterReader, _ name: String, _ known: [String]
  ) -> [String: Double] {
    guard
      let node = read.open(
        name, expected: "a mapping of thresholds",
        help: "Thresholds of \(name) that differ from the published ones: "
          + "\(Array(Set(known)).sorted().joined(separator: ", ")).")
    else { return [:] }
    guard let entries = node.mapping else {
      read.problem(name, "expected a mapping of thresholds")
      return [:]
    }
    var values: [String: Double] = [:]
    for entry in entries {
      guard known.contains(entry.name) else {
        let nearest = NearestName.suggestion(for: entry.name, among: known)
        read.problem(
          name, "'\(SafeText.escaped(entry.name))' is no threshold of \(name)",
          fix: nearest.map { "did you mean '\($0)'?" }
            ?? "it has \(Array(Set(known)).sorted().joined(separator: ", "))")
        continue
      }
      guard let value = CoreSchema.number(entry.value), value.isFinite else {
        read.problem(name, "'\(entry.name)' is \(entry.value.kindName), expected a number")
        continue
      }
      values[entry.name] = value
    }
    return values
  }

  private static func instruction(_ read: inout ParameterReader, isNamed: Bool)
    -> InstructionRules?
  {
    let keys = [
      "min_answer_words", "min_truncated_characters", "max_repeated_ratio",
      "max_replacement_characters", "min_language_confidence", "min_language_characters",
      "drop_refusals",
    ]
    let values = thresholds(&read, instructionName, keys)
    guard isNamed || !values.isEmpty else { return nil }
    var rules = InstructionRules()
    func integer(_ key: String, _ fallback: Int) -> Int {
      values[key].map { Int(max(0, min(1e9, $0))) } ?? fallback
    }
    rules.answerWordsMin = integer(keys[0], rules.answerWordsMin)
    rules.truncatedCharactersMin = integer(keys[1], rules.truncatedCharactersMin)
    rules.repeatedMax = values[keys[2]] ?? rules.repeatedMax
    rules.replacementMax = integer(keys[3], rules.replacementMax)
    rules.languageConfidence = values[keys[4]] ?? rules.languageConfidence
    rules.languageCharactersMin = integer(keys[5], rules.languageCharactersMin)
    rules.dropsRefusals = values[keys[6]].map { $0 != 0 } ?? rules.dropsRefusals
    return rules
  }

  private static func pattern(_ read: inout ParameterReader, _ key: String, _ help: String)
    -> TextPattern?
  {
    guard let source = read.optionalString(key, help: help) else { return nil }
    do throws(TextPattern.Problem) {
      return try TextPattern(source)
    } catch {
      read.problem(key, "\(error.message) at character \(error.offset + 1) of the expression")
      return nil
    }
  }
}
