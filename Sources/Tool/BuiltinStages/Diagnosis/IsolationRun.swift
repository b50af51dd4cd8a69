internal import Diagnostics
internal import Documents
internal import Evaluation
private import Foundation
package import Parallelism
internal import Records
internal import Reproducibility
package import StageKit
internal import Synchronization

/// The sixth step of the triage: the stage's own training on its first 100 rows, over and over. A
/// sound stage learns them nearly by heart; one that does not has a fault that more rows hide.
package struct IsolationRun {
  package static let rowCount = 100
  /// Passes over them.
  static let epochs = 6

  private let evidence: TrainingEvidence
  private let pool: ThreadPool

  package init(_ evidence: TrainingEvidence, pool: ThreadPool) {
    self.evidence = evidence
    self.pool = pool
  }

  /// - Parameters:
  ///   - catalogue: knows the stage's kind.
  ///   - folder: an empty folder to work in; the caller removes it.
  /// - Throws: ``Failure`` where the stage itself fails on the few rows.
  package func step(_ catalogue: StageCatalogue, in folder: String) throws -> Diagnosis.Step {
    var step = Diagnosis.Step("isolation")
    guard let train = evidence.inputs["train"], let model = evidence.inputs["model"],
      let kind = catalogue[StageKind(evidence.kind)]
    else {
      step.evidence.append("what was trained is no longer in the store")
      return step
    }
    let (rows, count) = try few(RecordsReader(train.tree), in: folder)
    let parameters = Self.parameters(evidence.parameters)
    let losses = try losses(kind, parameters, ["model": model, "train": rows], folder)
    guard let first = losses.first, let last = losses.last else {
      step.evidence.append("the stage recorded no loss on \(count) rows")
      return step
    }
    step.evidence.append(
      "on \(count) rows, \(Self.epochs) times over, the loss goes from "
        + "\(Evaluation.Figures.number(first)) to \(Evaluation.Figures.number(last))")
    if last > 0.7 * first, first > 0.1 {
      step.findings.append(
        TrainingEvidence.warning(
          "isolation",
          "\(count) rows are not learned in \(Self.epochs) passes: the fault is in the rows, the "
            + "mask or the settings, not in how many rows there are",
          fix: "look at the rows with 'orchestrate preview', then raise learning_rate"))
    }
    return step
  }

  private func few(_ reader: RecordsReader, in folder: String) throws -> (InputArtifact, Int) {
    let path = folder + "/rows"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let writer = try RecordsWriter(folder: path)
    var count = 0
    for chunk in 0..<reader.chunkCount where count < Self.rowCount {
      for row in try reader.chunk(chunk) where count < Self.rowCount {
        try writer.append(row)
        count += 1
      }
    }
    try writer.finish()
    return (
      InputArtifact(
        type: .records, digest: Digest(of: "isolation".utf8), tree: try FileTree(folder: path)),
      count
    )
  }

  /// The stage's own, for a short run without validation rows.
  static func parameters(_ parameters: JSONValue) -> JSONValue {
    let replaced: [String: JSONValue] = [
      "num_epochs": .integer(Int64(epochs)), "logging_steps": 1,
    ]
    let dropped: Set<String> = [
      "max_steps", "save_steps", "eval_steps", "warmup_ratio", "warmup_steps",
      "load_best_model_at_end", "early_stopping_patience",
    ]
    return .object(
      (parameters.objectValue ?? []).compactMap { member in
        if dropped.contains(member.key) || member.value == .null { return nil }
        return JSONMember(member.key, replaced[member.key] ?? member.value)
      })
  }

  private func losses(
    _ kind: any Stage.Type, _ parameters: JSONValue, _ inputs: [String: InputArtifact],
    _ folder: String
  ) throws -> [Double] {
    let read = kind.read(Node(parameters, file: "parameters"))
    if !read.diagnostics.isEmpty { throw Failure(read.diagnostics, .badInput) }
    var outputs: [String: String] = [:]
    for port in read.ports.outputs {
      outputs[port.name] = folder + "/out-" + port.name
      try FileManager.default.createDirectory(
        atPath: folder + "/out-" + port.name, withIntermediateDirectories: true)
    }
    let losses = Mutex<[Double]>([])
    let context = StageContext(
      pool: pool, inputs: inputs, files: [:], outputs: outputs, checkpoints: NoCheckpoints(),
      sink: { event in
        if case .metric("loss", _, let value) = event { losses.withLock { $0.append(value) } }
      })
    _ = try read.run(context)
    return losses.withLock { $0 }
  }
}
