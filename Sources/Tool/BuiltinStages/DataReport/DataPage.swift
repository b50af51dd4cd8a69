internal import Curation
internal import Documents
internal import StageKit

/// The page of a data report.
struct DataPage {
  private let facts: DataFacts
  private var profile: DataProfile { facts.profile }

  /// Values listed of a column.
  private static let listedMax = 30

  init(_ facts: DataFacts) { self.facts = facts }

  var lines: [String] {
    ["# Data report", ""] + summary + warnings + funnel
      + histogram("Tokens", profile.tokens, sequenceLength) + fertility
      + histogram("Characters", profile.characters, []) + labels + languages + entities + drift
  }

  private var summary: [String] {
    let rows = Figures.grouped(profile.rows)
    var lines = ["| | |", "|:---|---:|", "| rows | \(rows) |"]
    for (name, count) in profile.types.sorted {
      lines.append(
        "| of type \(String(decoding: name, as: UTF8.self)) | \(Figures.grouped(count)) |")
    }
    lines += [
      "| characters | \(Figures.grouped(profile.characters.sum)) |",
      "| words | \(Figures.grouped(profile.text.words)) |",
    ]
    if profile.tokens.count > 0 {
      lines += [
        "| tokens | \(Figures.grouped(profile.tokens.sum)) |",
        "| trained tokens | \(Figures.grouped(profile.trainedTokens)) "
          + "(\(Figures.percent(profile.trainedTokens, of: profile.tokens.sum))) |",
      ]
    }
    return lines + [
      "| rows equal to an earlier one | \(Figures.grouped(profile.repeatedRows)) |",
      "| rows that say what an earlier one says | \(Figures.grouped(profile.repeatedContents)) |",
    ]
  }

  private var warnings: [String] {
    facts.warnings.isEmpty
      ? []
      : ["", "## Look at this first", ""] + facts.warnings.map { "- \(ReportFolder.cell($0))" }
  }

  private var funnel: [String] {
    if facts.funnel.isEmpty { return [] }
    let most = facts.funnel.reduce(0) { max($0, max($1.rowsIn ?? 0, $1.rowsOut ?? 0)) }
    var lines = [
      "", "## From stage to stage", "", "| stage | rows in | rows out | lost | | why |",
      "|:---|---:|---:|---:|:---|:---|",
    ]
    for step in facts.funnel {
      let lost = (step.rowsIn ?? 0) - (step.rowsOut ?? 0)
      var why = step.dropped.map { "\(ReportFolder.cell($0.reason)) \(Figures.grouped($0.rows))" }
      if let changed = step.changed, changed > 0 {
        why.append("changed \(Figures.grouped(changed))")
      }
      lines.append(
        "| \(ReportFolder.cell(step.name)) | \(step.rowsIn.map(Figures.grouped) ?? "") "
          + "| \(step.rowsOut.map(Figures.grouped) ?? "") "
          + "| \(lost > 0 ? Figures.percent(lost, of: step.rowsIn ?? 0) : "") "
          + "| \(Figures.bar(step.rowsOut ?? 0, of: most)) | \(why.joined(separator: ", ")) |")
    }
    return lines
  }

  private func histogram(_ title: String, _ lengths: LengthHistogram, _ advice: [String])
    -> [String]
  {
    if lengths.count == 0 { return [] }
    var lines = [
      "", "## \(title) of a row", "",
      "Median \(Figures.grouped(lengths.quantile(0.5))), mean "
        + "\(Figures.decimal(lengths.mean, 1)), 95th percentile "
        + "\(Figures.grouped(lengths.quantile(0.95))), 99th "
        + "\(Figures.grouped(lengths.quantile(0.99))), longest \(Figures.grouped(lengths.max)).",
    ]
    lines += advice
    let bins = lengths.bins
    let most = bins.reduce(0) { max($0, $1.count) }
    lines += ["", "| up to | rows | share | |", "|---:|---:|---:|:---|"]
    lines += bins.map {
      "| \(Figures.grouped($0.upTo)) | \(Figures.grouped($0.count)) | "
        + "\(Figures.percent($0.count, of: lengths.count)) | \(Figures.bar($0.count, of: most)) |"
    }
    return lines
  }

  private var sequenceLength: [String] {
    guard let length = facts.sequenceLength else { return [] }
    let long = profile.tokens.countAbove(length)
    return [
      "",
      "`sequence_len: \(length)` holds 95 % of the rows (rounded up to a multiple of 64); "
        + (long == 0
          ? "none is longer." : "\(Figures.grouped(long)) rows are longer and would be dropped."),
    ]
  }

  /// D35: tokens that a text costs.
  private var fertility: [String] {
    if profile.tokens.count == 0 || profile.text.words == 0 { return [] }
    func line(_ name: String, _ tokens: Int, _ text: TextCounts) -> String {
      let perWord = Double(tokens) / Double(max(1, text.words))
      let perCharacter = Double(tokens) / Double(max(1, text.characters))
      return "| \(name) | \(Figures.decimal(perWord, 2)) | \(Figures.decimal(perCharacter, 2)) |"
    }
    return [
      "", "## What a text costs in tokens", "",
      "Above 1 token a character the tokenizer hardly knows the script; a base made for the "
        + "language learns it with less.", "",
      "| language | tokens a word | tokens a character |", "|:---|---:|---:|",
      line("all", profile.tokens.sum, profile.text),
    ]
      + facts.languages.prefix(Self.listedMax).map {
        line(ReportFolder.cell($0.code), $0.sums.tokens, $0.sums.text)
      }
  }

  private var labels: [String] {
    zip(facts.parameters.labels, profile.labels).flatMap { column, counts -> [String] in
      if counts.total == 0 { return [] }
      let sorted = counts.sorted
      let most = sorted.first?.count ?? 0
      var lines = [
        "", "## Values of '\(ReportFolder.cell(column))'", "",
        "\(Figures.grouped(counts.total)) rows in \(Figures.grouped(sorted.count)) classes; largest "
          + "to smallest \(Figures.ratio(Double(most) / Double(max(1, sorted.last?.count ?? 1)))).",
        "", "| value | rows | share | |", "|:---|---:|---:|:---|",
      ]
      lines += sorted.prefix(Self.listedMax).map {
        "| \(ReportFolder.cell(TagText.text($0.name))) | \(Figures.grouped($0.count)) | "
          + "\(Figures.percent($0.count, of: counts.total)) | \(Figures.bar($0.count, of: most)) |"
      }
      if sorted.count > Self.listedMax {
        lines += ["", "and \(Figures.grouped(sorted.count - Self.listedMax)) more"]
      }
      return lines
    }
  }

  private var languages: [String] {
    let found = facts.languages
    if found.isEmpty { return [] }
    let most = found.first?.sums.rows ?? 0
    return [
      "", "## Languages", "", "| language | rows | share | |", "|:---|---:|---:|:---|",
    ]
      + found.prefix(Self.listedMax).map {
        "| \(ReportFolder.cell($0.code)) | \(Figures.grouped($0.sums.rows)) | "
          + "\(Figures.percent($0.sums.rows, of: profile.rows)) | "
          + "\(Figures.bar($0.sums.rows, of: most)) |"
      }
  }

  private var entities: [String] {
    let found = facts.funnel.filter { !$0.entities.isEmpty }
    if found.isEmpty { return [] }
    return ["", "## Personal data found", "", "| stage | entity | found |", "|:---|:---|---:|"]
      + found.flatMap { step in
        step.entities.map {
          "| \(ReportFolder.cell(step.name)) | \(ReportFolder.cell($0.entity)) | "
            + "\(Figures.grouped($0.count)) |"
        }
      }
  }

  private var drift: [String] {
    if facts.drifts.isEmpty { return [] }
    func cell(_ value: Double?) -> String { value.map { Figures.decimal($0, 3) } ?? "" }
    let columns = facts.parameters.labels.map { ReportFolder.cell($0) }
    return [
      "", "## Compared with other rows", "",
      "0 is the same, 1 nothing in common: of lengths the Kolmogorov–Smirnov statistic, of values "
        + "half the sum of the differences of shares. Chance makes the distance of lengths seen in "
        + "the last column 1 time in 20.", "",
      "| rows of | number | lengths |\(columns.map { " \($0) |" }.joined()) languages | chance |",
      "|:---|---:|---:|\(columns.map { _ in "---:|" }.joined())---:|---:|",
    ]
      + facts.drifts.map { drift in
        let labels = drift.labels.map { " \(cell($0)) |" }.joined()
        return "| \(ReportFolder.cell(drift.name)) | \(Figures.grouped(drift.rows)) | "
          + "\(cell(drift.lengths)) |\(labels) \(cell(drift.languages)) | \(cell(drift.noise)) |"
      }
  }
}
