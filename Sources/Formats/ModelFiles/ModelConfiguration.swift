package import Documents

/// The architecture of a decoder, read from a Hugging Face `config.json`.
///
/// Families are data: a model is these numbers and flags plus a table of tensor names.
package struct ModelConfiguration: Sendable, Hashable {
  /// `model_type`: `llama`, …
  package var modelType: String
  /// V: rows of the embedding.
  package var vocabularySize: Int
  /// C
  package var hiddenSize: Int
  /// F
  package var intermediateSize: Int
  /// L
  package var layerCount: Int
  /// H
  package var headCount: Int
  /// K: divides H.
  package var keyValueHeadCount: Int
  /// D: usually C / H.
  package var headSize: Int
  package var contextLength: Int
  /// Rotary tables; the first is the main one. A layer names the one it uses.
  package var ropes: [Rope]
  /// One for each layer.
  package var layers: [LayerKind]
  /// What else distinguishes the family.
  package var flags: DecoderFlags
  package var rmsNormEpsilon: Double
  package var tiesWordEmbeddings: Bool
  /// Biases on q, k, v (qwen2) or on q, k, v, o (llama with `attention_bias`).
  package var hasQueryKeyValueBias: Bool
  package var hasOutputBias: Bool
  package var hasFeedForwardBias: Bool
  package var bosTokenID: Int?
  package var eosTokenIDs: [Int]
  /// The whole file, for writers that keep what they do not understand.
  package var json: JSONValue

  package init(
    modelType: String, vocabularySize: Int, hiddenSize: Int, intermediateSize: Int,
    layerCount: Int, headCount: Int, keyValueHeadCount: Int, headSize: Int, contextLength: Int,
    ropeTheta: Double = 10_000, ropeScaling: RopeScaling? = nil, rmsNormEpsilon: Double = 1e-5,
    tiesWordEmbeddings: Bool = true, hasQueryKeyValueBias: Bool = false,
    hasOutputBias: Bool = false, hasFeedForwardBias: Bool = false, bosTokenID: Int? = nil,
    eosTokenIDs: [Int] = [], flags: DecoderFlags = DecoderFlags(), json: JSONValue = .object([])
  ) {
    self.modelType = modelType
    self.vocabularySize = vocabularySize
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.layerCount = layerCount
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount
    self.headSize = headSize
    self.contextLength = contextLength
    ropes = [Rope(theta: ropeTheta, scaling: ropeScaling, dimensions: headSize)]
    layers = Array(repeating: LayerKind(), count: layerCount)
    self.flags = flags
    self.rmsNormEpsilon = rmsNormEpsilon
    self.tiesWordEmbeddings = tiesWordEmbeddings
    self.hasQueryKeyValueBias = hasQueryKeyValueBias
    self.hasOutputBias = hasOutputBias
    self.hasFeedForwardBias = hasFeedForwardBias
    self.bosTokenID = bosTokenID
    self.eosTokenIDs = eosTokenIDs
    self.json = json
  }
}

extension ModelConfiguration {
  /// Of the main rotary table.
  package var ropeTheta: Double { ropes[0].theta }
  package var ropeScaling: RopeScaling? { ropes[0].scaling }

  /// The token whose row of the embedding no text teaches: transformers makes it the table's padding
  /// index, so that it gets no gradient from where it is read.
  package var paddingTokenID: Int? {
    let id =
      json["pad_token_id"].map(\.integerValue)
      ?? ModelFamily.named(modelType)?.paddingTokenID
    return id.flatMap { (0..<vocabularySize).contains($0) ? $0 : nil }
  }

  /// The window that every layer has; nil where a layer sees everything.
  package var slidingWindow: Int? {
    let windows = Set(layers.map(\.window))
    return windows.count == 1 ? windows.first ?? nil : nil
  }
}
