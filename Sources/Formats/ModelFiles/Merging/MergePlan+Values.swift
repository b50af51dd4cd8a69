package import Parallelism
import Reproducibility

extension MergePlan {
  /// The values of one tensor of the result, row-major, in binary32.
  ///
  /// The order of operations is mergekit 0.1.5's with tensors of float32, so that values agree with
  /// it to rounding. Bits do not depend on the threads of `pool`.
  ///
  /// - Throws: ``Failure`` of class `badInput` when a value is NaN or infinite.
  package func values(of name: String, _ pool: ThreadPool) throws -> [Float] {
    guard let tensor = tensors.first(where: { $0.name == name }) else {
      preconditionFailure("'\(name)' is no tensor of the merge")
    }
    switch recipe.method {
    case .linear: return try linear(tensor, pool)
    case .slerp: return try spherical(tensor, pool)
    case .passthrough:
      var values = try read(tensor.sources[0])
      if let scale = tensor.sources[0].scale { values.scale(by: Float(scale), pool) }
      return values
    default: return try taskArithmetic(tensor, pool)
    }
  }

  private func read(_ source: Source) throws -> [Float] {
    guard let folder = models[source.model] else { preconditionFailure("every model is open") }
    return try folder.mergedFloats(source.tensor)
  }

  /// Σ w x, divided by Σ w where weights are normalized.
  private func linear(_ tensor: Tensor, _ pool: ThreadPool) throws -> [Float] {
    var sum = [Float](repeating: 0, count: tensor.shape.reduce(1, *))
    var weights: Float = 0
    for source in tensor.sources {
      let weight = Float(source.weight)
      weights += weight
      sum.add(try read(source), times: weight, pool)
    }
    if tensor.shared.normalizes { sum.divide(by: weights, pool) }
    return sum
  }

  private func spherical(_ tensor: Tensor, _ pool: ThreadPool) throws -> [Float] {
    guard let base = tensor.base, tensor.sources.count == 2 else {
      preconditionFailure("slerp has a base and another")
    }
    let from = try read(tensor.sources[base])
    let to = try read(tensor.sources[1 - base])
    return SphericalMean(from, to, t: tensor.shared.t, pool).values(from, to, pool)
  }

  /// base + λ Σ w δ, of what is left of the differences δ, without those against the elected sign.
  private func taskArithmetic(_ tensor: Tensor, _ pool: ThreadPool) throws -> [Float] {
    guard let baseIndex = tensor.base else { preconditionFailure("the method has a base") }
    let base = try read(tensor.sources[baseIndex])
    let others = tensor.sources.indices.filter { $0 != baseIndex }
    if others.isEmpty { return base }
    var deltas: [Float] = []
    if recipe.method.electsSigns { deltas.reserveCapacity(others.count * base.count) }
    var weights: [Float] = []
    var mixed = [Float](repeating: 0, count: recipe.method.electsSigns ? 0 : base.count)
    for index in others {
      let source = tensor.sources[index]
      var delta = try read(source)
      delta.subtract(base, pool)
      sparsify(&delta, source, tensor)
      delta.scale(by: Float(source.weight), pool)
      weights.append(Float(source.weight))
      if recipe.method.electsSigns { deltas += delta } else { mixed.add(delta, times: 1, pool) }
    }
    if recipe.method.electsSigns {
      mixed = SignElection(weights: weights, normalizes: tensor.shared.normalizes)
        .mixed(deltas, pool)
    } else if tensor.shared.normalizes {
      let total = weights.reduce(0, +)
      mixed.divide(by: total.magnitude < 1e-8 ? 1 : total, pool)
    }
    if tensor.shared.lambda != 1 { mixed.scale(by: Float(tensor.shared.lambda), pool) }
    mixed.add(base, times: 1, pool)
    return mixed
  }

  private func sparsify(_ delta: inout [Float], _ source: Source, _ tensor: Tensor) {
    guard let kind = recipe.method.sparsification else { return }
    let draw = CounterRandom(
      seed: seed, stream: "merge", Self.stream(tensor.name, source.model))
    Sparsifier(kind, density: source.density, rescales: tensor.shared.rescales, random: draw)
      .apply(
        to: &delta, gamma: source.gamma, epsilon: source.epsilon, columns: tensor.shape.last ?? 1)
  }

  /// FNV-1a over both names: each tensor of each model has its own draw.
  private static func stream(_ tensor: String, _ model: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in Array(tensor.utf8) + [0] + Array(model.utf8) {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    return hash
  }
}
