import Diagnostics
import Execution
import Foundation
import RunStore
import StageKit

/// Live progress on a terminal: a line that stays per stage that has ended, below it a line per
/// stage that runs, redrawn at most ten times a second.
final class TerminalView: RunObserver {
  private var view = RunView()
  private var liveLines = 0
  private var lastDraw = ContinuousClock.now - .seconds(1)
  private let usesColor = Console.output.usesColor

  func receive(_ event: RunEvent) {
    view.take(event)
    switch event.body {
    case .runStarted(let run, let pipeline, let stages, let isResumed):
      keep(
        "run \(run) of \(SafeText.escaped(pipeline)) \(isResumed ? "goes on" : "begins"): "
          + "\(stages.count) stage\(stages.count == 1 ? "" : "s")")
    case .runFinished(let state, _, _):
      clear()
      keep(paint(view.summary(state, at: event.time), Self.color(state)))
    case .stage(.message(let diagnostic)) where diagnostic.severity != .note:
      clear()
      Console.errors.write("\(event.stage ?? ""): " + Terminal.text([diagnostic]))
    case .job(.started, _, _): break
    default:
      guard let stage = event.stage, let lines = view.lines(event) else { return draw() }
      for line in lines { keep(row(stage, line)) }
    }
    draw()
  }

  func tick() { draw() }

  func stopping(signal: Int32) {
    keep("stopping at the next checkpoint; once more to stop at once")
  }

  // MARK: - Drawing

  private func row(_ stage: String, _ text: String) -> String {
    let name = stage + String(repeating: " ", count: max(0, view.nameWidth - stage.count))
    switch text {
    case _ where text.hasPrefix("done"): return "\(paint("✓", "32")) \(name)  \(text)"
    case "cached": return "\(paint("=", "36")) \(name)  \(text)"
    case _ where text.hasPrefix("refused"), _ where text.hasPrefix("failed"):
      return "\(paint("✗", "31")) \(name)  \(text)"
    default: return "· \(name)  \(text)"
    }
  }

  /// Writes a line above the live ones.
  private func keep(_ line: String) {
    clear()
    Console.output.line(line)
  }

  private func clear() {
    if liveLines > 0 { Console.output.write("\u{1B}[\(liveLines)A\r\u{1B}[J") }
    liveLines = 0
  }

  private func draw() {
    let now = ContinuousClock.now
    guard now - lastDraw >= .milliseconds(100) else { return }
    lastDraw = now
    let time = Date().timeIntervalSince1970
    let width = Console.output.width
    let lines = view.running.map { line($0, time, width) }
    clear()
    if lines.isEmpty { return }
    Console.output.write(lines.map { $0 + "\n" }.joined())
    liveLines = lines.count
  }

  private func line(_ stage: StageView, _ time: Double, _ width: Int) -> String {
    let name = stage.name + String(repeating: " ", count: max(0, view.nameWidth - stage.name.count))
    let elapsed = Duration.words(time - (stage.startTime ?? time))
    var text = "▸ \(name)  running \(elapsed)"
    if let progress = stage.progress {
      if let total = progress.total, total > 0 {
        text += " " + Self.bar(Double(progress.done) / Double(total))
      }
      text += " " + stage.progressText(at: time)
    }
    return String(text.prefix(max(10, width - 1)))
  }

  private static func bar(_ share: Double) -> String {
    let cells = 20
    let full = Int((max(0, min(1, share)) * Double(cells)).rounded(.down))
    return "[" + String(repeating: "#", count: full)
      + String(repeating: "-", count: cells - full) + "]"
  }

  private func paint(_ text: String, _ code: String) -> String {
    usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  private static func color(_ state: RunState) -> String {
    switch state {
    case .succeeded: "32"
    case .failed, .refused: "31"
    case .running, .interrupted: "33"
    }
  }
}
