import ModelFiles
import Tensors

extension LanguageModel {
  /// Full form with Hugging Face's names, embedding, layers, norm, head; an adapter is merged in,
  /// W + s · B A in single precision. A tied head has no tensor of its own.
  package func weights() -> [(name: String, shape: [Int], values: [Float])] {
    let tensors = Dictionary(uniqueKeysWithValues: decoder.tensors.map { ($0.name, $0) })
    let adapted = Dictionary(
      uniqueKeysWithValues: decoder.linears.flatMap { linear in
        linear.adapter.map { adapter in
          adapter.members.map { ($0.path + ".weight", (adapter, $0)) }
        } ?? []
      })
    return configuration.tensorShapes.map { name, shape in
      guard let tensor = tensors[name] else {
        preconditionFailure("the decoder has every tensor of the configuration")
      }
      guard let (adapter, member) = adapted[name] else {
        return (name, shape, tensor.values(backend))
      }
      let matrix = backend.allocate(shape[0] * shape[1])
        .matrix(rows: shape[0], columns: shape[1])
      matrix.write(tensor.values(backend))
      backend.multiply(
        matrix, member.b, adapter.a.rows(member.ranks), alpha: member.scale, accumulate: true)
      return (name, shape, matrix.values())
    }
  }

  /// The score head of an adapter, which is saved with it.
  private var scoreTensors: [WeightTensor] {
    adapter == nil ? [] : [decoder.score?.tensor].compactMap(\.self)
  }

  /// The adapter with PEFT's names, by the bytes of the name; empty without one.
  package func adapterWeights() -> [(name: String, shape: [Int], values: [Float])] {
    (decoder.adapterTensors + scoreTensors)
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      .map { ($0.name, $0.shape, $0.values(backend)) }
  }
}
