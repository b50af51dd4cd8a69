internal import Curation
internal import Diagnostics
internal import Documents
internal import Records
internal import StageKit

/// Sizes by side and stratum, and what the check for leaks found.
struct SplitReport {
  static let sides: [(side: SplitPlan.Side, name: String)] = [
    (.train, "train"), (.validation, "validation"), (.test, "test"),
  ]
  /// Strata listed in the page.
  private static let listedMax = 200

  private let corpus: SplitCorpus
  private let plan: SplitPlan
  private let parameters: SplitParameters
  private let wanted: (validation: Int, test: Int)
  private let hasClusters: Bool
  private let planned: [Int]
  private let strata: [(name: String, counts: [Int])]
  /// After writing.
  var writer: SplitWriter?

  init(
    _ corpus: SplitCorpus, _ plan: SplitPlan, _ parameters: SplitParameters,
    _ wanted: (validation: Int, test: Int), hasClusters: Bool
  ) {
    self.corpus = corpus
    self.plan = plan
    self.parameters = parameters
    self.wanted = wanted
    self.hasClusters = hasClusters
    var planned = [0, 0, 0]
    var counts = Array(repeating: [0, 0, 0], count: corpus.rows.strataNames.count)
    for (side, stratum) in zip(plan.sides, corpus.rows.strata) {
      planned[side.rawValue] += 1
      counts[Int(stratum)][side.rawValue] += 1
    }
    self.planned = planned
    strata = zip(corpus.rows.strataNames.names, counts)
      .sorted { $0.0.lexicographicallyPrecedes($1.0) }.map { (Self.shown($0.0), $0.1) }
  }

  /// One text as it is, anything else as JSON.
  private static func shown(_ name: [UInt8]) -> String {
    if let text = (try? JSONReader.parse(name, file: "column"))?.stringValue { return text }
    return String(decoding: name, as: UTF8.self)
  }

  private func wanted(_ side: SplitPlan.Side) -> Int {
    switch side {
    case .train: corpus.rows.count - wanted.validation - wanted.test
    case .validation: wanted.validation
    case .test: max(wanted.test, corpus.rows.goldCount)
    }
  }

  /// Strata without a row on a side that was asked for.
  private var rare: Int {
    if parameters.stratifyBy.isEmpty { return 0 }
    return strata.count { stratum in
      Self.sides.contains { wanted($0.side) > 0 && stratum.counts[$0.side.rawValue] == 0 }
    }
  }

  /// - Throws: ``Failure`` when a side that was asked for is empty.
  func check() throws {
    for (side, name) in Self.sides where wanted(side) > 0 && planned[side.rawValue] == 0 {
      throw Diagnostic(
        "split.empty-side",
        "no row fits '\(name)': the \(corpus.rows.count) rows form \(plan.unitCount) groups that "
          + "must stay together",
        fix: side == .train
          ? "lower 'test_size' and 'validation_size', or give it more independent rows"
          : "raise '\(name)_size', or give it more independent rows"
      ).failure(.badInput)
    }
  }

  /// - Throws: ``Failure`` when rows are known on another side and `on_leak` is refuse.
  func checkLeaks() throws {
    let leaks = writer?.counts.reduce(0) { $0 + $1.leaks } ?? 0
    guard parameters.onLeak == .refuse, leaks > 0 else { return }
    throw Diagnostic(
      "split.leak",
      "\(leaks) rows of train or validation have a near-duplicate (Jaccard "
        + "\(parameters.leakThreshold) or more) on a side held out",
      fix: "run minhash_dedup before and give its clusters, or set 'on_leak: drop'"
    ).failure(.badInput)
  }

  /// What the user should know though the stage goes on.
  func warn(_ context: StageContext) {
    func warn(_ code: String, _ message: String, _ fix: String) {
      context.warn(Diagnostic(code, message, fix: fix, severity: .warning))
    }
    let rows = corpus.rows.count
    // D20: under 200 rows a model memorises, under 500 tuning is not advised.
    if rows < 500 {
      warn(
        "split.few-rows",
        rows < 200
          ? "\(rows) rows: under 200 a model learns them by heart"
          : "\(rows) rows: under 500 tuning seldom pays",
        "collect more rows; 500 to 2,000 good ones teach a style or format")
    }
    if rare > 0 {
      warn(
        "split.rare-strata",
        "\(rare) of \(strata.count) strata are missing on a side: they have too few rows",
        "collect more rows of them; the report lists them")
    }
    if let writer, parameters.onLeak != .refuse {
      let leaks = writer.counts.reduce(0) { $0 + $1.leaks }
      if leaks > 0 {
        warn(
          "split.leak",
          "\(leaks) rows say what a row held out says"
            + (parameters.onLeak == .drop ? " and were dropped" : ""),
          "run minhash_dedup before, and give its clusters to keep such rows on one side")
      }
    }
  }

  var json: JSONValue {
    let counts = writer?.counts ?? []
    func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }
    return .object([
      "formatVersion": 2,
      "rows": number(corpus.rows.count),
      "gold_rows": number(corpus.rows.goldCount),
      "gold_repeats": number(writer?.goldRepeats ?? 0),
      "units": number(plan.unitCount),
      "sides": .object(
        Self.sides.map { side, name in
          JSONMember(
            name,
            .object([
              "rows": number(counts[side.rawValue].rows), "planned": number(planned[side.rawValue]),
              "wanted": number(wanted(side)),
              "near_duplicates": number(counts[side.rawValue].leaks),
            ]))
        }),
      "folds": .array((writer?.foldRows ?? []).map(number)),
      "seed": number(parameters.seed),
      "stratify_by": .array(parameters.stratifyBy.map { .string($0) }),
      "group_by": .array(parameters.groupBy.map { .string($0) }),
      "by_time": parameters.byTime.map { .string($0) } ?? .null,
      "unlabelled_rows": number(corpus.unlabelled),
      "leak_check": .string(leakCheck),
      "leak_threshold": .number(parameters.leakThreshold),
      "on_leak": .string(parameters.onLeak.rawValue),
      "leak_index_bytes": number(writer?.leaks?.byteCount ?? 0),
      "strata": .array(
        strata.map { stratum in
          .object([
            "stratum": .string(stratum.name), "train": number(stratum.counts[0]),
            "validation": number(stratum.counts[1]), "test": number(stratum.counts[2]),
          ])
        }),
    ])
  }

  private var leakCheck: String {
    if writer?.leaks != nil { return "near" }
    return hasClusters ? "clusters" : "exact"
  }

  var markdown: [String] {
    let counts = writer?.counts ?? []
    var lines = [
      "# Split", "",
      "\(corpus.rows.count) rows in \(plan.unitCount) units that stay together (equal contents, "
        + "clusters, groups).", "",
      "| side | rows | planned | wanted | near-duplicates of a side held out |",
      "|---|---:|---:|---:|---:|",
    ]
    lines += Self.sides.map { side, name in
      "| \(name) | \(counts[side.rawValue].rows) | \(planned[side.rawValue]) | \(wanted(side)) "
        + "| \(side == .test ? "" : String(counts[side.rawValue].leaks)) |"
    }
    if let folds = writer?.foldRows, !folds.isEmpty {
      lines += ["", "Rows validated by fold: \(folds.map(String.init).joined(separator: ", "))."]
    }
    if corpus.rows.goldCount > 0 {
      lines += [
        "",
        "\(corpus.rows.goldCount) gold rows are in test; \(writer?.goldRepeats ?? 0) rows that are "
          + "among them were left out.",
      ]
    }
    lines += ["", leakSentence, "The test rows are sealed: training on them is refused."]
    if rare > 0 {
      lines += ["", "\(rare) strata are missing on a side: they have too few rows."]
    }
    if !parameters.stratifyBy.isEmpty {
      lines += ["", "| stratum | train | validation | test |", "|---|---:|---:|---:|"]
      lines += strata.prefix(Self.listedMax).map {
        "| \(ReportFolder.cell($0.name)) | \($0.counts[0]) | \($0.counts[1]) | \($0.counts[2]) |"
      }
      if strata.count > Self.listedMax {
        lines += ["", "and \(strata.count - Self.listedMax) more strata"]
      }
    }
    return lines
  }

  private var leakSentence: String {
    switch leakCheck {
    case "near":
      let fate =
        switch parameters.onLeak {
        case .drop: "were dropped (changes.jsonl names them and what they are like)"
        case .keep: "stay where they are"
        case .refuse: "would have been refused"
        }
      return "Checked across sides: equal contents (always on one side) and near-duplicates, word "
        + "5-shingles with a Jaccard similarity of \(parameters.leakThreshold) or more, compared "
        + "exactly; those found \(fate)."
    case "clusters": return "Equal contents and clusters are on one side each."
    default: return "Equal contents are on one side; near-duplicates were not looked for."
    }
  }
}
