import Documents
import Models
import Records
import Tokenization
import Training

/// ``TokenObjective`` over rows that another program packed: one row is several sequences.
final class TrainingOraclePackedRows: LabelObjective {
  private let inner: TokenObjective
  private let members: [[Int]]
  let rowIDs: [RowID]
  let batchTokens: [Int]
  let trainedTokens: [Int]

  init(_ rows: [[TokenExample]]) {
    let inner = TokenObjective(rows.flatMap { $0 })
    var next = 0
    let members = rows.map { row in
      defer { next += row.count }
      return Array(next..<(next + row.count))
    }
    self.inner = inner
    self.members = members
    rowIDs = rows.map { $0[0].row }
    batchTokens = members.map { $0.reduce(0) { $0 + inner.batchTokens[$1] } }
    trainedTokens = members.map { $0.reduce(0) { $0 + inner.trainedTokens[$1] } }
  }

  func batch(_ rows: [Int]) -> TokenBatch { inner.batch(rows.flatMap { members[$0] }) }

  func value(_ rows: [Int], _ logProbabilities: [Float], _ share: LossShare) -> ObjectiveValue {
    inner.value(rows.flatMap { members[$0] }, logProbabilities, share)
  }
}

/// Completions and advantages from the table of a case.
final class TrainingOracleRollouts: RolloutSource {
  private let table: [JSONValue]
  let rewardNames = ["table"]

  init(_ table: [JSONValue]) { self.table = table }

  func completions(
    _ request: RolloutRequest,
    _ progress: (_ done: Int, _ total: Int, _ what: String) throws -> Void
  ) throws -> RolloutBatch {
    var batch = RolloutBatch(completions: [], isFinished: [], rewards: [[]], advantages: [])
    for prompt in request.prompts {
      let row = table[prompt]
      let completions = (row["completion_ids"]?.arrayValue ?? []).map { TrainingOracle.ids($0) }
      batch.completions += completions
      batch.isFinished += completions.map { _ in true }
      batch.rewards[0] += (row["rewards"]?.arrayValue ?? []).compactMap(\.doubleValue)
      batch.advantages? += (row["advantages"]?.arrayValue ?? []).compactMap(\.doubleValue)
    }
    return batch
  }
}
