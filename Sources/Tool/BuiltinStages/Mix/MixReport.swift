internal import Curation
internal import Diagnostics
internal import Documents
internal import Records
internal import StageKit

/// What each source gave.
struct MixReport {
  private let parameters: MixParameters
  private let sources: [MixPlan.Source]
  /// Rows of each source in the mixture.
  private(set) var rows: [Int]
  /// The same by the unit of the shares.
  private let units: [Int]
  /// How often the rows of a source are there on average.
  private let rounds: [Double]

  init(_ parameters: MixParameters, _ sources: [MixPlan.Source], _ plan: MixPlan) {
    self.parameters = parameters
    self.sources = sources
    var rows = [Int](repeating: 0, count: sources.count)
    for source in plan.order { rows[Int(source)] += 1 }
    self.rows = rows
    units = sources.indices.map { index in
      plan.rows[index].prefix(rows[index]).reduce(0) { sum, row in
        sum + (sources[index].lengths.isEmpty ? 1 : Int(sources[index].lengths[Int(row)]))
      }
    }
    rounds = zip(rows, sources).map {
      $1.bits.isEmpty ? 0 : Double($0) / Double($1.bits.count)
    }
  }

  /// - Throws: ``Failure`` of class `badInput` when a source has no rows.
  func check() throws {
    for (source, rows) in zip(parameters.sources, sources) where rows.bits.isEmpty {
      throw Diagnostic(
        "mix.empty-source", "the source '\(SafeText.escaped(source.name))' has no rows",
        fix: "remove it from 'sources', or look at the report of the stage before it"
      ).failure(.badInput)
    }
  }

  func warn(_ context: StageContext) {
    // More than four passes over the same text bring little (Muennighoff et al. 2023, "Scaling
    // data-constrained language models").
    for (source, rounds) in zip(parameters.sources, rounds) where rounds > 4 {
      context.warn(
        Diagnostic(
          "mix.repeated",
          "the rows of '\(SafeText.escaped(source.name))' are repeated "
            + "\(Figures.decimal(rounds, 1)) times; beyond 4 they teach little",
          fix: "lower its ratio, or set 'stop: first_exhausted'", severity: .warning))
    }
  }

  /// D27: 5 to 15 % of general instructions keep a tuned model from forgetting.
  private var note: String? {
    let total = units.reduce(0, +)
    if total == 0 || sources.count < 2 {
      return "One source alone: 5 to 15 % of general instructions keep a model from forgetting "
        + "what it could do."
    }
    let hasGeneral = units.contains { unit in
      (0.05...0.15).contains(Double(unit) / Double(total))
    }
    return hasGeneral
      ? nil
      : "No source has a share of 5 to 15 %; that much of general instructions keeps a model from "
        + "forgetting what it could do."
  }

  var json: JSONValue {
    func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }
    let total = max(1, units.reduce(0, +))
    return .object([
      "formatVersion": 1,
      "rows_in": number(sources.reduce(0) { $0 + $1.bits.count }),
      "rows_out": number(rows.reduce(0, +)),
      "unit": .string(parameters.unit.rawValue),
      "stop": .string(parameters.stop.rawValue),
      "seed": number(parameters.seed),
      "weights": .object(parameters.weights.map { JSONMember($0.name, .number($0.value)) }),
      "sources": .array(
        parameters.sources.indices.map { index in
          .object([
            "source": .string(parameters.sources[index].name),
            "ratio": .number(parameters.sources[index].ratio),
            "rows_in": number(sources[index].bits.count), "rows_out": number(rows[index]),
            "units_out": number(units[index]),
            "share": .number(Double(units[index]) / Double(total)),
            "rounds": .number(rounds[index]),
          ])
        }),
      "note": note.map { .string($0) } ?? .null,
    ])
  }

  var markdown: [String] {
    let ratios = parameters.sources.reduce(0) { $0 + $1.ratio }
    let total = units.reduce(0, +)
    var lines = [
      "# Mixture", "",
      "\(rows.reduce(0, +)) rows of \(sources.count) sources; shares by "
        + "\(parameters.unit.rawValue), until \(parameters.stop.rawValue).", "",
      "| source | rows in | rows out | share | wanted | times each row | |",
      "|---|---:|---:|---:|---:|---:|:---|",
    ]
    lines += parameters.sources.indices.map { index in
      let source = parameters.sources[index]
      return
        "| \(ReportFolder.cell(source.name)) | \(sources[index].bits.count) | \(rows[index]) | "
        + "\(Figures.percent(units[index], of: total)) | "
        + "\(Figures.decimal(100 * source.ratio / ratios, 1)) % | "
        + "\(Figures.decimal(rounds[index], 2)) | \(Figures.bar(units[index], of: total)) |"
    }
    if let note { lines += ["", note] }
    return lines
  }
}
