import Foundation
import Models
import Records
import Reproducibility
import Testing
import Tokenization
import Training

/// Objectives that are functions of the log-probabilities of their labels.
@Suite("Objectives")
struct ObjectiveTests {
  static let share = LossShare(token: 1.0 / 64, row: 1.0 / 6)

  static func row(_ index: Int) -> RowID {
    RowID(hash: String(Digest(of: Array("\(index)".utf8)).hex.prefix(32)), ordinal: 0)
  }

  /// Rows with answers of different lengths; row 2 has no prompt.
  static let pairs: [PreferenceExample] = [
    ([1, 2, 3], [4, 5, 6, 7], [4, 5]), ([1], [2], [3, 4, 5]), ([], [1, 2, 3], [1, 4]),
  ].enumerated().map {
    PreferenceExample(
      row: row($0.offset), prompt: $0.element.0, chosen: $0.element.1, rejected: $0.element.2)
  }

  static let answers: [UnpairedExample] = [
    ([1, 2], [3, 4, 5], true), ([1], [2], false), ([6, 7, 8], [9, 1], false), ([2], [5, 5], true),
    ([], [1, 2, 3], true),
  ].enumerated().map {
    UnpairedExample(
      row: row($0.offset), prompt: $0.element.0, completion: $0.element.1,
      isDesirable: $0.element.2)
  }

  static let objectives: [(String, @Sendable () -> any LabelObjective)] = {
    var made: [(String, @Sendable () -> any LabelObjective)] = []
    for kind in PreferenceLoss.Kind.allCases {
      made.append(
        (
          "dpo \(kind.rawValue)",
          {
            var loss = PreferenceLoss(
              [.init(kind, weight: 0.7), .init(.sigmoid, weight: 0.3)], beta: 0.3,
              labelSmoothing: kind.readsSmoothing ? 0.1 : 0)
            loss.tailWeight = 0.5
            return PreferenceObjective(pairs, loss)
          }
        ))
    }
    for likelihood in ORPOLoss.Likelihood.allCases {
      made.append(
        (
          "orpo \(likelihood.rawValue)",
          {
            ORPOObjective(pairs, ORPOLoss(beta: 0.3, likelihood: likelihood))
          }
        ))
    }
    for kind in CPOLoss.Kind.allCases {
      made.append(("cpo \(kind.rawValue)", { CPOObjective(pairs, CPOLoss(kind, beta: 0.3)) }))
    }
    for kind in KTOLoss.Kind.allCases {
      made.append(
        (
          "kto \(kind.rawValue)",
          {
            KTOObjective(
              answers, KTOLoss(kind, beta: 0.3, undesirableWeight: 1.5), microBatchSize: 3)
          }
        ))
    }
    return made
  }()

  /// Log-probabilities that floats hold exactly, so that steps of a power of two do too.
  private static func logProbabilities(_ count: Int, _ seed: UInt64) -> [Float] {
    let random = CounterRandom(seed: seed, stream: "labels")
    return (0..<count).map { -Float(1 + random.integer(UInt64($0), below: 4000)) / 1024 }
  }

  @Test("slopes are those of the loss, label by label", arguments: objectives.indices)
  func slopes(_ index: Int) throws {
    let (name, make) = Self.objectives[index]
    let objective = make()
    let rows = [2, 0, 1]
    try objective.prepare(
      FixedModel(seed: 1), [[0, 1, 2, 3, 4].filter { $0 < objective.rowIDs.count }]
    ) { _ in }
    let labels = objective.batch(rows).labelledPositions.count
    let point = Self.logProbabilities(labels, 2)
    let value = objective.value(rows, point, Self.share)
    #expect(value.dLogProbabilities.count == labels)
    #expect(value.dLogProbabilities.contains { $0 != 0 })
    // Answers that only measure the divergence have no slope though the loss moves with them.
    let measured =
      name == "kto kto" ? labels - rows.reduce(0) { $0 + objective.trainedTokens[$1] } : 0
    // The divergence is a constant of the slopes: move the mismatched answers not at all.
    for label in 0..<(labels - measured) {
      func moved(_ steps: Float) -> Double {
        var point = point
        point[label] += steps / 256
        return objective.value(rows, point, Self.share).loss
      }
      let slope = (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) * 256 / 12
      let error = abs(Double(value.dLogProbabilities[label]) - slope)
      #expect(error < 1e-6 * max(1, abs(slope)), "\(name) label \(label)")
    }
    #expect(value.dLogProbabilities.suffix(measured).allSatisfy { $0 == 0 })
  }

  @Test("the parts of a step add up, whatever rows share a micro-batch")
  func additive() throws {
    for (name, make) in Self.objectives
    where !name.hasPrefix("kto") && !name.hasSuffix("aot") && !name.hasSuffix("unpaired") {
      let objective = make()
      try objective.prepare(FixedModel(seed: 1), [[0, 1], [2]]) { _ in }
      let whole = objective.value([0, 1], Self.labels(objective, [0, 1]), Self.share)
      let first = objective.value([0], Self.labels(objective, [0]), Self.share)
      let second = objective.value([1], Self.labels(objective, [1]), Self.share)
      // Kinds that pool tokens weigh them otherwise in a batch of two rows of other lengths.
      if name.hasSuffix("sft") || name.hasPrefix("cpo") || name.hasSuffix("prompt_and_answer") {
        continue
      }
      #expect(abs(whole.loss - first.loss - second.loss) < 1e-9, "\(name)")
      #expect(whole.dLogProbabilities == first.dLogProbabilities + second.dLogProbabilities)
      for (a, b) in zip(whole.statistics, zip(first.statistics, second.statistics)) {
        #expect(a.name == b.0.name && abs(a.sum - b.0.sum - b.1.sum) < 1e-9)
      }
    }
  }

  private static func labels(_ objective: any LabelObjective, _ rows: [Int]) -> [Float] {
    FixedModel(seed: 2).logProbabilities(objective.batch(rows))
  }

  @Test("ORPO labels prompt and chosen answer, or the answers alone")
  func orpoLabels() {
    func labels(_ likelihood: ORPOLoss.Likelihood) -> [Int32] {
      ORPOObjective(Self.pairs, ORPOLoss(beta: 0.1, likelihood: likelihood)).batch([0]).labels
    }
    let none = TokenBatch.ignored
    #expect(
      labels(.promptAndAnswer)
        == [2, 3, 4, 5, 6, 7, none] + [none, none, 4, 5, none])
    #expect(labels(.answer) == [none, none, 4, 5, 6, 7, none] + [none, none, 4, 5, none])
  }

  @Test("KTO pairs each prompt with the answer before it in its block, wherever the row is trained")
  func ktoBatch() {
    let objective = KTOObjective(Self.answers, KTOLoss(beta: 0.1), microBatchSize: 3)
    let batch = objective.batch([1, 3])
    // Row 1 gets the answer of row 0; row 3, first of the short block (3, 4), that of row 4.
    #expect(batch.ids == [1, 2] + [2, 5, 5] + [1, 3, 4, 5] + [2, 1, 2, 3])
    #expect(objective.trainedTokens == [3, 1, 2, 2, 2])
  }

  @Test("KTO's backward pass runs its own answers alone and gives the same loss and slopes")
  func ktoBackward() throws {
    let rows = [0, 1, 2]
    let objective = KTOObjective(Self.answers, KTOLoss(beta: 0.3), microBatchSize: 3)
    try objective.prepare(FixedModel(seed: 1), [[0, 1, 2, 3, 4]]) { _ in }
    let model = FixedModel(seed: 2)
    let joint = objective.value(
      rows, model.logProbabilities(objective.batch(rows)), Self.share)
    let value = try objective.backward(model, rows, Self.share, dropoutKey: nil)
    #expect(value.loss == joint.loss)
    #expect(value.means == joint.means)
    #expect(model.lastSlopes == Array(joint.dLogProbabilities.prefix(6)))
    #expect(joint.means[0].value > 0, "the case has a divergence")
    #expect(try objective.evaluate(model, rows, Self.share).loss == joint.loss)
  }

  @Test("what was prepared is put back, and nothing of another size")
  func prepared() throws {
    for (name, make) in Self.objectives {
      let (first, second) = (make(), make())
      try first.prepare(FixedModel(seed: 1), [[0, 1], [2]]) { _ in }
      #expect(first.preparedState.count == first.preparedSize, "\(name)")
      #expect(second.restore(preparedState: first.preparedState))
      #expect(second.preparedState == first.preparedState)
      #expect(!second.restore(preparedState: [1]))
      let point = Self.labels(first, [0, 1])
      #expect(
        second.value([0, 1], point, Self.share).loss == first.value([0, 1], point, Self.share).loss)
    }
  }

  @Test("KTO's statistics are means over the answers of a verdict")
  func ktoStatistics() {
    var statistics = KTOStatistics(divergence: 0.5)
    statistics.add(isDesirable: true, reward: 1, logProbability: -4)
    statistics.add(isDesirable: true, reward: 2, logProbability: -6)
    #expect(
      statistics.means == [
        NamedValue("kl", 0.5), NamedValue("rewards/chosen", 1.5), NamedValue("logps/chosen", -5),
      ])
    statistics.add(isDesirable: false, reward: -1, logProbability: -9)
    #expect(statistics.means.last == NamedValue("rewards/margins", 2.5))
  }
}
