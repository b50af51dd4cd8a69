import Diagnostics
import Foundation
import Planning
import Processes
import StageKit

/// What git says has changed since a ref, and which stages read it.
struct GitChanges {
  let lines: [String]

  private static let linesMax = 50

  /// Nil without a ref. A repository that cannot answer gives one line that says so.
  init?(since ref: String?, plan: Plan, folder: String) {
    guard let ref else { return nil }
    let command = LimitedCommand(
      [
        "git", "-C", folder, "-c", "core.quotePath=false", "diff", "--numstat", "--no-renames",
        "--relative", "\(ref)...HEAD", "--", ".",
      ], seconds: 20, memoryMiB: 1 << 20, outputBytesMax: 4 << 20)
    guard let (end, output) = try? command.run(input: []), end == .exit(.exited(0)) else {
      Console.errors.line("ci: git cannot compare with '\(SafeText.escaped(ref))'")
      lines = ["git cannot compare with '\(ref)'"]
      return
    }
    var readers: [String: [String]] = [:]
    for stage in plan.spec.stages {
      for name in Set(stage.files.values.joined().map(\.name)) {
        readers[name, default: []].append(stage.stage)
      }
    }
    let changes = String(decoding: output, as: UTF8.self).split(separator: "\n").map { line in
      let parts = line.split(separator: "\t", maxSplits: 2).map(String.init)
      guard parts.count == 3 else { return String(line) }
      let stages = readers[parts[2]] ?? []
      let read = stages.isEmpty ? "" : ", read by \(stages.joined(separator: ", "))"
      return "\(parts[2]): +\(parts[0]) −\(parts[1]) lines\(read)"
    }
    let more = changes.count - Self.linesMax
    lines =
      ["since \(ref): \(changes.count) files"] + changes.prefix(Self.linesMax)
      + (more > 0 ? ["and \(more) more files"] : [])
  }
}
