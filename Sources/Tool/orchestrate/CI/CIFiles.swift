import Diagnostics
import Documents
import Foundation
import Reports
import Reproducibility

/// Hands a report to whoever waits for it: the folder, GitHub's files, annotations.
struct CIFiles {
  /// The folder of the reports, as the user gave it.
  let output: String
  let environment: [String: String]
  private let mask: SecretMask

  init(output: String, environment: [String: String]) {
    self.output = output
    self.environment = environment
    mask = SecretMask(environment: environment)
  }

  func write(_ report: CIReport) throws {
    try report.write(to: output, mask: mask)
    try append(report.summary, to: "GITHUB_STEP_SUMMARY", bytesMax: CIReport.summaryBytesMax)
    let outputs = report.outputs + [("report", output + "/report.md")]
    try append(WorkflowCommands.outputs(outputs), to: "GITHUB_OUTPUT", bytesMax: 1 << 20)
    if environment["GITHUB_ACTIONS"] == "true" {
      for line in WorkflowCommands.annotations(report.annotations, relative: relative) {
        Console.output.line(mask.masked(line))
      }
    }
  }

  /// Appends to the file that a variable names; what would make it too large is left out.
  private func append(_ text: String, to variable: String, bytesMax: Int) throws {
    guard let path = environment[variable], !path.isEmpty else { return }
    let bytes = Array(mask.masked(text).utf8)
    let there = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    guard there + bytes.count <= bytesMax else {
      Console.errors.line("ci: '\(variable)' is full; see \(output)/report.md")
      return
    }
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw SystemError.failure("write", path)
    }
    defer { try? file.close() }
    try file.seekToEnd()
    try file.write(contentsOf: Data(bytes))
  }

  /// A file's name as from the root of the repository.
  private func relative(_ path: String) -> String {
    let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
    for variable in ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"] {
      guard let root = environment[variable], !root.isEmpty else { continue }
      let prefix = URL(fileURLWithPath: root).standardizedFileURL.path + "/"
      if absolute.hasPrefix(prefix) { return String(absolute.dropFirst(prefix.count)) }
    }
    return path
  }
}
