import Diagnostics
import Execution
import RunStore
import StageKit

/// Plain lines for pipes and logs: stage, seconds since the start, what happened. No escape codes.
final class PlainView: RunObserver {
  private var view = RunView()
  private var lastProgress: [String: Double] = [:]

  func receive(_ event: RunEvent) {
    view.take(event)
    switch event.body {
    case .runStarted(let run, let pipeline, let stages, let isResumed):
      Console.output.line(
        "run \(run) of \(pipeline) \(isResumed ? "goes on" : "begins"): \(stages.count) stage\(stages.count == 1 ? "" : "s")"
      )
    case .runFinished(let state, _, _):
      Console.output.line(view.summary(state, at: event.time))
    case .stage(.message(let diagnostic)) where diagnostic.severity != .note:
      Console.errors.write(prefix(event) + Terminal.text([diagnostic]))
    case .stage(.progress):
      guard let stage = event.stage, event.time - (lastProgress[stage] ?? view.startTime) >= 5
      else { return }
      lastProgress[stage] = event.time
      Console.output.line(prefix(event) + (view.stage(stage)?.progressText(at: event.time) ?? ""))
    default:
      for line in view.lines(event) ?? [] { Console.output.line(prefix(event) + line) }
    }
  }

  func stopping(signal: Int32) {
    Console.errors.line("stopping at the next checkpoint; once more to stop at once")
  }

  /// `[sft] 12.3s `
  private func prefix(_ event: RunEvent) -> String {
    guard let stage = event.stage else { return "" }
    let elapsed = max(0, event.time - view.startTime)
    return "[\(stage)] \((elapsed * 10).rounded() / 10)s "
  }
}
