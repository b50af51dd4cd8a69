internal import Documents
internal import StageKit

extension Plan {
  /// What the stages that run, or may, cost the last time they did.
  struct Total {
    var seconds = 0.0
    /// Of the stage that needs most.
    var peakBytes: Int?
    var writtenBytes = 0
    /// Stages that nothing is known of.
    var unknown: [String] = []
    var known = 0

    var json: JSONValue {
      .object([
        "seconds": known > 0 ? .number(seconds) : .null,
        "peak_bytes": peakBytes.map { .integer(Int64($0)) } ?? .null,
        "written_bytes": known > 0 ? .integer(Int64(writtenBytes)) : .null,
        "unknown_stages": .array(unknown.map { .string($0) }),
      ])
    }
  }

  private var working: [StageVerdict] {
    verdicts.filter { verdict in
      switch verdict.decision {
      case .run, .resume, .runUnlessSame: true
      case .atRunTime: verdict.kind != .select
      case .cached, .refused, .blocked, .skipped, .unselected: false
      }
    }
  }

  var total: Total {
    var total = Total()
    for verdict in working {
      guard let last = verdict.estimate else {
        total.unknown.append(verdict.stage)
        continue
      }
      total.known += 1
      total.seconds += last.seconds
      total.writtenBytes += last.writtenBytes ?? 0
      if let peak = last.peakBytes { total.peakBytes = max(total.peakBytes ?? 0, peak) }
    }
    return total
  }

  static func json(_ facts: ResultFacts) -> JSONValue {
    .object([
      "seconds": .number(facts.seconds), "rows": facts.rows.map { .integer(Int64($0)) } ?? .null,
      "peak_bytes": facts.peakBytes.map { .integer(Int64($0)) } ?? .null,
      "written_bytes": facts.writtenBytes.map { .integer(Int64($0)) } ?? .null,
    ])
  }

  /// A line per stage that runs, or may, and their total; nothing when no stage has a past.
  ///
  /// ```
  ///   by the last time:
  ///     sft    about 3 min (170 s for 10,400 rows), 1.2 GB of memory, 31 MB of disk
  ///     gate   —
  ///     total  about 3 min, at most 1.2 GB of memory, 31 MB of disk; 1 stage unknown
  /// ```
  var estimates: String {
    let total = total
    if total.known == 0 { return "" }
    let width = max(5, working.map(\.stage.count).max() ?? 0)
    var out = "\n  by the last time:\n"
    for verdict in working {
      out += "    \(verdict.stage.padded(to: width))  \(verdict.estimate.map(Self.line) ?? "—")\n"
    }
    var line = "about \(Self.rough(total.seconds))"
    if let peak = total.peakBytes { line += ", at most \(FileChange.size(peak)) of memory a stage" }
    line += ", \(FileChange.size(total.writtenBytes)) of disk"
    if !total.unknown.isEmpty {
      line += "; \(total.unknown.count) \(total.unknown.count == 1 ? "stage" : "stages") unknown"
    }
    return out + "    \("total".padded(to: width))  \(line)\n"
  }

  private static func line(_ facts: ResultFacts) -> String {
    let rows = facts.rows.map { " for \(FileChange.rows($0))" } ?? ""
    var text = "about \(rough(facts.seconds)) (\(exact(facts.seconds))\(rows))"
    if let peak = facts.peakBytes { text += ", \(FileChange.size(peak)) of memory" }
    if let bytes = facts.writtenBytes { text += ", \(FileChange.size(bytes)) of disk" }
    return text
  }

  /// `3 min`: one number, in the unit people would use.
  private static func rough(_ seconds: Double) -> String {
    switch seconds {
    case ..<1: "1 s"
    case ..<100: "\(Int(seconds.rounded(.up))) s"
    case ..<5400: "\(Int((seconds / 60).rounded())) min"
    default: "\(((seconds / 360).rounded() / 10)) h"
    }
  }

  private static func exact(_ seconds: Double) -> String {
    seconds < 10
      ? "\((seconds * 10).rounded() / 10) s" : "\(FileChange.number(Int(seconds.rounded()))) s"
  }
}
