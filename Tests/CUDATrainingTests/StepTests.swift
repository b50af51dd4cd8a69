import CUDADevices
import EmulatedCards
import ModelFiles
import Models
import Tensors
import Testing

/// One step of a model on an emulated card beside the host's.
@Suite struct StepTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let trainable: Trainable
    var precision = WeightPrecision.float32
    var configuration = CardModel.configuration
    var testDescription: String { name }
  }

  /// Gemma's rules: norms that add one, GELU, soft caps, a window, norms of queries and keys.
  static let bent: ModelConfiguration = {
    var bent = CardModel.configuration
    bent.flags.normAddsOne = true
    bent.flags.activation = .geluTanh
    bent.flags.attentionSoftcap = 20
    bent.flags.logitSoftcap = 15
    bent.flags.queryKeyNorm = .perHead
    bent.layers[0].window = 9
    bent.tiesWordEmbeddings = true
    return bent
  }()

  static let sparse: ModelConfiguration = {
    var sparse = CardModel.configuration
    sparse.flags.experts = DecoderFlags.Experts(
      count: 4, perToken: 2, intermediateSize: 24, normalizesWeights: true,
      auxiliaryLossCoefficient: 0.01, naming: .qwen)
    sparse.layers[1].isSparse = true
    return sparse
  }()

  static let cases = [
    Case(name: "all weights", trainable: .all),
    Case(name: "an adapter", trainable: CardModel.adapter),
    Case(
      name: "an adapter on bfloat16", trainable: CardModel.adapter,
      precision: WeightPrecision(linears: .bfloat16, tables: .bfloat16)),
    Case(
      name: "an adapter on NF4", trainable: CardModel.adapter,
      precision: WeightPrecision(linears: .nf4, tables: .bfloat16)),
    Case(name: "caps, windows, norms of heads", trainable: .all, configuration: bent),
    Case(name: "experts", trainable: .all, configuration: sparse),
  ]

  struct Step {
    var logProbabilities: [Float]
    var gradients: [(name: String, values: [Float])]
  }

  static func step(_ at: Case, on device: EmulatedDevice?) throws -> Step {
    let model = try CardModel.model(
      at.trainable, at.precision, configuration: at.configuration, on: device)
    for parameter in model.parameters where parameter.name.hasSuffix("lora_B.weight") {
      parameter.values.write((0..<parameter.values.count).map { Float($0 % 7 - 3) * 0.01 })
    }
    let batch = TokenBatch(predictingNextIn: CardModel.rows([20, 1, 33, 9]))
    model.zeroGradients()
    let found = model.forwardBackward(
      batch, PassOptions(dropoutKey: 99, auxiliaryShare: 1), .computed { $0.map { _ in -0.01 } })
    try model.backend.check()
    return Step(
      logProbabilities: found,
      gradients: model.parameters.map { ($0.name, $0.gradient.values()) })
  }

  /// The longest chain of sums: the widest product and the vocabulary of every layer, forward and
  /// backward, each rounded to half a unit in the last place.
  static let bound = Float(2 * 2 * (48 + 32 + 70 + 63)) * 0x1p-24

  @Test("log-probabilities and gradients are the host's", arguments: cases)
  func same(at: Case) throws {
    let (host, card) = (
      try Self.step(at, on: nil), try Self.step(at, on: EmulatedDevice())
    )
    for (a, b) in zip(host.logProbabilities, card.logProbabilities) {
      #expect(abs(a - b) <= Self.bound * max(1, abs(a)))
    }
    #expect(host.gradients.map(\.name) == card.gradients.map(\.name))
    for (a, b) in zip(host.gradients, card.gradients) {
      let size = a.values.map(abs).max() ?? 0
      let distance = zip(a.values, b.values).map { abs($0 - $1) }.max() ?? 0
      #expect(distance <= Self.bound * size, "\(a.name): \(distance) of \(size)")
      #expect(b.values.contains { $0 != 0 } == a.values.contains { $0 != 0 }, "\(a.name)")
    }
  }

  @Test("the same step twice has the same bits")
  func twice() throws {
    let steps = try (0..<2).map { _ in try Self.step(Self.cases[1], on: EmulatedDevice()) }
    #expect(steps[0].logProbabilities == steps[1].logProbabilities)
    for (a, b) in zip(steps[0].gradients, steps[1].gradients) { #expect(a.values == b.values) }
  }

  @Test("products in bfloat16 stay near those in float32")
  func half() throws {
    var precision = WeightPrecision(linears: .nf4, tables: .bfloat16)
    let exact = try Self.step(
      Case(name: "", trainable: CardModel.adapter, precision: precision), on: EmulatedDevice())
    precision.products = .bfloat16
    let rounded = try Self.step(
      Case(name: "", trainable: CardModel.adapter, precision: precision), on: EmulatedDevice())
    let pairs = zip(exact.logProbabilities, rounded.logProbabilities)
    #expect(pairs.allSatisfy { abs($0 - $1) < 0.02 })
    #expect(pairs.contains { $0 != $1 })
  }
}
