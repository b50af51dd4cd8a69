internal import Diagnostics
internal import Documents
internal import ModelFiles
internal import Parallelism
internal import Records
package import StageKit
internal import Tokenization

/// Learns a tokenizer from records: the beginning of a model made from nothing.
package struct TokenizerTrain: Stage {
  package static let kind: StageKind = "tokenizer_train"
  package static let version = 1
  package static let summary =
    "Learns a tokenizer from the texts of records: byte-level BPE or Unigram."

  /// What a new tokenizer has beside the template's control tokens.
  static let bos = "<|begin_of_text|>"
  static let endOfText = "<|end_of_text|>"

  package struct Parameters: StageParameters {
    let vocabularySize: Int
    let specialTokens: [String]
    let chatTemplate: String
    let minimumFrequency: Int
    let model: Model
    let byteFallback: Bool

    enum Model: String, CaseIterable { case bpe, unigram }

    package init(_ read: inout ParameterReader) {
      vocabularySize = read.integer(
        "vocab_size", default: 2_000, in: 300...1_000_000,
        help: "Tokens at most, special tokens and the 256 bytes included.")
      specialTokens = read.strings(
        "special_tokens", default: [],
        help: "Control tokens beside BOS, EOS and those of the chat template.")
      chatTemplate = read.string(
        "chat_template", default: BuiltinTemplate.chatml.rawValue,
        help:
          "The name of a chat template (\(BuiltinTemplate.allCases.map(\.rawValue).joined(separator: ", "))) or Jinja source."
      )
      minimumFrequency = read.integer(
        "min_frequency", default: 2, in: 1...1_000_000,
        help: "bpe: a pair seen less often than this becomes no token.")
      model = read.choice(
        "model", default: .bpe,
        help: "bpe: byte-level, with Llama 3's split; unigram: SentencePiece's language model over "
          + "words that begin with \u{2581}.")
      byteFallback = read.flag(
        "byte_fallback", default: true,
        help: "unigram: characters without a token become bytes, 256 of the tokens; otherwise they "
          + "become <unk> and do not come back. bpe always has bytes.")
      do {
        _ = try BuiltinTemplate.template(chatTemplate)
      } catch let failure as Failure {
        for diagnostic in failure.diagnostics {
          read.problem("chat_template", diagnostic.message, fix: diagnostic.fix)
        }
      } catch {
        read.problem("chat_template", "cannot be read")
      }
      let bytes = model == .bpe || byteFallback ? 256 : 0
      if tokens.count + bytes > vocabularySize {
        read.problem(
          "vocab_size",
          "\(vocabularySize) is too small for \(bytes) bytes and \(tokens.count) special tokens")
      }
      for token in specialTokens where token.isEmpty {
        read.problem("special_tokens", "an empty token would match everywhere")
      }
    }

    var builtin: BuiltinTemplate? { BuiltinTemplate(rawValue: chatTemplate) }

    /// Special tokens in order of id.
    var tokens: [String] {
      var tokens = [TokenizerTrain.bos, TokenizerTrain.endOfText]
      for token in (builtin?.controlTokens ?? []) + specialTokens where !tokens.contains(token) {
        tokens.append(token)
      }
      return tokens
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [Port("records", .records, help: "Rows whose texts the tokenizer learns from.")],
      outputs: [Port("model", .model, help: "A model folder with a tokenizer and no weights.")])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let reader = try RecordsReader(context.input("records").tree)
    guard reader.rowCount > 0 else {
      throw Diagnostic(
        "tokenizer_train.no-rows", "the input has no rows, expected at least 1",
        fix: "check what the stage before it kept"
      ).failure(.badInput)
    }
    context.progress(0, of: reader.rowCount, "rows")
    var texts: [String] = []
    for chunk in 0..<reader.chunkCount {
      try context.checkCancelled()
      for row in try reader.chunk(chunk) { texts += row.content.texts }
    }
    let json = try Self.train(texts, parameters, context.pool)
    let template = try BuiltinTemplate.template(parameters.chatTemplate)
    let configuration = Self.configuration(parameters)
    let tokenizer = try Tokenizer(
      json: json, configuration: configuration, file: "tokenizer.json")
    for finding in try ExampleBuilder(tokenizer: tokenizer, template: template).selfTest() {
      context.warn(finding)
    }
    try ModelFolderWriter.tokenizer(
      to: context.output("model"), tokenizer: json, configuration: configuration,
      template: template.source)
    context.progress(reader.rowCount, of: reader.rowCount, "rows")
    context.count("rows_in", reader.rowCount)
    context.count("tokens", tokenizer.vocabularySize)
    return .succeeded
  }

  private static func train(_ texts: [String], _ parameters: Parameters, _ pool: ThreadPool) throws
    -> JSONValue
  {
    switch parameters.model {
    case .bpe:
      BPETrainer.train(
        texts, vocabularySize: parameters.vocabularySize, specialTokens: parameters.tokens,
        pool: pool, bos: bos, minimumFrequency: parameters.minimumFrequency)
    case .unigram:
      try UnigramTrainer.train(
        texts, vocabularySize: parameters.vocabularySize, specialTokens: parameters.tokens,
        pool: pool, bos: bos, byteFallback: parameters.byteFallback)
    }
  }

  /// tokenizer_config.json: the roles of tokens. EOS is what ends a turn, so that generation stops.
  private static func configuration(_ parameters: Parameters) -> JSONValue {
    let eos = parameters.builtin?.endOfTurn ?? endOfText
    return .object([
      "add_bos_token": true, "add_eos_token": false, "bos_token": .string(bos),
      "eos_token": .string(eos), "pad_token": .string(endOfText),
      "clean_up_tokenization_spaces": false, "model_max_length": 1_000_000,
      "tokenizer_class": "PreTrainedTokenizerFast",
    ])
  }
}
