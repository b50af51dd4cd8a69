package import ModelFiles
package import Models
package import Tensors
package import Training

/// Shapes of published models, for plans that are stated without their weights.
package enum PublishedShape: String, CaseIterable, Sendable {
  case llama2Of7B = "Llama-2-7B"
  case mistral7B = "Mistral-7B"
  case llama3Of8B = "Llama-3-8B"
  case llama3Of70B = "Llama-3-70B"

  /// Numbers of the models' `config.json`.
  package var configuration: ModelConfiguration {
    switch self {
    case .llama2Of7B:
      ModelConfiguration(
        modelType: "llama", vocabularySize: 32_000, hiddenSize: 4096, intermediateSize: 11_008,
        layerCount: 32, headCount: 32, keyValueHeadCount: 32, headSize: 128, contextLength: 4096,
        tiesWordEmbeddings: false)
    case .mistral7B:
      ModelConfiguration(
        modelType: "mistral", vocabularySize: 32_000, hiddenSize: 4096, intermediateSize: 14_336,
        layerCount: 32, headCount: 32, keyValueHeadCount: 8, headSize: 128, contextLength: 32_768,
        tiesWordEmbeddings: false)
    case .llama3Of8B:
      ModelConfiguration(
        modelType: "llama", vocabularySize: 128_256, hiddenSize: 4096, intermediateSize: 14_336,
        layerCount: 32, headCount: 32, keyValueHeadCount: 8, headSize: 128, contextLength: 8192,
        ropeTheta: 500_000, tiesWordEmbeddings: false)
    case .llama3Of70B:
      ModelConfiguration(
        modelType: "llama", vocabularySize: 128_256, hiddenSize: 8192, intermediateSize: 28_672,
        layerCount: 80, headCount: 64, keyValueHeadCount: 8, headSize: 128, contextLength: 8192,
        ropeTheta: 500_000, tiesWordEmbeddings: false)
    }
  }

  /// QLoRA of rank 16 on every linear: NF4 with nested scales, tables in bfloat16, no values.
  package func qlora(_ backend: any Backend) throws -> LanguageModel {
    try model(.newAdapter(LoRASettings(rank: 16, alpha: 16), seed: 0), .nf4, backend)
  }

  /// LoRA of rank 16 on every linear, weights in bfloat16, no values.
  package func lora(_ backend: any Backend) throws -> LanguageModel {
    try model(.newAdapter(LoRASettings(rank: 16, alpha: 16), seed: 0), .bfloat16, backend)
  }

  /// Weights in bfloat16 that generate, no values.
  package func frozen(_ backend: any Backend) throws -> LanguageModel {
    try model(.nothing, .bfloat16, backend)
  }

  private func model(
    _ trainable: Trainable, _ linears: WeightMatrix.Format, _ backend: any Backend
  ) throws -> LanguageModel {
    try .unfilled(
      configuration, trainable,
      WeightPrecision(linears: linears, tables: .bfloat16, products: .bfloat16), backend: backend)
  }

  /// One row of `tokens` that are all trained, moments paged to the host.
  package static func needs(_ model: LanguageModel, tokens: Int) -> MemoryNeeds {
    MemoryNeeds(
      model, batches: [BatchExtent(tokens: tokens, labels: tokens - 1)], optimizerBytes: 0,
      keepsBest: false, isOnCard: true)
  }
}
