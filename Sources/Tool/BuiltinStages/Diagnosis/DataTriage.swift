internal import Diagnostics
internal import Documents
internal import Evaluation
internal import ModelFiles
internal import Records
internal import Reproducibility
internal import StageKit

/// Looks at the rows that a stage was trained on.
struct DataTriage {
  /// Rows looked at; the rest is like them.
  static let rowsMax = 2000

  private let evidence: TrainingEvidence

  init(_ evidence: TrainingEvidence) { self.evidence = evidence }

  func step() throws -> Diagnosis.Step {
    var step = Diagnosis.Step("data")
    guard let input = evidence.inputs["train"] else {
      step.evidence.append("the training rows are no longer in the store")
      return step
    }
    let reader = try RecordsReader(input.tree)
    let rows = try Self.first(reader)
    step.evidence.append(
      "\(reader.rowCount) rows, \(rows.count) looked at; \(trainedShare ?? "trained tokens unknown")"
    )
    guard !rows.isEmpty else { return step }
    var answers: [[UInt8]: Set<[UInt8]>] = [:]
    var texts: Set<[UInt8]> = []
    var (copies, empty) = (0, 0)
    for row in rows {
      if !texts.insert(LeakSearch.words(row.content.texts)).inserted { copies += 1 }
      guard let (question, answer) = Self.turn(row.content) else { continue }
      if answer.isEmpty { empty += 1 }
      answers[question, default: []].insert(answer)
    }
    let share = Double(copies) / Double(rows.count)
    if share > 0.05 {
      step.findings.append(
        TrainingEvidence.warning(
          "duplicates", "\(Evaluation.Figures.percent(share)) of the rows repeat another one",
          fix: "put 'minhash_dedup' before 'split'"))
    }
    if empty > 0 {
      step.findings.append(
        TrainingEvidence.warning(
          "empty-answers", "\(empty) of \(rows.count) answers are empty",
          fix: "drop them with 'quality_filter', or repair the source"))
    }
    let torn = answers.values.count { $0.count > 1 }
    if Double(torn) > 0.02 * Double(max(1, answers.count)) {
      step.findings.append(
        TrainingEvidence.warning(
          "label-noise",
          "\(torn) of \(answers.count) questions have more than one answer",
          fix: "look at them with 'label_noise'"))
    }
    if rows.count < 100, reader.rowCount == rows.count {
      step.findings.append(
        TrainingEvidence.warning(
          "few-rows",
          "there are \(rows.count) rows: a format may be learned from so few, a task "
            + "hardly", fix: "give some hundreds of rows"))
    }
    return step
  }

  /// Of `report.json` that the stage wrote.
  private var trainedShare: String? {
    guard let tree = evidence.outputs["report"]?.tree, let path = tree["report.json"],
      let json = try? JSONFile.read(path), let train = json["rows"]?["train"],
      let all = train["tokens"]?.doubleValue, let trained = train["trained_tokens"]?.doubleValue,
      all > 0
    else { return nil }
    return "\(Evaluation.Figures.percent(trained / all)) of \(Int(all)) tokens are trained"
  }

  private static func first(_ reader: RecordsReader) throws -> [Row] {
    var rows: [Row] = []
    for chunk in 0..<reader.chunkCount where rows.count < rowsMax {
      rows += try reader.chunk(chunk)
    }
    return Array(rows.prefix(rowsMax))
  }

  private static func turn(_ content: RowContent) -> (question: [UInt8], answer: [UInt8])? {
    switch content {
    case .conversation(let turns, _):
      guard turns.count > 1, let last = turns.last, last.role == .assistant else { return nil }
      return (
        LeakSearch.words(turns.dropLast().map(\.content)), LeakSearch.words([last.content])
      )
    case .completion(let prompt, let completion):
      return (LeakSearch.words([prompt]), LeakSearch.words([completion]))
    default: return nil
    }
  }
}
