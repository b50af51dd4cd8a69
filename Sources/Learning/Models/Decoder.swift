import ModelFiles
import Tensors

/// The weights of a model: embedding, layers, norm, head; a tied head is the embedding.
final class Decoder {
  let configuration: ModelConfiguration
  let shape: DecoderShape
  let embedding: Weight
  let layers: [DecoderLayer]
  let norm: Weight
  let head: Weight
  /// Whether base weights learn.
  let learns: Bool

  init(_ configuration: ModelConfiguration, learns: Bool) {
    self.configuration = configuration
    self.learns = learns
    let shape = DecoderShape(configuration)
    self.shape = shape
    embedding = Weight(
      "model.embed_tokens.weight", rows: shape.vocabulary, columns: shape.hidden, learns: learns)
    let biases = DecoderLayer.Biases(
      queryKeyValue: configuration.hasQueryKeyValueBias, output: configuration.hasOutputBias,
      feedForward: configuration.hasFeedForwardBias)
    layers = (0..<shape.layers).map {
      DecoderLayer(shape, index: $0, biases: biases, learns: learns)
    }
    norm = Weight("model.norm.weight", rows: 1, columns: shape.hidden, learns: learns)
    head =
      configuration.tiesWordEmbeddings
      ? embedding
      : Weight("lm_head.weight", rows: shape.vocabulary, columns: shape.hidden, learns: learns)
  }

  /// The tensors of the weights by Hugging Face's names.
  var tensors: [WeightTensor] {
    [embedding.tensor] + layers.flatMap(\.tensors) + [norm.tensor]
      + (configuration.tiesWordEmbeddings ? [] : [head.tensor])
  }

  /// The tensors of the adapter by PEFT's names.
  var adapterTensors: [WeightTensor] {
    layers.flatMap { $0.linears.flatMap { $0.adapter?.tensors ?? [] } }
  }

  /// Σ ranks of each layer's four groups.
  var ranks: [[Int]] { layers.map { $0.linears.map { $0.adapter?.a.rows ?? 0 } } }

  /// Adds adapters to the linears for which `rank` gives a rank and a scale; nil: none.
  func addAdapter(
    dropout: Double, learns: Bool, rank: (_ path: String) -> (rank: Int, scale: Double)?
  ) {
    var site: UInt64 = 0
    for linear in layers.flatMap(\.linears) {
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
        descriptions, inputSize: linear.inputSize, dropout: dropout, learns: learns)
    }
  }
}
