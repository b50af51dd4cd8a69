internal import Curation
internal import Diagnostics
internal import Documents
internal import Records
internal import StageKit

/// Classes before and after.
struct BalanceReport {
  private let corpus: BalanceCorpus
  private let decision: BalanceDecision
  private let parameters: BalanceParameters
  /// Classes in order of name.
  private let classes: [(name: String, before: Int, after: Int, target: Int)]
  private let unlabelled: Int
  private let copiedDuplicates: Int

  /// Classes listed in the page.
  private static let listedMax = 200

  init(_ corpus: BalanceCorpus, _ decision: BalanceDecision, _ parameters: BalanceParameters) {
    self.corpus = corpus
    self.decision = decision
    self.parameters = parameters
    let names = corpus.names.names
    classes = names.indices.sorted { names[$0].lexicographicallyPrecedes(names[$1]) }.map {
      (TagText.text(names[$0]), decision.before[$0], decision.after[$0], decision.targets[$0])
    }
    unlabelled = corpus.classes.count { $0 == .max }
    copiedDuplicates = decision.copiedDuplicates(corpus)
  }

  /// - Throws: ``Failure`` of class `badInput` for a removal or for copies that the user has to
  ///   allow.
  func check() throws {
    let dropped = decision.times.count { $0 == 0 }
    if !parameters.allowLargeRemoval, 2 * dropped > decision.times.count {
      let smallest = classes.filter { $0.before > 0 }.min { $0.before < $1.before }
      throw Diagnostic(
        "balance.large-removal",
        "\(dropped) of \(decision.times.count) rows would be left out, more than half"
          + (smallest.map { ": the smallest class has \($0.before) rows" } ?? ""),
        fix: "set 'method: oversample' or 'reference: median', raise 'max_class_ratio', or set "
          + "'allow_large_removal: true'"
      ).failure(.badInput)
    }
    if !parameters.allowDuplicates, copiedDuplicates > 0 {
      throw Diagnostic(
        "balance.copied-duplicates",
        "\(copiedDuplicates) rows to copy have near-duplicates in their class: copying them teaches "
          + "one example many times",
        fix: "balance the output 'kept' of minhash_dedup, or set 'allow_duplicates: true'"
      ).failure(.badInput)
    }
  }

  func warn(_ context: StageContext) {
    let short = classes.count { $0.after < $0.target }
    if parameters.weights.isEmpty, short > 0 {
      context.warn(
        Diagnostic(
          "balance.copies-end",
          "\(short) classes stay below what was wanted: no row is repeated more than "
            + "\(parameters.copiesMax) times",
          fix: "collect more rows of them, or raise 'max_copies'", severity: .warning))
    }
  }

  private static func ratio(_ counts: [Int]) -> Double? {
    let some = counts.filter { $0 > 0 }
    guard let least = some.min(), let most = some.max() else { return nil }
    return Double(most) / Double(least)
  }

  var json: JSONValue {
    func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }
    func ratio(_ counts: [Int]) -> JSONValue { Self.ratio(counts).map { .number($0) } ?? .null }
    return .object([
      "formatVersion": 1,
      "rows_in": number(decision.times.count),
      "rows_out": number(decision.total),
      "dropped": number(decision.times.count { $0 == 0 }),
      "copies": number(decision.copies),
      "unlabelled": number(unlabelled),
      "by": parameters.by.map { .string($0) } ?? .null,
      "method": .string(parameters.method.rawValue),
      "max_class_ratio": .number(parameters.ratioMax),
      "reference": .string(
        parameters.method == .undersample ? parameters.reference.rawValue : "largest"),
      "max_copies": number(parameters.copiesMax),
      "weights": .object(parameters.weights.map { JSONMember($0.name, .number($0.value)) }),
      "ratio_before": ratio(classes.map(\.before)),
      "ratio_after": ratio(classes.map(\.after)),
      "copied_duplicates": number(copiedDuplicates),
      "seed": number(parameters.seed),
      "classes": .array(
        classes.map {
          .object([
            "class": .string($0.name), "before": number($0.before), "after": number($0.after),
          ])
        }),
    ])
  }

  var markdown: [String] {
    var lines = [
      "# Balance", "",
      "\(decision.times.count) rows in, \(decision.total) out: "
        + "\(decision.times.count { $0 == 0 }) left out, \(decision.copies) copies.",
    ]
    if let by = parameters.by {
      let rule =
        parameters.method == .undersample
        ? "no class of '\(ReportFolder.cell(by))' has more than \(ValueText.number(parameters.ratioMax)) "
          + "times the rows of the \(parameters.reference.rawValue) one"
        : "no class of '\(ReportFolder.cell(by))' has fewer rows than the largest over "
          + "\(ValueText.number(parameters.ratioMax)), as far as \(parameters.copiesMax) times each row "
          + "goes"
      lines += ["", "Rule: \(rule)."]
      if let before = Self.ratio(classes.map(\.before)),
        let after = Self.ratio(classes.map(\.after))
      {
        lines += [
          "Largest to smallest class: \(Figures.ratio(before)) before, \(Figures.ratio(after)) after."
        ]
      }
      if unlabelled > 0 { lines += ["\(unlabelled) rows are in no class and went on."] }
      let most = classes.reduce(0) { max($0, max($1.before, $1.after)) }
      lines += ["", "| class | before | after | |", "|---|---:|---:|:---|"]
      lines += classes.prefix(Self.listedMax).map {
        "| \(ReportFolder.cell($0.name)) | \($0.before) | \($0.after) | "
          + "\(Figures.bar($0.after, of: most)) |"
      }
      if classes.count > Self.listedMax {
        lines += ["", "and \(classes.count - Self.listedMax) more classes"]
      }
    }
    if !parameters.weights.isEmpty {
      let weights = parameters.weights.map {
        "\(ReportFolder.cell($0.name)) \(ValueText.number($0.value))"
      }
      lines += ["", "Weights: \(weights.joined(separator: ", "))."]
    }
    return lines
  }
}
