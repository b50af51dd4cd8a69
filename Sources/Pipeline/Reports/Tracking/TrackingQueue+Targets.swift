package import Diagnostics
private import Foundation
package import RunStore
internal import StageKit

extension TrackingQueue {
  /// The queue of a run's targets, and what could not be set up: that is no reason not to run.
  ///
  /// - Parameters:
  ///   - tries: of each stage that came before now.
  ///   - project: the folder of the project.
  ///   - folder: where relative paths start.
  package static func of(
    _ run: RunRecord, tries: [String: Int] = [:], project: String, folder: String, time: Double
  ) -> (queue: TrackingQueue?, problems: [Diagnostic]) {
    guard let targets = run.spec.tracking else { return (nil, []) }
    func path(_ text: String) -> String { text.hasPrefix("/") ? text : folder + "/" + text }
    var trackers: [any Tracker] = []
    var problems: [Diagnostic] = []
    func add(_ make: () throws -> (any Tracker)?) {
      do {
        if let tracker = try make() { trackers.append(tracker) }
      } catch {
        let cause = (error as? Failure)?.diagnostics.first?.message ?? "an unknown error"
        problems.append(Diagnostic("tracking.failed", cause, severity: .warning))
      }
    }
    add {
      try targets.tensorboard.map {
        try TensorBoardFile(folder: path($0), time: time, suffix: "run\(run.id)")
      }
    }
    add {
      try targets.openlineage.map {
        try LineageFile(
          path: path($0), spec: run.spec, project: project, run: run.id, tries: tries)
      }
    }
    add { try targets.csv.map { try MetricsTable(path: path($0), run: run.id) } }
    add { try targets.mlflow.map { try MLflowRun(address: $0, spec: run.spec, run: run.id) } }
    return (trackers.isEmpty ? nil : TrackingQueue(trackers), problems)
  }
}
