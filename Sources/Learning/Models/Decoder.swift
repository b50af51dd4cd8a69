import ModelFiles
import Tensors

/// The weights of a model: embedding, layers, norm, head; a tied head is the embedding.
final class Decoder {
  let configuration: ModelConfiguration
  let shape: DecoderShape
  let backend: any Backend
  let embedding: Embedding
  let layers: [DecoderLayer]
  let head: Head
  /// Whether base weights learn.
  let learns: Bool
  /// The head of a reward model.
  var score: ScoreHead?

  init(
    _ configuration: ModelConfiguration, _ precision: WeightPrecision, learns: Bool,
    backend: any Backend
  ) {
    self.configuration = configuration
    self.learns = learns
    self.backend = backend
    let shape = DecoderShape(configuration)
    self.shape = shape
    func table(_ name: String) -> TableWeight {
      TableWeight(
        name, rows: shape.vocabulary, columns: shape.hidden,
        Linear.Storage(
          format: precision.tables, blocks: precision.blocks, learns: learns, backend: backend))
    }
    let embedding = table("model.embed_tokens.weight")
    self.embedding = Embedding(
      embedding, padding: configuration.paddingTokenID.map(Int32.init))
    let biases = DecoderLayer.Biases(
      queryKeyValue: configuration.hasQueryKeyValueBias, output: configuration.hasOutputBias,
      feedForward: configuration.hasFeedForwardBias)
    let storage = Linear.Storage(
      format: precision.linears, blocks: precision.blocks, learns: learns, backend: backend)
    // A router is small and decides everything: it is never quantized to 4 bits.
    let router = Linear.Storage(
      format: precision.linears.isQuantized ? precision.tables : precision.linears,
      blocks: precision.blocks, learns: learns, backend: backend)
    layers = (0..<shape.layers).map {
      DecoderLayer(shape, index: $0, biases: biases, storage, router: router)
    }
    head = Head(
      shape,
      norm: NormWeight(
        "model.norm.weight", size: shape.hidden, learns: learns, backend: backend),
      table: configuration.tiesWordEmbeddings ? embedding : table("lm_head.weight"))
  }

  var linears: [Linear] { layers.flatMap(\.linears) }

  private var states = 0

  /// A number for what a pass derives from the weights, which may have changed since the last one.
  func nextState() -> Int {
    states += 1
    return states
  }

  /// The tensors of the weights by Hugging Face's names.
  var tensors: [WeightTensor] {
    [embedding.table.tensor] + layers.flatMap(\.tensors) + [head.norm.tensor]
      + (configuration.tiesWordEmbeddings ? [] : [head.table.tensor])
  }
}
