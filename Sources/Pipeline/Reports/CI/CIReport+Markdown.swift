internal import Diagnostics
internal import Reproducibility
internal import StageKit

/// The report as Markdown: the step summary, and `report.md` with pictures beside it.
extension CIReport {
  /// GitHub drops a summary of a step beyond 1 MiB as a whole.
  package static let summaryBytesMax = (1 << 20) - 1024

  /// For `$GITHUB_STEP_SUMMARY`: no pictures, at most ``summaryBytesMax`` bytes.
  package var summary: String { Self.cut(markdown(pictures: [])) }

  /// - Parameter pictures: title and relative path, in order.
  package func markdown(pictures: [(title: String, file: String)]) -> String {
    var lines = ["# \(Self.text(pipeline)): \(ending.title)", "", Self.text(sentence), ""]
    lines += modelLines + gateLines
    for picture in pictures {
      lines += ["![\(Self.text(picture.title))](\(picture.file))", ""]
    }
    lines += findingLines + stageLines
    if !changes.isEmpty {
      lines += ["## What changed", ""] + changes.map { "- \(Self.text($0))" } + [""]
    }
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: - Sections

  private var modelLines: [String] {
    guard let model else { return [] }
    func moved() -> String {
      guard let now = model.now else { return "points to no version" }
      guard let was = model.was else { return "points to version \(now), the first one" }
      return was == now ? "still points to version \(now)" : "went from version \(was) to \(now)"
    }
    var lines = [
      "## Model", "",
      "Version \(model.version) of `\(model.name)`\(model.isNew ? "" : ", known before"); "
        + "`\(model.alias)` \(moved()).", "", "| made of | digest |", "|---|---|",
      "| model | `\(model.digest.short)` |",
    ]
    func row(_ name: String, _ digests: [String]) {
      if !digests.isEmpty {
        lines.append("| \(name) | \(digests.map { "`\($0)`" }.joined(separator: " ")) |")
      }
    }
    row("base", model.lineage.base.map(\.short))
    row("data", model.lineage.data.map(\.short))
    row("recipe", model.lineage.recipe.map { [$0.short] } ?? [])
    let licenses = model.lineage.licenses.map { note in
      "\(Self.text(note.subject)): \(Self.text(note.license ?? "unknown"))"
    }
    if !licenses.isEmpty { lines.append("| licences | \(licenses.joined(separator: "; ")) |") }
    return lines + [""]
  }

  private var gateLines: [String] {
    var lines: [String] = []
    for gate in gates {
      lines += [
        "## Gate `\(gate.stage)`: \(gate.verdict.decision.rawValue)", "",
        "| decision | rule | what was measured |", "|---|---|---|",
      ]
      lines += gate.verdict.rules.map {
        "| \(Self.mark($0.decision)) | \(Self.cell($0.rule)) | \(Self.cell($0.sentence)) |"
      }
      lines.append("")
      if gate.scores.isEmpty { continue }
      lines += [
        "| task | metric | rows | candidate | against | gain |", "|---|---|---:|---|---|---|",
      ]
      lines += gate.scores.map { score in
        let task = score.task + (score.slice.map { " (\($0))" } ?? "")
        let against = score.other.map {
          "\(score.versus ?? "") \(FigureText.interval($0))"
        }
        let gain = score.gain.map {
          "\(FigureText.signed($0.value)) (\(FigureText.signed($0.lower)) to "
            + "\(FigureText.signed($0.upper)))"
        }
        return "| \(Self.cell(task)) | \(Self.cell(score.metric)) | \(score.rows) "
          + "| \(FigureText.interval(score.candidate)) | \(against ?? "") | \(gain ?? "") |"
      }
      lines.append("")
    }
    return lines
  }

  private var findingLines: [String] {
    if findings.isEmpty { return [] }
    var lines = ["## What went wrong", ""]
    for finding in findings {
      let place = finding.span.map { " (\($0.file):\($0.line))" } ?? ""
      lines.append("- \(Self.text(finding.message))\(Self.text(place))")
      if let fix = finding.fix { lines.append("  - \(Self.text(fix))") }
    }
    return lines + [""]
  }

  private var stageLines: [String] {
    if stages.isEmpty { return [] }
    var lines = [
      "## Stages", "", "| stage | kind | plan | ended | time |", "|---|---|---|---|---:|",
    ]
    lines += stages.map { stage in
      let plan = stage.planned + (stage.reason.isEmpty ? "" : ": \(stage.reason)")
      let ended = stage.isReused && stage.state == "succeeded" ? "cached" : stage.state ?? ""
      return "| \(Self.cell(stage.name)) | \(Self.cell(stage.kind)) | \(Self.cell(plan)) "
        + "| \(ended) | \(stage.seconds.map(FigureText.duration) ?? "") |"
    }
    return lines + [""]
  }

  // MARK: - Text

  private static func mark(_ decision: Verdict.Decision) -> String {
    switch decision {
    case .pass: "✅ pass"
    case .refused: "❌ refused"
    case .inconclusive: "⚠️ inconclusive"
    }
  }

  /// Text that must stay text: no HTML, no mention of people.
  static func text(_ text: String) -> String {
    SafeText.escaped(text, limit: 2000).replacing("<", with: "&lt;").replacing("@", with: "&#64;")
  }

  static func cell(_ text: String) -> String { self.text(text).replacing("|", with: "\\|") }

  /// Whole lines of `text` within the bound, and a note where lines were left out.
  static func cut(_ text: String, bytesMax: Int = summaryBytesMax) -> String {
    if text.utf8.count <= bytesMax { return text }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let room = bytesMax - 100
    var size = 0
    var kept = 0
    for line in lines {
      size += line.utf8.count + 1
      if size > room { break }
      kept += 1
    }
    return lines.prefix(kept).joined(separator: "\n")
      + "\n\n_\(lines.count - kept) more lines are in report.md._\n"
  }
}
