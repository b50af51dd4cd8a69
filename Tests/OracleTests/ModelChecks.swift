import Documents
import Foundation
import Generation
import ModelFiles
import Models
import OracleFiles
import Parallelism
import Records
import Reproducibility
import Tensors
import TestSupport
import Testing
import Tokenization

/// What a folder with weights and `expected.json` promises of its model.
struct ModelChecks {
  let folder: String
  let pool = ThreadPool(threads: 2)

  private func load(_ trainable: Trainable) throws -> LanguageModel {
    try LanguageModel.load(
      ModelFolder(FileTree(folder: folder)), trainable: trainable, pool: pool)
  }

  /// Logits, likelihoods and gradients.
  func numbers() throws {
    let checks = try ForwardChecks(
      model: load(.all), oracle: ForwardOracle(folder))
    try checks.logits()
    try checks.gradients()
  }

  /// Layers that are computed again give the same bits.
  func repeated() throws {
    let oracle = try ForwardOracle(folder)
    func gradients(_ repeatedLayers: Int) throws -> [[Float]] {
      let model = try load(.newAdapter(LoRASettings(rank: 3, alpha: 6), seed: 5))
      for parameter in model.parameters where parameter.name.contains("lora_B") {
        parameter.values.write((0..<parameter.values.count).map { Float($0 % 7 - 3) * 0.01 })
      }
      model.repeatedLayers = repeatedLayers
      model.forwardBackward(oracle.batch, PassOptions(), .computed { $0.map { _ in -0.01 } })
      return model.parameters.map { $0.gradient.values() }
    }
    let kept = try gradients(0)
    #expect(kept.contains { $0.contains { $0 != 0 } })
    #expect(try gradients(1) == kept)
    #expect(try gradients(.max) == kept)
  }

  /// The auxiliary loss beside the mean likelihood, and the gradients of their sum.
  func loadBalance() throws {
    let oracle = try ForwardOracle(folder)
    let expected = try #require(oracle.json["aux"])
    let model = try load(.all)
    let coefficient = try #require(model.configuration.flags.experts?.auxiliaryLossCoefficient)
    try #require(coefficient > 0)
    let loss = coefficient * (try #require(expected["aux_loss"]?.doubleValue))
    let norms = ForwardOracle.norms(expected["grad_l2"])
    let bound = max(10 * oracle.noise.gradients, 2e-6)
    let mean = LabelSlopes.computed { logp in logp.map { _ in -1 / Float(logp.count) } }
    model.forwardBackward(oracle.batch, PassOptions(auxiliaryShare: 1), mean)
    #expect(abs(model.auxiliaryLoss - loss) <= 2e-6 * loss)
    try ForwardChecks.compareNorms(model, norms, bound: bound)
    // A share is a factor, layers that are computed again know the balance of all layers, and
    // without a share there is no such loss.
    model.zeroGradients()
    model.repeatedLayers = .max
    model.forwardBackward(oracle.batch, PassOptions(auxiliaryShare: 1), mean)
    try ForwardChecks.compareNorms(model, norms, bound: bound)
    model.forwardBackward(oracle.batch, PassOptions(auxiliaryShare: 0.25), mean)
    #expect(abs(model.auxiliaryLoss - loss / 4) <= 2e-6 * loss)
    model.forwardBackward(oracle.batch, PassOptions(), mean)
    #expect(model.auxiliaryLoss == 0)
  }

  /// Greedy text with a cache.
  func greedy() throws {
    let oracle = try ForwardOracle(folder)
    let greedy = try #require(oracle.json["greedy"])
    func numbers(_ key: String) -> [Double] {
      (greedy[key]?.arrayValue ?? []).compactMap(\.doubleValue)
    }
    let prompt = numbers("prompt").map { Int32($0) }
    let expected = numbers("tokens").map { Int32($0) }
    let gaps = numbers("top2_gap")
    try #require(!expected.isEmpty && gaps.count == expected.count)
    let model = try load(.nothing)
    if let tokenizer = try tokenizer() {
      let text = try Generator(model: model, tokenizer: tokenizer)
        .generate([prompt], SamplingSettings(maxNewTokens: expected.count))[0]
      let room = model.configuration.contextLength - prompt.count
      #expect(text.ids.count == min(expected.count, room))
      for (index, id) in text.ids.enumerated() where id != expected[index] {
        #expect(gaps[index] < 1e-4, "token \(index) is \(id), expected \(expected[index])")
        break
      }
    }
    // The same tokens through the cache, whatever was chosen above.
    let cache = KeyValueCache(
      model.configuration, slots: 1, capacity: prompt.count + expected.count,
      backend: model.backend)
    let largest = try oracle.logits().joined().map(abs).max() ?? 0
    let bound = max(10 * oracle.noise.logits, 2e-6 * largest)
    var next = prompt, worst = 0.0
    for (id, logp) in zip(expected, numbers("logprob")) {
      let tokens = next.map { LanguageModel.NextToken(slot: 0, id: $0) }
      let logits = model.advance(cache, tokens, wanted: [tokens.count - 1]).values()
      let own = Double(logits[Int(id)]) - ForwardChecks.logSumExp(logits)
      worst = max(worst, abs(own - logp))
      next = [id]
    }
    #expect(worst <= bound, "a log-probability differs by \(worst), at most \(bound)")
    Figures.note("generation", worst / bound)
  }

  /// Likelihoods of texts cut in two, their beginnings shared.
  func shared() throws {
    let oracle = try ForwardOracle(folder)
    if oracle.json["token_nll_f64"] == nil { return }
    let model = try load(.nothing)
    let longest = model.configuration.angleClass(
      length: oracle.rows.map(\.count).max() ?? 0)
    let expected = try ForwardOracle.numbers(oracle.json, "token_nll_f64")
    let bound = bound(oracle, expected.joined().max() ?? 0)
    let scorer = LikelihoodScorer(model: model, tokensPerPass: 8)
    for (row, values) in zip(oracle.rows, expected)
    where model.configuration.angleClass(length: row.count) == longest {
      let whole = CompletionScorer.Item(prompt: [], completion: row).text
      let half = LabelledText(
        ids: whole.ids,
        labels: whole.labels.enumerated().map { 2 * $0 < row.count ? $1 : TokenBatch.ignored })
      let measures = scorer.measure([half, whole])[1]
      #expect(measures.count == row.count - 1)
      for (measure, value) in zip(measures, values) {
        #expect(abs(Double(-measure.logProbability) - value) <= bound)
      }
    }
  }

  private func bound(_ oracle: ForwardOracle, _ value: Double) -> Double {
    max(10 * oracle.noise.logits, 2e-6 * value)
  }

  private func tokenizer() throws -> Tokenizer? {
    let tree = try FileTree(folder: folder)
    return tree["tokenizer.json"] == nil ? nil : try Tokenizer(tree)
  }

  /// Texts and conversations, where the case has any.
  func tokens() throws {
    let oracle = try ForwardOracle(folder)
    guard let expected = oracle.json["tokenizer"] else { return }
    let tokenizer = try #require(try tokenizer())
    func ids(_ json: JSONValue?) -> [Int32] {
      (json?.arrayValue ?? []).compactMap { $0.integerValue.map(Int32.init) }
    }
    for item in expected["encode"]?.arrayValue ?? [] {
      let text = try #require(item["text"]?.stringValue)
      #expect(
        tokenizer.encode(text, addSpecialTokens: true, parseSpecial: true) == ids(item["ids"]))
      let plain = ids(item["ids_no_special"])
      #expect(tokenizer.encode(text, addSpecialTokens: false, parseSpecial: true) == plain)
      #expect(
        tokenizer.decode(plain, skipSpecialTokens: false) == item["decoded"]?.stringValue)
    }
    guard let chat = expected["chat"] else { return }
    let template = try #require(try ChatTemplate.find(in: FileTree(folder: folder)))
    let messages = try (chat["messages"]?.arrayValue ?? []).map { message in
      Message(
        try #require(Message.Role(rawValue: message["role"]?.stringValue ?? "")),
        try #require(message["content"]?.stringValue))
    }
    func render(_ asks: Bool) throws -> String {
      try template.render(
        messages, tools: nil, addGenerationPrompt: asks, tokenizer: tokenizer
      ).text
    }
    #expect(try render(false) == chat["rendered"]?.stringValue)
    let example = try ExampleBuilder(tokenizer: tokenizer, template: template).example(
      Row(
        id: RowID(hash: String(repeating: "0", count: 32), ordinal: 0),
        content: .conversation(messages, tools: nil)))
    let (all, mask) = (ids(chat["ids"]), ids(chat["assistant_mask"]))
    #expect(example.ids == all)
    #expect(example.labels == zip(all, mask).map { $1 == 1 ? $0 : -100 })
    let prompt = messages.last?.role == .assistant ? Array(messages.dropLast()) : messages
    let asked = try template.render(
      prompt, tools: nil, addGenerationPrompt: true, tokenizer: tokenizer
    ).text
    #expect(asked == chat["generation_prompt"]?.stringValue)
  }
}
