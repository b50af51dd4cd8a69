internal import Generation
internal import ModelFiles
internal import Models
internal import Tokenization

/// Written answers (`generate_until` of lm-evaluation-harness).
extension LanguageModelUnderTest {
  /// Fills in the answers to completions, those of the same settings together.
  func complete(
    _ requests: [ModelRequest], _ results: inout [ModelAnswer?],
    progress: (_ finished: Int) throws -> Void
  ) throws {
    struct Key: Hashable {
      var settings: CompletionSettings
      var isText: Bool
    }
    var groups: [Key: [(index: Int, prompt: EvaluationPrompt)]] = [:]
    var order: [Key] = []
    for (index, request) in requests.enumerated() {
      guard case .completion(let prompt, let settings) = request else { continue }
      let isText = if case .text = prompt { true } else { false }
      let key = Key(settings: settings, isText: isText)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append((index, prompt))
    }
    var finished = 0
    for key in order {
      let (group, settings) = (groups[key] ?? [], key.settings)
      let answers = try completions(group.map(\.prompt), settings) {
        try progress(finished + $0)
      }
      for (item, answer) in zip(group, answers) { results[item.index] = .completion(answer) }
      finished += group.count
    }
  }

  private func completions(
    _ prompts: [EvaluationPrompt], _ settings: CompletionSettings,
    progress: (Int) throws -> Void
  ) throws -> [[CompletionAnswer]] {
    let room = max(1, context - settings.maxNewTokens)
    let ids = try prompts.map { try promptIDs($0, room: room) }
    // Greedy answers to one prompt are all the same one.
    let samples = max(1, settings.samples), drawn = settings.temperature > 0 ? samples : 1
    let texts = try generator.generate(
      ids.flatMap { ids in
        (0..<drawn).map { sample in
          Generator.Prompt(ids: ids, sampleKey: Self.sampleKey(ids, sample))
        }
      }, sampling(settings, prompts)
    ) { try progress($0.finished / drawn) }
    return stride(from: 0, to: texts.count, by: drawn).map { start in
      let answers = texts[start..<start + drawn].map { answer($0, settings) }
      return drawn == samples ? answers : Array(repeating: answers[0], count: samples)
    }
  }

  private func promptIDs(_ prompt: EvaluationPrompt, room: Int) throws -> [Int32] {
    switch prompt {
    case .conversation(let turns, let tools):
      return fitted(try builder.promptIDs(turns, tools: tools), room)
    case .text(let text):
      let (ids, isShortened) = harness.prompt(text, room: room)
      if isShortened { shortened += 1 }
      return ids
    }
  }

  private func sampling(_ settings: CompletionSettings, _ prompts: [EvaluationPrompt])
    -> SamplingSettings
  {
    // Plain text ends where the model's configuration says, a conversation also with its turn.
    let own =
      model.configuration.eosTokenIDs.compactMap { Int32(exactly: $0) }
      + [tokenizer.eos?.id].compactMap(\.self)
    let isText = prompts.allSatisfy { if case .text = $0 { true } else { false } }
    let stops = Set(own + (isText ? [] : builder.stopTokenIDs)).sorted()
    var sampling = SamplingSettings(
      maxNewTokens: settings.maxNewTokens, temperature: settings.temperature,
      topK: settings.topK, topP: settings.topP, seed: settings.seed,
      stopTokenIDs: stops,
      stopStrings: settings.stops)
    sampling.isJSON = settings.constraint == .json
    return sampling
  }

  /// What an answer is drawn by: the prompt itself, so that it does not depend on other requests.
  static func sampleKey(_ ids: [Int32], _ sample: Int) -> UInt64 {
    // FNV-1a over the ids, then the number of the sample.
    var key: UInt64 = 0xCBF2_9CE4_8422_2325
    for id in ids { key = (key ^ UInt64(UInt32(bitPattern: id))) &* 0x100_0000_01B3 }
    return (key ^ UInt64(sample)) &* 0x100_0000_01B3
  }

  /// The answer alone as text, cut at the first occurrence of each stop in their order.
  private func answer(_ text: Generated, _ settings: CompletionSettings) -> CompletionAnswer {
    var cut = tokenizer.decode(text.ids, skipSpecialTokens: true)[...]
    let end = tokenizer.eos.map { [$0.text] } ?? []
    for stop in settings.stops + end where !stop.isEmpty {
      if let place = cut.utf8.firstRange(of: stop.utf8) {
        cut = cut[..<place.lowerBound]
      }
    }
    return CompletionAnswer(
      text: String(cut), tokens: text.ids.count, ended: text.finish == .stop)
  }
}
