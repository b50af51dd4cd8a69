internal import Diagnostics
internal import Evaluation
internal import Generation
internal import ModelFiles
internal import Records
internal import Reproducibility
internal import Scoring
internal import StageKit
internal import Tokenization

/// What a gate looks at beside the metrics: mistakes that make good numbers worthless.
struct GateChecks {
  struct Settings: Sendable {
    let leaks: Bool
    let leakedMax: Int
    let template: Bool
    let adapter: Bool
    let unendedMax: Double?

    init(_ read: inout ParameterReader) {
      leaks = read.flag(
        "check_leaks", default: true,
        help: "Whether test rows are looked for among the rows that the candidate was trained on.")
      leakedMax = read.integer(
        "max_leaked", default: 0, in: 0...Int.max, help: "Test rows that may be found there.")
      template = read.flag(
        "check_template", default: true,
        help: "Whether the candidate must have the baseline's chat template, where that has one, "
          + "and special tokens for all that it writes as such.")
      adapter = read.flag(
        "check_adapter", default: true,
        help: "Whether a candidate that is an adapter must change what its base expects.")
      unendedMax = read.optionalNumber(
        "max_unended", in: 0...1,
        help: "Share of answers at most that end for want of room, not by a stop.")
    }
  }

  let settings: Settings
  let context: StageContext

  /// Whether test rows are among those that the candidate was trained on; nothing where it is
  /// not known what these are.
  func leaks(_ test: [Row]) throws -> [RuleVerdict] {
    guard settings.leaks, !test.isEmpty else { return [] }
    let trained = context.input("candidate").trainedRows.map(\.tree)
    let given = context.optionalInput("train").map { [$0.tree] } ?? []
    guard !(trained + given).isEmpty else { return [] }
    var search = LeakSearch(test: test)
    for tree in trained + given {
      try search.search(RecordsReader(tree), context.pool) { try context.checkCancelled() }
    }
    return [search.verdict(allowed: settings.leakedMax)]
  }

  /// Whether the adapter that the candidate is does anything.
  func adapter(_ model: LanguageModelUnderTest) -> [RuleVerdict] {
    guard settings.adapter, let effect = model.adapterEffect else { return [] }
    let isFelt = effect.largest > 1e-6 * max(1, effect.logits)
    return [
      RuleVerdict(
        rule: "the adapter changes what its base expects", decision: isFelt ? .pass : .refused,
        sentence: isFelt
          ? "the adapter moves logits by up to \(Evaluation.Figures.number(Double(effect.largest)))"
          : "the adapter moves no logit of its base: the candidate is its base; was it trained, "
            + "and are its weights those that the training wrote?")
    ]
  }

  /// Whether the candidate writes conversations as the model it was made from.
  func template(_ candidate: ModelFolder, _ others: [(port: String, folder: ModelFolder)]) throws
    -> [RuleVerdict]
  {
    guard settings.template, let own = try ModelText.template(of: candidate) else { return [] }
    let rule = "the chat template is the model's"
    let tokenizer = try ModelText.tokenizer(of: candidate)
    let unknown = TemplateMarks.marks(in: own.source).filter { mark in
      tokenizer.encode(mark, addSpecialTokens: false, parseSpecial: true).count > 1
    }
    if !unknown.isEmpty {
      return [
        RuleVerdict(
          rule: rule, decision: .refused,
          sentence: "the candidate's chat template writes "
            + unknown.map { "'\(SafeText.escaped($0))'" }.joined(separator: ", ")
            + ", which its vocabulary does not have as one token: the template belongs to another "
            + "model")
      ]
    }
    for (port, folder) in others where port == "baseline" {
      guard let theirs = try ModelText.template(of: folder), theirs.source != own.source else {
        continue
      }
      return [
        RuleVerdict(
          rule: rule, decision: .refused,
          sentence: "the candidate's chat template differs from the baseline's "
            + "(\(Digest(of: own.source.utf8).short) and \(Digest(of: theirs.source.utf8).short)): "
            + "it was trained with another model's template; leave 'chat_template' out, or set "
            + "check_template: false where that is meant")
      ]
    }
    return [
      RuleVerdict(
        rule: rule, decision: .pass,
        sentence: "the candidate's chat template has tokens for all that it writes, and is the "
          + "baseline's where that has one")
    ]
  }

  /// Whether answers end.
  func endings(_ facts: GenerationFacts) -> [RuleVerdict] {
    guard let most = settings.unendedMax, facts.answers > 0 else { return [] }
    let share = Double(facts.unended) / Double(facts.answers)
    return [
      RuleVerdict(
        rule: "at most \(Evaluation.Figures.percent(most)) of answers without an end",
        decision: share <= most ? .pass : .refused,
        sentence: "\(facts.unended) of \(facts.answers) answers did not end by themselves, "
          + (share <= most ? "at most" : "more than") + " \(Evaluation.Figures.percent(most))")
    ]
  }
}

/// Texts in a chat template that look like special tokens.
enum TemplateMarks {
  /// `<|im_start|>` and the like: angle brackets with bars around a text without blanks or quotes.
  /// Other marks (`[INST]`, `</s>`, `<start_of_turn>`) are text to some models and tokens to others,
  /// and are not looked at.
  static func marks(in source: String) -> [String] {
    var found: [String] = []
    var rest = Substring(source)
    while let start = rest.firstIndex(where: { $0 == "<" }) {
      rest = rest[start...]
      guard let end = rest.prefix(40).firstIndex(of: ">") else {
        rest = rest.dropFirst()
        continue
      }
      let mark = String(rest[...end])
      if mark.hasPrefix("<|"), mark.hasSuffix("|>"), !mark.contains(" "), !mark.contains("'"),
        !mark.contains("\""), !mark.contains("{"), !found.contains(mark)
      {
        found.append(mark)
      }
      rest = rest.dropFirst()
    }
    return found
  }
}
