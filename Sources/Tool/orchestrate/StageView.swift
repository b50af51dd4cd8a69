import Diagnostics
import Documents
import RunStore
import StageKit

/// What is known of a run while its events come in; shared by the views for people.
struct StageView {
  var name: String
  var state = JobState.waiting
  var isReused = false
  var startTime: Double?
  var progress: (done: Int, total: Int?, unit: String, rates: [String: Double])?
  /// Where progress began, for the time left.
  var firstProgress: (time: Double, done: Int)?
  var counts: [String: Int] = [:]

  mutating func take(_ event: RunEvent) {
    switch event.body {
    case .job(let what, let newState, let detail):
      state = newState
      if what == .started {
        startTime = event.time
        progress = nil
        firstProgress = nil
      }
      if let flag = detail.first(where: { $0.key == "reused" })?.value.boolValue { isReused = flag }
    case .stage(.progress(let done, let total, let unit, let rates)):
      if firstProgress == nil { firstProgress = (event.time, done) }
      progress = (done, total, unit, rates)
    case .stage(.count(let name, let value)): counts[name] = value
    default: break
    }
  }

  /// `120/340 steps, loss 1.23, 4500 tokens/s, 1 m 5 s left`
  func progressText(at time: Double) -> String {
    guard let progress else { return "" }
    var parts = [
      progress.total.map { "\(progress.done)/\($0) \(progress.unit)" }
        ?? "\(progress.done) \(progress.unit)"
    ]
    for (name, value) in progress.rates.sorted(by: { $0.key < $1.key }) {
      parts.append(Self.rate(name, value))
    }
    if let total = progress.total, let first = firstProgress, progress.done > first.done,
      progress.done < total
    {
      let perUnit = max(0, time - first.time) / Double(progress.done - first.done)
      parts.append(Duration.words(perUnit * Double(total - progress.done)) + " left")
    }
    return parts.joined(separator: ", ")
  }

  private static func rate(_ name: String, _ value: Double) -> String {
    if name.hasSuffix("_per_second") {
      return "\(Int(value.rounded())) \(name.dropLast(11))/s"
    }
    return "\(name) \(number(value))"
  }

  /// Four significant digits.
  static func number(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    var scale = 1.0
    while abs(value) * scale < 1000, scale < 1e12 { scale *= 10 }
    return "\((value * scale).rounded() / scale)"
  }
}

/// Lengths of time in words.
enum Duration {
  /// `0.3 s`, `12 s`, `1 m 5 s`, `2 h 3 m`
  static func words(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e9)).rounded())
    if seconds < 10 { return "\((max(0, seconds) * 10).rounded() / 10) s" }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) m \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) m"
  }
}

/// The table of a run's stages and the sentences at its end.
struct RunView {
  private(set) var stages: [StageView] = []
  private var positions: [String: Int] = [:]
  private(set) var startTime: Double = 0
  private(set) var run: Int64 = 0
  private var reused = 0
  private var ran = 0

  mutating func take(_ event: RunEvent) {
    if case .runStarted(let id, _, let names, _) = event.body {
      run = id
      startTime = event.time
      stages = names.map { StageView(name: $0) }
      positions = Dictionary(
        zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    }
    if case .job(let what, _, _) = event.body {
      if what == .reused || what == .refusalReused { reused += 1 }
      if what == .finished || what == .gateRefused { ran += 1 }
    }
    guard let name = event.stage, let position = positions[name] else { return }
    stages[position].take(event)
  }

  func stage(_ name: String?) -> StageView? { name.flatMap { positions[$0] }.map { stages[$0] } }

  var running: [StageView] { stages.filter { $0.state == .running } }

  /// Cells of the longest name.
  var nameWidth: Int { stages.map(\.name.count).max() ?? 0 }

  /// One or more lines for a move that people want to know of; nil otherwise.
  func lines(_ event: RunEvent) -> [String]? {
    guard event.stage != nil else { return nil }
    switch event.body {
    case .job(let what, _, let detail):
      let seconds = detail.first { $0.key == "seconds" }?.value.doubleValue
      let time = seconds.map { " in \(Duration.words($0))" } ?? ""
      switch what {
      case .reused: return stage(event.stage)?.isReused ?? true ? ["cached"] : nil
      case .approvalAsked:
        let text = { (key: String) in detail.first { $0.key == key }?.value }
        let shown = text("shows")?.arrayValue?.compactMap(\.stringValue) ?? []
        return [
          "awaits approval: \(SafeText.escaped(text("message")?.stringValue ?? "", limit: 300))"
        ]
          + shown.map { "  \($0)" } + ["  approve with: \(text("approve")?.stringValue ?? "")"]
      case .approvalGiven, .approvalDenied:
        let by = detail.first { $0.key == "by" }?.value.stringValue ?? ""
        let note = detail.first { $0.key == "note" }?.value.stringValue
        return [
          (what == .approvalGiven ? "approved" : "rejected") + " by \(by)"
            + (note.map { ": \(SafeText.escaped($0, limit: 300))" } ?? "")
        ]
      case .chosen:
        let taken = detail.first { $0.key == "chosen" }?.value.stringValue ?? ""
        let metric = detail.first { $0.key == "metric" }?.value.stringValue ?? ""
        let value = detail.first { $0.key == "value" }?.value.doubleValue ?? 0
        return ["takes \(taken): \(metric) \(StageView.number(value))\(outputs(detail))"]
      case .conditionFalse: return ["skipped"]
      case .cancelled: return ["cancelled"]
      case .finished: return ["done\(time)\(outputs(detail))"]
      case .gateRefused, .refusalReused:
        let reasons = detail.first { $0.key == "reasons" }?.value.arrayValue ?? []
        let how = what == .refusalReused ? "refused (cached)" : "refused\(time)"
        return [how] + reasons.compactMap(\.stringValue).map { "refused: \($0)" }
      case .tryFailed:
        let reason = detail.first { $0.key == "reason" }?.value.stringValue ?? "failed"
        return ["failed\(time) (\(reason)), will be tried again"]
      case .gaveUp: return ["failed\(time)"]
      case .stopped: return ["stopped\(time)"]
      case .needFailed: return ["blocked"]
      case .started:
        let number = detail.first { $0.key == "try" }?.value.integerValue ?? 1
        return [number > 1 ? "running (try \(number))" : "running"]
      default: return nil
      }
    case .stage(.message(let diagnostic)) where diagnostic.severity == .note:
      return [diagnostic.message]
    default: return nil
    }
  }

  /// ` → 3f2a91c04b77` for the first output.
  private func outputs(_ detail: [JSONMember]) -> String {
    guard let first = detail.first(where: { $0.key == "outputs" })?.value.objectValue?.first,
      let digest = first.value.stringValue
    else { return "" }
    return " → \(digest.prefix(12))"
  }

  /// `run 3 succeeded in 1 m 20 s: 3 stages ran, 9 cached`
  func summary(_ state: RunState, at time: Double) -> String {
    let words = Duration.words(time - startTime)
    if state == .interrupted, stages.contains(where: { $0.state == .awaitingApproval }) {
      return "run \(run) waits for approval after \(words): \(ran) ran, \(reused) cached"
    }
    return "run \(run) \(state.rawValue) in \(words): \(ran) ran, \(reused) cached"
  }
}
