import Diagnostics
import Foundation
import Reproducibility
import TestSupport
import Training

/// Keeps checkpoints in a folder and everything else in memory; can ask to stop.
final class TestHost: TrainingHost {
  struct Death: Error {}

  private let folder: TemporaryFolder
  private(set) var steps: [StepReport] = []
  private(set) var evaluations: [Int: [NamedValue]] = [:]
  private(set) var saved: [Int] = []
  private(set) var findings: [Diagnostic] = []
  /// Asks to stop once it was asked this many times whether to.
  var stopsAfterQuestions: Int?
  /// Throws ``Death`` after this many checkpoints, as a kill would end the process.
  var diesAfterSaves: Int?
  private var questions = 0
  private var newest: FileTree?

  init(_ folder: TemporaryFolder) { self.folder = folder }

  func stepped(_ report: StepReport) { steps.append(report) }
  func evaluated(step: Int, _ values: [NamedValue]) { evaluations[step] = values }
  func warned(_ finding: Diagnostic) { findings.append(finding) }
  func scored(_ rows: Int, of total: Int, _ what: String) {}

  var isStopRequested: Bool {
    guard let stopsAfterQuestions else { return false }
    questions += 1
    return questions > stopsAfterQuestions
  }

  func save(step: Int, arithmetic: String, _ write: (String) throws -> Void) throws {
    let path = try folder.makeFolder("checkpoint-\(UUID().uuidString)")
    try write(path)
    newest = try FileTree(folder: path)
    saved.append(step)
    if saved.count == diesAfterSaves { throw Death() }
  }

  func latestCheckpoint(arithmetic: String) throws -> FileTree? { newest }
}
