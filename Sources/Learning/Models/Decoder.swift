import ModelFiles
package import Tensors

/// The weights of a model: embedding, layers, norm, head; a tied head is the embedding.
final class Decoder {
  let configuration: ModelConfiguration
  let shape: DecoderShape
  let backend: any Backend
  let embedding: TableWeight
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
        name, rows: shape.vocabulary, columns: shape.hidden, format: precision.tables,
        learns: learns, backend: backend)
    }
    let embedding = table("model.embed_tokens.weight")
    self.embedding = embedding
    let biases = DecoderLayer.Biases(
      queryKeyValue: configuration.hasQueryKeyValueBias, output: configuration.hasOutputBias,
      feedForward: configuration.hasFeedForwardBias)
    let storage = Linear.Storage(format: precision.linears, learns: learns, backend: backend)
    // A router is small and decides everything: it is never quantized to 4 bits.
    let router = Linear.Storage(
      format: precision.linears == .nf4 ? precision.tables : precision.linears, learns: learns,
      backend: backend)
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

  /// The tensors of the weights by Hugging Face's names.
  var tensors: [WeightTensor] {
    [embedding.tensor] + layers.flatMap(\.tensors) + [head.norm.tensor]
      + (configuration.tiesWordEmbeddings ? [] : [head.table.tensor])
  }

  /// The tensors of the adapter by PEFT's names.
  var adapterTensors: [WeightTensor] { linears.flatMap { $0.adapter?.tensors ?? [] } }

  /// Cells of the largest weight that products expand to float32.
  var expandedCells: Int {
    let routers = layers.compactMap(\.feedForward.router)
    return ((linears + routers).map(\.weight) + [head.table.weight])
      .filter { $0.format != .float32 && backend.needsExpansion($0.format) }
      .map { $0.rows * $0.columns }.max() ?? 0
  }

  /// Adds adapters to the linears for which `rank` gives a rank and a scale; nil: none.
  func addAdapter(
    dropout: Double, learns: Bool, rank: (_ path: String) -> (rank: Int, scale: Double)?
  ) {
    var site: UInt64 = 0
    for linear in linears {
      var descriptions: [LowRankAdapter.Description] = []
      for member in linear.members {
        // Sites count every linear, adapted or not: a mask does not depend on the other targets.
        site += 1
        guard let (rank, scale) = rank(member.path) else { continue }
        descriptions.append(
          LowRankAdapter.Description(
            path: member.path, outputs: member.rows, rank: rank, scale: scale, site: site))
      }
      if descriptions.isEmpty { continue }
      linear.adapter = LowRankAdapter(
        descriptions, inputSize: linear.inputSize, dropout: dropout, learns: learns,
        backend: backend)
    }
  }
}

/// How frozen weights are stored; weights that learn are float32, norms and biases always.
package struct WeightPrecision: Sendable, Hashable {
  /// Matrices of the layers.
  package var linears: WeightMatrix.Format
  /// Embedding and head: float32 or bfloat16.
  package var tables: WeightMatrix.Format

  package init(
    linears: WeightMatrix.Format = .float32, tables: WeightMatrix.Format = .float32
  ) {
    precondition(tables != .nf4, "embeddings and heads keep 16 bits or more")
    self.linears = linears
    self.tables = tables
  }

  package static let float32 = WeightPrecision()
}
