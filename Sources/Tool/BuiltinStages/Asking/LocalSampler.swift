internal import Documents
internal import Endpoints
internal import Evaluation
internal import Generation
internal import ModelFiles
internal import Models
internal import Parallelism
internal import Records
internal import Reproducibility
internal import StageKit
internal import Tokenization

/// A model of the pipeline that writes texts.
///
/// Requests are answered in blocks, which are kept like answers of endpoints: a kill loses the block
/// on its way. What is drawn depends on the block's requests, the seed, the place of the request and
/// the position.
final class LocalSampler: TextModel {
  let name: String
  let identity: JSONValue
  /// Prompts that lost their beginning for want of room.
  private(set) var shortened = 0

  private let model: LanguageModel
  private let builder: ExampleBuilder
  private let generator: Generator
  private let kept: AnswerCache?

  private static let blockMax = 64

  init(
    _ artifact: InputArtifact, fallback: ChatTemplate?, device: DeviceClass, _ context: StageContext
  ) throws {
    let folder = try ModelFolder(artifact.tree, reference: artifact.reference)
    let backend = try ComputeDevice.backend(device, pool: context.pool)
    model = try LanguageModel.load(
      folder, trainable: .nothing, pool: context.pool,
      precision: .forInference(folder, on: backend), backend: backend)
    let tokenizer = try ModelText.tokenizer(of: folder)
    let template = try ModelText.template(of: folder) ?? fallback
    builder = ExampleBuilder(
      tokenizer: tokenizer, template: template, trainOnInputs: false, rolesToTrain: [.assistant])
    generator = Generator(model: model, tokenizer: tokenizer)
    kept = context.answers.map { AnswerCache(folder: $0) }
    name = "model \(artifact.digest.short)"
    identity = .object([
      "model": .string(artifact.digest.hex),
      "template": template.map { .string(Digest(of: Array($0.source.utf8)).hex) } ?? .null,
    ])
  }

  func answers(to requests: [TextRequest], progress: (Int) throws -> Void) throws -> [TextAnswer] {
    var answers: [TextAnswer] = []
    while answers.count < requests.count {
      let rest = requests[answers.count...]
      guard let first = rest.first else { break }
      let block = Array(rest.prefix(Self.blockMax).prefix { $0.settings == first.settings })
      answers += try self.block(block) { try progress(answers.count + $0) }
      try progress(answers.count)
    }
    return answers
  }

  private func block(_ requests: [TextRequest], progress: (Int) throws -> Void) throws
    -> [TextAnswer]
  {
    let digest = Digest(canonical: request(requests))
    if let found = kept?.find(digest), let answers = Self.answers(found, requests.count) {
      return answers
    }
    let settings = requests[0].settings
    let room = max(1, model.configuration.contextLength - settings.maxNewTokens)
    let prompts = try requests.map { request -> [Int32] in
      let ids = try builder.promptIDs(request.turns)
      if ids.count > room { shortened += 1 }
      return Array(ids.suffix(room))
    }
    let key = UInt64(digest.hex.prefix(16), radix: 16) ?? 0
    let sampling = SamplingSettings(
      maxNewTokens: settings.maxNewTokens, temperature: settings.temperature, topP: settings.topP,
      seed: CounterRandom(seed: settings.seed, stream: "text", key).bits(0),
      stopTokenIDs: builder.stopTokenIDs, stopStrings: settings.stops)
    let texts = try withoutActuallyEscaping(progress) { progress in
      try generator.generate(prompts, sampling) { try progress($0.finished) }
    }
    let answers = texts.map { TextAnswer($0.text, ended: $0.finish == .stop) }
    try kept?.keep(Self.kept(answers), to: digest)
    return answers
  }

  /// All that the texts depend on.
  private func request(_ requests: [TextRequest]) -> JSONValue {
    .object([
      "format": "orchestrate.texts.1", "model": identity,
      "arithmetic": .string(model.arithmeticClass),
      "requests": .array(
        requests.map { request in
          .object([
            "turns": .array(
              request.turns.map { [.string($0.role.rawValue), .string($0.content)] }),
            "sample": .integer(Int64(request.sample)),
            "max_new_tokens": .integer(Int64(request.settings.maxNewTokens)),
            "temperature": .number(request.settings.temperature),
            "top_p": .number(request.settings.topP),
            "stops": .array(request.settings.stops.map { .string($0) }),
            "seed": .string(String(request.settings.seed)),
          ])
        }),
    ])
  }

  /// A block in the form of one answer.
  private static func kept(_ answers: [TextAnswer]) -> ChatAnswer {
    let texts = answers.map { JSONValue.array([.string($0.text), .bool($0.ended)]) }
    return ChatAnswer(
      text: JSONWriter.compact(.array(texts)), finish: .stop, use: TokenUse(input: 0, output: 0))
  }

  private static func answers(_ kept: ChatAnswer, _ count: Int) -> [TextAnswer]? {
    guard let items = try? JSONReader.parse(Array(kept.text.utf8), file: "answers").arrayValue,
      items.count == count
    else { return nil }
    let answers = items.compactMap { item -> TextAnswer? in
      guard let pair = item.arrayValue, pair.count == 2, let text = pair[0].stringValue,
        let ended = pair[1].boolValue
      else { return nil }
      return TextAnswer(text, ended: ended)
    }
    return answers.count == count ? answers : nil
  }
}
