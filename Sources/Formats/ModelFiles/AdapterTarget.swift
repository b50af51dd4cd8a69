/// One module that an adapter changes, found in a model's configuration.
package struct AdapterTarget: Sendable, Hashable {
  /// `model.layers.0.self_attn.q_proj`
  package var path: String
  package var kind: AdapterFiles.Module.Kind
  /// Of a linear: columns of W. Of an embedding: rows.
  package var inputSize: Int
  package var outputSize: Int
  /// R
  package var rank: Int
  /// s, what B A is multiplied with.
  package var scaling: Double
  /// Whether it is DoRA's.
  package var hasMagnitude: Bool

  package init(
    path: String, kind: AdapterFiles.Module.Kind, inputSize: Int, outputSize: Int, rank: Int,
    scaling: Double, hasMagnitude: Bool
  ) {
    self.path = path
    self.kind = kind
    self.inputSize = inputSize
    self.outputSize = outputSize
    self.rank = rank
    self.scaling = scaling
    self.hasMagnitude = hasMagnitude
  }

  /// What the files of an adapter change.
  package init(_ module: AdapterFiles.Module) {
    self.init(
      path: module.path, kind: module.kind, inputSize: module.inputSize,
      outputSize: module.outputSize, rank: module.rank, scaling: module.scaling,
      hasMagnitude: module.hasMagnitude)
  }

  package var names: AdapterTensorNames { AdapterTensorNames(path, kind) }

  /// The tensors that learn, in the order A, B, m.
  package var tensors: [(name: String, shape: [Int])] {
    let pair = [(names.a, [rank, inputSize]), (names.b, [outputSize, rank])]
    return hasMagnitude ? pair + [(names.magnitude, [outputSize])] : pair
  }
}
