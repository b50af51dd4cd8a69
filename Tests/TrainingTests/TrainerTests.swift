import Diagnostics
import Models
import Parallelism
import Records
import Reproducibility
import Tensors
import TestSupport
import Testing
import Tokenization
import Training

@Suite("Trainer")
struct TrainerTests {
  static let vocabulary = 12

  static func examples(_ count: Int, seed: UInt64) -> [TokenExample] {
    let random = CounterRandom(seed: seed, stream: "examples")
    return (0..<count).map { row in
      let base = UInt64(row) * 100
      let length = 2 + random.integer(base, below: 9)
      let ids = (0..<length).map {
        Int32(random.integer(base + 1 + UInt64($0), below: vocabulary))
      }
      let masked = random.integer(base + 50, below: length - 1)
      return TokenExample(
        row: Self.rowID(row), ids: ids,
        labels: ids.enumerated().map { $0.offset < masked ? -100 : $0.element })
    }
  }

  static func rowID(_ row: Int) -> RowID {
    RowID(hash: String(Digest(of: Array("row \(row)".utf8)).hex.prefix(32)), ordinal: 0)
  }

  static func settings(packing: Bool = false) -> TrainingSettings {
    var settings = TrainingSettings(
      batching: BatchSettings(
        microBatchSize: 2, gradientAccumulationSteps: 2, sequenceLength: 12,
        samplePacking: packing, seed: 5),
      epochs: 3, learningRate: 0.05)
    settings.optimizer = OptimizerSettings(weightDecay: 0.01)
    settings.warmup = .steps(2)
    settings.saving = .steps(3)
    settings.usesDropout = true
    return settings
  }

  static func trainer(
    _ model: ToyModel, _ settings: TrainingSettings, _ host: TestHost, threads: Int = 1,
    preference: Bool = false
  ) -> Trainer {
    let (train, held): (any TrainingObjective, any TrainingObjective) =
      preference
      ? (
        PreferenceObjective(pairs(21, seed: 1), PreferenceLoss(.sigmoid, beta: 0.3)),
        PreferenceObjective(pairs(5, seed: 2), PreferenceLoss(.sigmoid, beta: 0.3))
      )
      : (TokenObjective(examples(21, seed: 1)), TokenObjective(examples(5, seed: 2)))
    return Trainer(
      model: model, objective: train, validation: held, settings: settings, host: host)
  }

  static func pairs(_ count: Int, seed: UInt64) -> [PreferenceExample] {
    let (a, b) = (examples(count, seed: seed), examples(count, seed: seed + 100))
    return (0..<count).map {
      PreferenceExample(
        row: a[$0].row, prompt: [Int32($0 % vocabulary), 3], chosen: a[$0].ids,
        rejected: b[$0].ids)
    }
  }

  static func bits(_ model: ToyModel) -> [[UInt32]] {
    model.parameters.map { $0.values.values().map(\.bitPattern) }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var packing: Bool
    var preference: Bool
    var testDescription: String { "\(preference ? "dpo" : "sft")\(packing ? " packed" : "")" }
  }

  static let cases = [
    Case(packing: false, preference: false), Case(packing: true, preference: false),
    Case(packing: false, preference: true),
  ]

  @Test(
    "a run stopped at any question and resumed ends with the bits of one that was not",
    arguments: cases)
  func resume(_ test: Case) throws {
    var settings = Self.settings(packing: test.packing)
    settings.loadsBestModelAtEnd = true
    let whole = ToyModel(vocabulary: Self.vocabulary, seed: 4)
    let calm = TestHost(try TemporaryFolder())
    let expected = try Self.trainer(whole, settings, calm, preference: test.preference).run()
    var questions = 0
    while true {
      let host = TestHost(try TemporaryFolder())
      host.stopsAfterQuestions = questions
      let first = ToyModel(vocabulary: Self.vocabulary, seed: 4)
      do {
        _ = try Self.trainer(first, settings, host, preference: test.preference).run()
        break
      } catch is CancellationError {}
      host.stopsAfterQuestions = nil
      let second = ToyModel(vocabulary: Self.vocabulary, seed: 4)
      let summary = try Self.trainer(second, settings, host, preference: test.preference).run()
      #expect(summary == expected, "stopped at question \(questions)")
      #expect(Self.bits(second) == Self.bits(whole), "stopped at question \(questions)")
      #expect(host.steps.last == calm.steps.last)
      questions += 1
    }
    #expect(questions > calm.steps.count * 2)
  }

  @Test("a run killed after any checkpoint repeats only what came after it", arguments: cases)
  func kill(_ test: Case) throws {
    let settings = Self.settings(packing: test.packing)
    let whole = ToyModel(vocabulary: Self.vocabulary, seed: 4)
    let calm = TestHost(try TemporaryFolder())
    _ = try Self.trainer(whole, settings, calm, preference: test.preference).run()
    for saves in calm.saved.indices {
      let host = TestHost(try TemporaryFolder())
      host.diesAfterSaves = saves + 1
      let first = ToyModel(vocabulary: Self.vocabulary, seed: 4)
      #expect(throws: TestHost.Death.self) {
        try Self.trainer(first, settings, host, preference: test.preference).run()
      }
      host.diesAfterSaves = nil
      let done = host.steps.count
      let second = ToyModel(vocabulary: Self.vocabulary, seed: 4)
      _ = try Self.trainer(second, settings, host, preference: test.preference).run()
      #expect(Self.bits(second) == Self.bits(whole))
      #expect(host.steps.map(\.step) == calm.steps.map(\.step), "nothing is done twice")
      #expect(done == calm.saved[saves])
    }
  }

  @Test("one and two threads give the same bits")
  func threads() throws {
    let models = try [1, 2].map { threads in
      let model = ToyModel(vocabulary: 300, seed: 4)
      var settings = Self.settings()
      settings.stepsMax = 3
      let host = TestHost(try TemporaryFolder())
      _ = try Self.trainer(model, settings, host, threads: threads).run()
      return model
    }
    #expect(Self.bits(models[0]) == Self.bits(models[1]))
  }

  /// One step over all rows, cut in different ways.
  static func gradients(_ micro: Int, _ accumulation: Int, packing: Bool) throws -> [Float] {
    let model = ToyModel(vocabulary: vocabulary, seed: 4)
    var settings = TrainingSettings(
      batching: BatchSettings(
        microBatchSize: micro, gradientAccumulationSteps: accumulation, sequenceLength: 12,
        samplePacking: packing, seed: 5),
      stepsMax: 1, learningRate: 0.1)
    settings.usesDropout = true
    settings.gradientNormMax = nil
    let host = TestHost(try TemporaryFolder())
    _ = try Trainer(
      model: model, objective: TokenObjective(examples(21, seed: 1)), settings: settings,
      host: host
    ).run()
    return model.parameters.flatMap { $0.gradient.values() } + [Float(host.steps[0].loss)]
  }

  @Test("packed, unpacked and accumulated steps have the same loss and gradient")
  func layouts() throws {
    let whole = try Self.gradients(21, 1, packing: false)
    let others = try [
      Self.gradients(1, 21, packing: false), Self.gradients(4, 6, packing: false),
      Self.gradients(2, 100, packing: true), Self.gradients(100, 1, packing: true),
    ]
    for other in others {
      let worst = zip(whole, other).map { abs($0 - $1) }.max() ?? 1
      #expect(worst < 1e-6)  // sums of at most 200 terms below 1/100 each
    }
  }

  @Test("a loss that is not a number stops at once and names the rows")
  func notFinite() throws {
    let model = ToyModel(vocabulary: Self.vocabulary, seed: 4)
    let host = TestHost(try TemporaryFolder())
    var examples = Self.examples(21, seed: 1)
    for index in examples.indices {
      examples[index].ids = examples[index].ids.map { $0 == 11 ? 10 : $0 }
      examples[index].labels = examples[index].labels.map { $0 == 11 ? 10 : $0 }
    }
    examples[7].ids[1] = 11
    examples[7].labels[1] = 11
    model.poisonedLabel = 11
    var settings = Self.settings()
    settings.batching.shuffles = false
    settings.batching.microBatchSize = 1
    let trainer = Trainer(
      model: model, objective: TokenObjective(examples), settings: settings, host: host)
    let failure = try #require(throws: Failure.self) { try trainer.run() }
    #expect(failure.failureClass == .stageFailed)
    #expect(
      failure.description
        == "training.not-finite: the loss of step 4 is not a number with the rows \(Self.rowID(7))")
    #expect(host.steps.count == 3)
  }

  @Test("evaluation runs before, at the ends of epochs and after; the best weights are kept")
  func best() throws {
    var settings = Self.settings()
    settings.loadsBestModelAtEnd = true
    settings.learningRate = 0.5
    settings.usesDropout = false
    let host = TestHost(try TemporaryFolder())
    let model = ToyModel(vocabulary: Self.vocabulary, seed: 4)
    let summary = try Self.trainer(model, settings, host).run()
    #expect(summary.totalSteps == 18)
    #expect(host.evaluations.keys.sorted() == [0, 6, 12, 18])
    let losses = host.evaluations.mapValues { $0[0].value }
    let lowest = losses.values.min()
    #expect(losses[summary.keptStep] == lowest)
    #expect(summary.after == host.evaluations[summary.keptStep])
    #expect(summary.before == host.evaluations[0])
    // The kept weights really have that loss.
    let held = TokenObjective(Self.examples(5, seed: 2))
    let values = model.logProbabilities(held.batch([0, 1, 2, 3, 4]))
    let loss = -values.reduce(0) { $0 + Double($1) } / Double(values.count)
    #expect(abs(loss - (lowest ?? 0)) < 1e-6)
  }

  @Test("early stopping ends the run after so many evaluations without gain")
  func earlyStopping() throws {
    var settings = Self.settings()
    settings.learningRate = 5
    settings.evaluation = .steps(1)
    settings.earlyStoppingPatience = 2
    let host = TestHost(try TemporaryFolder())
    let model = ToyModel(vocabulary: Self.vocabulary, seed: 4)
    let summary = try Self.trainer(model, settings, host).run()
    #expect(summary.stoppedEarly)
    #expect(summary.steps == summary.keptStep + 2)
  }

  @Test("a loss above the watchdog's threshold for its patience ends the run")
  func watchdog() throws {
    var settings = Self.settings()
    settings.watchdogThreshold = 0.001
    settings.watchdogPatience = 2
    let host = TestHost(try TemporaryFolder())
    let model = ToyModel(vocabulary: Self.vocabulary, seed: 4)
    let failure = try #require(throws: Failure.self) {
      try Self.trainer(model, settings, host).run()
    }
    #expect(failure.diagnostics.map(\.code) == ["training.watchdog"])
    #expect(host.steps.count == 2)
  }

  @Test("preference training reports accuracies and starts at log 2 with margins of 0")
  func preference() throws {
    var settings = Self.settings()
    settings.usesDropout = false
    settings.epochs = 20
    settings.warmup = .steps(0)
    let host = TestHost(try TemporaryFolder())
    let model = ToyModel(vocabulary: Self.vocabulary, seed: 4)
    let summary = try Self.trainer(model, settings, host, preference: true).run()
    #expect(abs(host.steps[0].loss - 0.693147) < 1e-5)
    #expect(
      summary.before.map(\.name) == [
        "eval_loss", "eval_rewards/chosen", "eval_rewards/rejected", "eval_rewards/margins",
        "eval_rewards/accuracies", "eval_logps/chosen", "eval_logps/rejected",
        "eval_preference_accuracy",
      ])
    #expect(abs(summary.before[3].value) < 1e-6)
    #expect(
      host.steps.last?.statistics.first { $0.name == "preference_accuracy" }?.value == 1,
      "all pairs of the last step are won")
  }
}
