import ModelFiles
import Models
import Parallelism
import Records
import Reproducibility
import Tensors
import Testing
import Tokenization
import Training

/// However the rows of a step are laid out, in one packed batch or accumulated one by one, the loss
/// and the gradients are the same, dropout included.
@Suite("layouts of a step")
struct LayoutTests {
  private static let vocabulary = 40

  private static func model(seed: UInt64) -> LanguageModel {
    LanguageModel.initialized(
      ModelConfiguration(
        modelType: "llama", vocabularySize: vocabulary, hiddenSize: 16, intermediateSize: 24,
        layerCount: 2, headCount: 2, keyValueHeadCount: 1, headSize: 8, contextLength: 64,
        ropeTheta: 10_000, rmsNormEpsilon: 1e-5, tiesWordEmbeddings: false, bosTokenID: nil,
        eosTokenIDs: []), seed: seed,
      trainable: .newAdapter(LoRASettings(rank: 3, alpha: 6, dropout: 0.1), seed: seed &+ 1),
      pool: ThreadPool(threads: 1))
  }

  private static func examples(_ random: CounterRandom, _ count: Int) -> [TokenExample] {
    (0..<count).map { row in
      let at = UInt64(row) * 100
      let length = 2 + random.integer(at, below: 14)
      let ids = (0..<length).map { Int32(random.integer(at + 1 + UInt64($0), below: vocabulary)) }
      let hidden = random.integer(at + 50, below: length - 1)
      return TokenExample(
        row: ObjectiveTests.row(row), ids: ids,
        labels: ids.enumerated().map { $0 < hidden ? -100 : $1 })
    }
  }

  /// Completions that are there already.
  private final class Table: RolloutSource {
    let rewardNames = ["table"]
    let completions: [[Int32]]

    init(_ completions: [[Int32]]) { self.completions = completions }

    func completions(
      _ request: RolloutRequest,
      _ progress: (_ done: Int, _ total: Int, _ what: String) throws -> Void
    ) -> RolloutBatch {
      RolloutBatch(
        completions: completions, isFinished: completions.map { _ in true },
        rewards: [completions.map { Double($0[0] % 5) }])
    }
  }

  private static func objectives(_ seed: UInt64, _ model: LanguageModel) throws
    -> [(name: String, objective: any TrainingObjective)]
  {
    let examples = examples(CounterRandom(seed: seed, stream: "layout"), 8)
    let teacher = Self.model(seed: seed &+ 9)
    let prompts = examples.prefix(4).map { (row: $0.row, ids: $0.ids) }
    var loss = PolicyLoss(.dapo)
    loss.beta = 0.1
    let policy = PolicyObjective(
      prompts, PolicySettings(.relative(loss, .group), completionsPerPrompt: 2),
      Table(examples.map(\.ids)), model: model)
    let rows = Array(0..<8)
    try policy.begin(
      1,
      StepPlan(
        microBatches: [rows],
        round: StepPlan.Round(number: 0, microBatches: [rows], isReused: true)), model
    ) { _, _, _ in }
    return [
      ("tokens", TokenObjective(examples)), ("dapo", policy),
      (
        "forward_kl",
        DistillationObjective(examples, teacher: teacher, VocabularyDivergence(.forwardKL))
      ),
      (
        "js",
        DistillationObjective(
          examples, teacher: teacher, VocabularyDivergence(.jensenShannon(0.3), temperature: 1.7))
      ),
    ]
  }

  private static func step(
    _ objective: any TrainingObjective, _ model: LanguageModel, _ batches: [[Int]]
  ) throws -> (loss: Double, gradients: [Float]) {
    let tokens = batches.joined().reduce(0) { $0 + objective.trainedTokens[$1] }
    model.zeroGradients()
    var loss = 0.0
    for batch in batches {
      let share = LossShare(
        token: 1 / Double(tokens), row: 1 / Double(batch.count * batches.count),
        microBatch: 1 / Double(batches.count))
      loss += try objective.backward(model, batch, share, dropoutKey: 77).loss
    }
    return (loss, model.parameters.flatMap { $0.gradient.values() })
  }

  @Test("packed = unpacked = accumulated, for every objective of tokens", arguments: 0..<6)
  func layouts(_ seed: UInt64) throws {
    let model = Self.model(seed: seed)
    // B of a fresh adapter is 0, and most gradients with it.
    for (index, parameter) in model.parameters.enumerated() {
      let random = CounterRandom(seed: seed, stream: "values", UInt64(index))
      parameter.values.write(
        (0..<parameter.values.count).map { Float(0.1 * random.normal(UInt64($0))) })
    }
    let random = CounterRandom(seed: seed, stream: "layouts")
    let order = random.permutation(of: 8)
    let cut = 1 + random.integer(100, below: 7)
    let layouts = [
      [Array(0..<8)], (0..<8).map { [$0] }, [Array(order[..<cut]), Array(order[cut...])],
    ]
    for (name, objective) in try Self.objectives(seed, model) {
      let results = try layouts.map { try Self.step(objective, model, $0) }
      let size = results[0].gradients.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(size > 0, "\(name)")
      for result in results.dropFirst() {
        #expect(
          abs(result.loss - results[0].loss) <= 2e-6 * max(1, abs(results[0].loss)), "\(name)")
        let distance = zip(result.gradients, results[0].gradients)
          .reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }.squareRoot()
        #expect(distance <= 5e-6 * size, "\(name): gradients differ by \(distance / size)")
      }
    }
  }
}
