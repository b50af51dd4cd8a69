internal import Curation
internal import Diagnostics
internal import Documents
internal import Records

/// Sizes by side and stratum, and the check that nothing is on two sides.
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
  private let strata: [(name: String, counts: [Int])]
  /// Keys that are on more than one side, by kind.
  private let leaks: (contents: Int, clusters: Int, groups: Int)

  init(
    _ corpus: SplitCorpus, _ plan: SplitPlan, _ parameters: SplitParameters,
    _ wanted: (validation: Int, test: Int)
  ) {
    self.corpus = corpus
    self.plan = plan
    self.parameters = parameters
    self.wanted = wanted
    var counts: [String: [Int]] = [:]
    for (item, side) in zip(corpus.items, plan.sides) {
      counts[item.stratum, default: [0, 0, 0]][side.rawValue] += 1
    }
    strata = counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { ($0.key, $0.value) }
    leaks = Self.leaks(corpus, plan)
  }

  /// - Throws: ``Failure`` when a side that was asked for is empty.
  func check() throws {
    precondition(leaks == (0, 0, 0), "the plan put rows that belong together on two sides")
    for (side, name) in Self.sides where wanted(side) > 0 && rows(side) == 0 {
      throw Diagnostic(
        "split.empty-side",
        "no row fits '\(name)': the \(corpus.items.count) rows form \(plan.unitCount) groups that "
          + "must stay together",
        fix: "raise '\(name)_size', or give it more independent rows"
      ).failure(.badInput)
    }
  }

  private func rows(_ side: SplitPlan.Side) -> Int { plan.sides.count { $0 == side } }

  private func wanted(_ side: SplitPlan.Side) -> Int {
    switch side {
    case .train: corpus.items.count - wanted.validation - wanted.test
    case .validation: wanted.validation
    case .test: wanted.test
    }
  }

  private static func leaks(_ corpus: SplitCorpus, _ plan: SplitPlan) -> (Int, Int, Int) {
    var sideOf: [String: SplitPlan.Side] = [:]
    var leaking: Set<String> = []
    for (item, side) in zip(corpus.items, plan.sides) {
      for key in item.keys {
        if let other = sideOf[key], other != side { leaking.insert(key) }
        sideOf[key] = side
      }
    }
    return (
      leaking.count { $0.hasPrefix("=") }, leaking.count { $0.hasPrefix("~") },
      leaking.count { $0.hasPrefix("@") }
    )
  }

  var json: JSONValue {
    .object([
      "formatVersion": 1,
      "rows": .integer(Int64(corpus.items.count)),
      "units": .integer(Int64(plan.unitCount)),
      "sides": .object(
        Self.sides.map { side, name in
          JSONMember(
            name,
            .object([
              "rows": .integer(Int64(rows(side))), "wanted": .integer(Int64(wanted(side))),
            ]))
        }),
      "seed": .integer(Int64(parameters.seed)),
      "stratify_by": .array(parameters.stratifyBy.map { .string($0) }),
      "group_by": .array(parameters.groupBy.map { .string($0) }),
      "unlabelled_rows": .integer(Int64(corpus.unlabelled)),
      "leaks": .object([
        "contents": .integer(Int64(leaks.contents)), "clusters": .integer(Int64(leaks.clusters)),
        "groups": .integer(Int64(leaks.groups)),
      ]),
      "strata": .array(
        strata.map { stratum in
          .object([
            "stratum": .string(stratum.name), "train": .integer(Int64(stratum.counts[0])),
            "validation": .integer(Int64(stratum.counts[1])),
            "test": .integer(Int64(stratum.counts[2])),
          ])
        }),
    ])
  }

  var markdown: [String] {
    var lines = [
      "# Split", "",
      "\(corpus.items.count) rows in \(plan.unitCount) units that stay together (equal contents, "
        + "clusters, groups).", "",
      "| side | rows | wanted |", "|---|---:|---:|",
    ]
    lines += Self.sides.map { "| \($0.name) | \(rows($0.side)) | \(wanted($0.side)) |" }
    lines += [
      "",
      "On more than one side: \(leaks.contents) contents, \(leaks.clusters) clusters, "
        + "\(leaks.groups) groups. The test rows are sealed: training on them is refused.",
    ]
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
}
