import ModelFiles

/// The shapes of the peer: a 15M Llama, SmolLM2-135M, Qwen2.5-0.5B, Llama-3-8B.
enum BenchShape: String, CaseIterable {
  case tiny15m
  case smol135m
  case qwen05b = "qwen0.5b"
  case llama8b

  var configuration: ModelConfiguration {
    switch self {
    case .tiny15m:
      ModelConfiguration(
        modelType: "llama", vocabularySize: 32_000, hiddenSize: 288, intermediateSize: 768,
        layerCount: 6, headCount: 6, keyValueHeadCount: 6, headSize: 48, contextLength: 4096,
        tiesWordEmbeddings: false)
    case .smol135m:
      ModelConfiguration(
        modelType: "llama", vocabularySize: 49_152, hiddenSize: 576, intermediateSize: 1536,
        layerCount: 30, headCount: 9, keyValueHeadCount: 3, headSize: 64, contextLength: 4096)
    case .qwen05b:
      ModelConfiguration(
        modelType: "qwen2", vocabularySize: 151_936, hiddenSize: 896, intermediateSize: 4864,
        layerCount: 24, headCount: 14, keyValueHeadCount: 2, headSize: 64, contextLength: 4096,
        hasQueryKeyValueBias: true)
    case .llama8b:
      ModelConfiguration(
        modelType: "llama", vocabularySize: 128_256, hiddenSize: 4096, intermediateSize: 14_336,
        layerCount: 32, headCount: 32, keyValueHeadCount: 8, headSize: 128, contextLength: 8192,
        tiesWordEmbeddings: false)
    }
  }
}

extension ModelConfiguration {
  /// Useful floating-point operations of one token, by the peer's formula: products with every
  /// weight and the adapter, causal attention at its mean length.
  func operationsPerToken(_ options: BenchOptions) -> Double {
    let (c, d, l) = (Double(hiddenSize), Double(headSize), Double(layerCount))
    let (h, k) = (Double(headCount), Double(keyValueHeadCount))
    let f = Double(intermediateSize)
    let linears = l * (c * h * d * 2 + 2 * c * k * d + 3 * c * f)
    let weights = linears + Double(vocabularySize) * c
    let r = Double(options.rank)
    // q, k, v, o, gate, up, down: rank times inputs plus outputs of each.
    let adapter = l * r * (2 * (c + h * d) + 2 * (c + k * d) + 3 * (c + f))
    let context =
      options.method == .generate
      ? Double(options.prompt) + Double(options.new) / 2 : Double(options.sequence) / 2
    let attention = l * 4 * context * h * d
    switch options.method {
    case .full: return 3 * (2 * weights + attention)
    case .lora, .qlora: return 4 * weights + 3 * attention + 6 * adapter
    case .dpo: return 6 * weights + 4 * attention + 6 * adapter
    case .score, .generate: return 2 * weights + attention
    }
  }
}
