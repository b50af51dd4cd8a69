import Documents
import Evaluation
import Parallelism
import Records
import Scoring
import Testing

/// Metrics of two models' distributions.
@Suite struct ComparisonTests {
  static let rows = (1...20).map { TestRows.row(.text(String(repeating: "x", count: 9 + $0))) }

  static func report(_ rules: [GateRule], _ task: RowTaskSettings, batchSize: Int = 3) throws
    -> EvaluationReport
  {
    let run = EvaluationRun(
      tasks: [try RowTask(task, rows)], rules: rules, batchSize: batchSize)
    #expect(run.comparesModels)
    var done: [Int] = []
    let measured = try run.measure(FakeModel(perToken: -1.25), FakeModel(perToken: -1)) {
      done.append($0)
    }
    #expect(done.last == 2 * rows.count && done == done.sorted())
    return try run.report(
      measured.candidate, [Opponent("baseline", measured.baseline)],
      ScoreSettings(seed: 1, pool: ThreadPool(threads: 2)))
  }

  @Test("divergence, equal tokens and the ratio of perplexities are about both models")
  func scores() throws {
    let task = RowTaskSettings(
      name: "t", metric: .perplexity, others: [.meanKLD, .sameTopP, .perplexityRatio])
    let scores = try Self.report([], task).scores
    #expect(
      scores.map(\.metric) == ["perplexity", "mean_kld", "same_top_p", "perplexity_ratio"])
    #expect(scores[0].gain != nil && scores[0].baseline != nil)
    for score in scores.dropFirst() { #expect(score.gain == nil && score.baseline == nil) }
    let tokens = (1...20).reduce(0) { $0 + 9 + $1 }
    let goals = [0.25, Double(tokens - 20) / Double(tokens), 1.2840254166877414]
    for (score, goal) in zip(scores.dropFirst(), goals) {
      #expect(abs(score.candidate.estimate - goal) < 1e-12)
      #expect(score.candidate.lower <= goal + 1e-12 && goal - 1e-12 <= score.candidate.upper)
    }
    // Every token has the same divergence; the share of equal ones depends on the row's length.
    #expect(scores[1].candidate.upper - scores[1].candidate.lower < 1e-12)
    #expect(scores[2].candidate.upper - scores[2].candidate.lower > 1e-3)
  }

  @Test(
    "rules bound them",
    arguments: [
      (RowMetric.meanKLD, GateRule.Bound.max(0.26), GateDecision.pass),
      (.meanKLD, .max(0.24), .refused), (.sameTopP, .min(0.9), .pass),
      (.sameTopP, .min(0.999), .refused), (.perplexityRatio, .max(1.29), .pass),
      (.perplexityRatio, .max(1.28), .refused),
    ])
  func rules(metric: RowMetric, bound: GateRule.Bound, decision: GateDecision) throws {
    let task = RowTaskSettings(name: "t", metric: .perplexity, others: [metric])
    for confidence in [nil, 0.95] {
      let rule = GateRule(task: "t", metric: metric.rawValue, bound: bound, confidence: confidence)
      #expect(try Self.report([rule], task).decision == decision)
    }
  }

  @Test("what is told of an item does not depend on the batches")
  func items() throws {
    let task = RowTaskSettings(name: "t", metric: .meanKLD)
    let run = EvaluationRun(tasks: [try RowTask(task, Self.rows)], rules: [], batchSize: 7)
    let measured = try run.measure(FakeModel(perToken: -1.25), FakeModel()) { _ in }
    let lines = run.itemLines(
      measured.candidate, [Opponent("baseline", measured.baseline)])
    #expect(lines.count == Self.rows.count)
    for line in lines {
      #expect(line["candidate"]?.doubleValue == 0.25 && line["baseline"] == nil)
    }
    #expect(try Self.report([], task, batchSize: 1).scores == Self.report([], task).scores)
  }
}
