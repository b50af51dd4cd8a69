import Diagnostics

/// A model read back from a GGUF file of the `llama` or `qwen2` architecture: configuration,
/// tokenizer arrays and dequantized weights by Hugging Face's names.
package struct GGUFModel: Sendable {
  package let file: GGUFReader
  package let configuration: ModelConfiguration
  package let vocabulary: GGUFVocabulary

  /// - Throws: ``Failure`` of class `badInput` when the file is no such model.
  package init(path: String) throws {
    file = try GGUFReader(path: path)
    vocabulary = try GGUFVocabulary(file)
    configuration = try Self.configuration(of: file, vocabulary)
    try checkTensors()
  }

  /// The values of a weight by its Hugging Face name, row-major. The head of a tied model is its
  /// embedding.
  package func floats(_ name: String) throws -> [Float] {
    let isTiedHead = name == "lm_head.weight" && configuration.tiesWordEmbeddings
    let stored = isTiedHead ? "model.embed_tokens.weight" : name
    let values = try file.floats(GGUFNames.gguf(stored))
    guard GGUFExport.architecture(configuration) == "llama" else { return values }
    if name.contains(".q_proj.") {
      return HeadRows.halved(
        values, rows: configuration.headCount * configuration.headSize,
        headSize: configuration.headSize)
    }
    if name.contains(".k_proj.") {
      return HeadRows.halved(
        values, rows: configuration.keyValueHeadCount * configuration.headSize,
        headSize: configuration.headSize)
    }
    return values
  }

  private static func configuration(of file: GGUFReader, _ vocabulary: GGUFVocabulary) throws
    -> ModelConfiguration
  {
    func problem(_ message: String) -> Failure {
      Diagnostic("gguf.model", "\(SafeText.path(file.path)): \(message)").failure(.badInput)
    }
    let architecture = file["general.architecture"]?.string ?? ""
    guard ["llama", "qwen2"].contains(architecture) else {
      throw problem(
        "the architecture is '\(SafeText.escaped(architecture))', expected llama or qwen2")
    }
    func integer(_ key: String, in range: ClosedRange<Int> = 1...1 << 24) throws -> Int {
      let name = "\(architecture).\(key)"
      guard let value = file[name]?.integer, range.contains(value) else {
        let found = file[name]?.integer.map(String.init) ?? "missing"
        throw problem(
          "'\(name)' is \(found), expected \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    func number(_ key: String, default fallback: Double) -> Double {
      file["\(architecture).\(key)"]?.number ?? fallback
    }
    let hiddenSize = try integer("embedding_length")
    let headCount = try integer("attention.head_count", in: 1...65536)
    let headSize =
      file["\(architecture).attention.key_length"] == nil
      ? hiddenSize / headCount : try integer("attention.key_length", in: 2...65536)
    let keyValueHeads =
      file["\(architecture).attention.head_count_kv"] == nil
      ? headCount : try integer("attention.head_count_kv", in: 1...65536)
    guard headSize > 0, headSize % 2 == 0, headCount % keyValueHeads == 0 else {
      throw problem("\(headCount) heads of \(headSize) over \(keyValueHeads) do not fit together")
    }
    let biased = file.tensor("blk.0.attn_q.bias") != nil
    let eos = ["eos", "eot"].compactMap { vocabulary.id($0) }
    return ModelConfiguration(
      modelType: architecture, vocabularySize: vocabulary.tokens.count, hiddenSize: hiddenSize,
      intermediateSize: try integer("feed_forward_length"),
      layerCount: try integer("block_count", in: 1...65536), headCount: headCount,
      keyValueHeadCount: keyValueHeads, headSize: headSize,
      contextLength: try integer("context_length", in: 1...Int(Int32.max)),
      ropeTheta: number("rope.freq_base", default: 10_000), ropeScaling: try scaling(file, problem),
      rmsNormEpsilon: number("attention.layer_norm_rms_epsilon", default: 1e-5),
      tiesWordEmbeddings: file.tensor("output.weight") == nil, hasQueryKeyValueBias: biased,
      hasOutputBias: file.tensor("blk.0.attn_output.bias") != nil,
      hasFeedForwardBias: file.tensor("blk.0.ffn_up.bias") != nil,
      bosTokenID: vocabulary.id("bos"),
      eosTokenIDs: eos.count == 2 && eos[0] == eos[1] ? [eos[0]] : eos)
  }

  private static func scaling(_ file: GGUFReader, _ problem: (String) -> Failure) throws
    -> RopeScaling?
  {
    if file.tensor("rope_freqs.weight") != nil {
      let factors = try file.floats("rope_freqs.weight")
      guard factors.allSatisfy({ $0 == 1 }) else {
        throw problem(
          "the model scales rotary frequencies one by one ('rope_freqs.weight'), which cannot be "
            + "read back; use the folder it was exported from")
      }
    }
    let architecture = file["general.architecture"]?.string ?? ""
    guard let kind = file["\(architecture).rope.scaling.type"]?.string, kind != "none" else {
      return nil
    }
    guard kind == "linear", let factor = file["\(architecture).rope.scaling.factor"]?.number,
      factor > 0
    else { throw problem("the rope scaling '\(SafeText.escaped(kind))' is not supported") }
    return .linear(factor: factor)
  }

  /// A file can announce many layers and hold none.
  private static let problemsMax = 20

  private func checkTensors() throws {
    var diagnostics: [Diagnostic] = []
    for (name, shape) in configuration.tensorShapes {
      let stored = GGUFNames.gguf(name)
      let found = file.tensor(stored)?.dimensions
      if found != shape.reversed() {
        diagnostics.append(
          Diagnostic(
            "gguf.model",
            "\(SafeText.path(file.path)): '\(stored)' is \(found.map { "\($0)" } ?? "missing"), "
              + "expected \(Array(shape.reversed()))"))
        if diagnostics.count == Self.problemsMax { break }
      }
    }
    if !diagnostics.isEmpty { throw Failure(diagnostics, .badInput) }
  }
}
