import ModelFiles
import Models
import Parallelism
import Tensors
import Testing

/// Adapters of every form, on every place, against finite differences and against each other.
@Suite struct AdapterTests {
  static let forms: [(name: String, targets: [String], saved: [String], dora: Bool)] = [
    ("linears", [], [], false),
    ("embedding and head", ["q_proj", "embed_tokens", "lm_head"], [], false),
    ("saved", ["v_proj"], ["embed_tokens", "lm_head"], false),
    ("dora", ["q_proj", "o_proj", "down_proj"], [], true),
    ("dora at the ends", ["embed_tokens", "lm_head"], [], true),
    ("experts", [], [], false),
    ("dora of experts", ["gate_proj", "down_proj"], [], true),
  ]

  static func configuration(_ form: Int) -> ModelConfiguration {
    guard forms[form].name.contains("experts") else { return DeterminismTests.configuration }
    var configuration = DeterminismTests.sparse
    // The balance of experts is no part of the likelihood.
    configuration.flags.experts?.auxiliaryLossCoefficient = 0
    // Every expert sees every token: choices would make the likelihood jump.
    configuration.flags.experts?.perToken = 5
    return configuration
  }

  static func model(
    _ form: Int, dropout: Double = 0, precision: WeightPrecision = .float32
  ) -> LanguageModel {
    let (_, targets, saved, dora) = forms[form]
    var settings = LoRASettings(
      rank: 3, alpha: 5, dropout: dropout, targetModules: targets, useDoRA: dora)
    settings.configuration.modulesToSave = saved
    let model = LanguageModel.initialized(
      configuration(form), seed: 3, trainable: .newAdapter(settings, seed: 5),
      pool: ThreadPool(threads: 2), precision: precision)
    // What starts at zero has no effect and takes gradients from others.
    for parameter in model.parameters
    where parameter.name.hasSuffix("lora_B.weight") || parameter.name.hasSuffix("embedding_A") {
      parameter.values.write(
        (0..<parameter.values.count).map { Float(($0 * 31 + 7) % 13 - 6) * 0.02 })
    }
    return model
  }

  static let batch = TokenBatch(predictingNextIn: DeterminismTests.rows([37, 5, 64]))
  static let slope: Float = -0.01

  static func loss(_ model: LanguageModel) -> Double {
    model.logProbabilities(batch).reduce(0) { $0 + Double($1) } * Double(slope)
  }

  static func step(_ model: LanguageModel, dropoutKey: UInt64? = nil, known: Bool = false)
    -> [Float]
  {
    model.zeroGradients()
    let count = batch.labelledPositions.count
    return model.forwardBackward(
      batch, PassOptions(dropoutKey: dropoutKey),
      known
        ? .known(Array(repeating: slope, count: count))
        : .computed { $0.map { _ in slope } })
  }

  @Test("gradients are the slopes of the loss", arguments: forms.indices)
  func differences(form: Int) {
    let model = Self.model(form)
    _ = Self.step(model)
    let isDoRA = Self.forms[form].dora
    let largest = model.parameters.flatMap { $0.gradient.values().map(abs) }.max() ?? 0
    for parameter in model.parameters {
      // DoRA's norms count as constants: only its magnitudes have their whole slope.
      if isDoRA, !parameter.name.hasSuffix("magnitude_vector") { continue }
      let (values, gradient) = (parameter.values.values(), parameter.gradient.values())
      // An expert that hardly any token sees has a slope below single precision.
      if (gradient.map(abs).max() ?? 0) < 1e-2 * largest { continue }
      let norm = gradient.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(norm > 0, "\(parameter.name)")
      let step = 1e-2 / norm
      func moved(_ sign: Double) -> Double {
        parameter.values.write(
          zip(values, gradient).map { $0 + Float(sign * step * Double($1)) })
        return Self.loss(model)
      }
      let slope = (moved(1) - moved(-1)) / (2 * step)
      parameter.values.write(values)
      let noise = 4e-6 / (2 * step)
      #expect(
        abs(slope - norm * norm) < 1e-2 * norm * norm + noise, "\(parameter.name): \(slope)")
    }
  }

  @Test("known slopes give the gradients that computed ones give", arguments: forms.indices)
  func known(form: Int) {
    let model = Self.model(form)
    _ = Self.step(model)
    let computed = model.parameters.map { $0.gradient.values() }
    _ = Self.step(model, known: true)
    for (parameter, expected) in zip(model.parameters, computed) {
      let largest = expected.map(abs).max() ?? 0
      let worst = zip(parameter.gradient.values(), expected).map { abs($0 - $1) }.max() ?? 1
      #expect(worst <= 1e-5 * largest, "\(parameter.name)")
    }
  }

  @Test(
    "the form with dropout is the form without where nothing is dropped", arguments: forms.indices)
  func dropout(form: Int) {
    let plain = Self.model(form)
    // So small that no 32-bit number falls below it.
    let dropping = Self.model(form, dropout: 1e-12)
    let expected = Self.step(plain)
    let own = Self.step(dropping, dropoutKey: 4)
    #expect(zip(own, expected).allSatisfy { abs($0 - $1) < 2e-5 })
    for (a, b) in zip(dropping.parameters, plain.parameters) {
      let goal = b.gradient.values()
      let largest = goal.map(abs).max() ?? 0
      let worst = zip(a.gradient.values(), goal).map { abs($0 - $1) }.max() ?? 1
      #expect(worst <= 2e-5 * largest, "\(a.name): \(worst) of \(largest)")
    }
  }

  @Test("a fresh adapter changes nothing, and switching it off gives the base's bits")
  func fresh() {
    let positions = Array(0..<20)
    for form in Self.forms.indices {
      let base = LanguageModel.initialized(
        Self.configuration(form), seed: 3, trainable: .nothing, pool: ThreadPool(threads: 2))
      let expected = base.logits(Self.batch, positions: positions)
      let model = Self.model(form)
      #expect(
        model.withoutAdapter { model.logits(Self.batch, positions: positions) } == expected)
      for parameter in model.parameters
      where parameter.name.hasSuffix("lora_B.weight") || parameter.name.hasSuffix("embedding_A") {
        parameter.values.write(Array(repeating: 0, count: parameter.values.count))
      }
      let logits = model.logits(Self.batch, positions: positions)
      for (a, b) in zip(logits, expected) {
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 }, "\(Self.forms[form].name)")
      }
    }
  }

  @Test("texts that grow token by token see the same adapter", arguments: forms.indices)
  func generation(form: Int) {
    let model = Self.model(form)
    let ids = (0..<12).map { Int32($0 * 17 % 211) }
    let whole = model.logits(TokenBatch(predictingNextIn: [ids]), positions: Array(0..<12))
    let cache = KeyValueCache(
      model.configuration, slots: 1, capacity: 16, backend: model.backend)
    for (position, id) in ids.enumerated() {
      let logits = model.advance(
        cache, [LanguageModel.NextToken(slot: 0, id: id)], wanted: [0]
      ).values()
      #expect(zip(logits, whole[position]).allSatisfy { abs($0 - $1) < 2e-5 })
    }
    // Other weights, another text: nothing of the old ones is left.
    for parameter in model.parameters {
      parameter.values.write(parameter.values.values().map { $0 * 1.5 })
    }
    let after = model.logits(TokenBatch(predictingNextIn: [[ids[0]]]), positions: [0])
    cache.clear(0)
    let logits = model.advance(
      cache, [LanguageModel.NextToken(slot: 0, id: ids[0])], wanted: [0]
    ).values()
    #expect(zip(logits, after[0]).allSatisfy { abs($0 - $1) < 2e-5 })
  }

  @Test("bases in 16 and 4 bits compute with the values they stand for", arguments: forms.indices)
  func precisions(form: Int) {
    for format in [WeightMatrix.Format.bfloat16, .nf4Plain, .nf4] {
      let precision = WeightPrecision(
        linears: format, tables: format == .bfloat16 ? .bfloat16 : .float32)
      let model = Self.model(form, precision: precision)
      let positions = Array(0..<37)
      let logits = model.logits(Self.batch, positions: positions)
      let merged = LanguageModel.initialized(
        model.mergedConfiguration, seed: 0, trainable: .all, pool: ThreadPool(threads: 2))
      for parameter in merged.parameters { parameter.values.write(model.weight(parameter.name)) }
      for (a, b) in zip(logits, merged.logits(Self.batch, positions: positions)) {
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 }, "\(format)")
      }
      _ = Self.step(model)
      #expect(model.parameters.allSatisfy { $0.gradient.values().contains { $0 != 0 } })
    }
  }
}
