/// PEFT's names of the tensors that an adapter has for one module.
package struct AdapterTensorNames: Sendable, Hashable {
  package let a: String
  package let b: String
  package let magnitude: String
  /// The base's own weight, where it is saved with the adapter.
  package let base: String

  package init(_ path: String, _ kind: AdapterFiles.Module.Kind = .linear) {
    let module = AdapterFiles.prefix + path
    (a, b) =
      kind == .linear
      ? (module + ".lora_A.weight", module + ".lora_B.weight")
      : (module + ".lora_embedding_A", module + ".lora_embedding_B")
    magnitude = module + ".lora_magnitude_vector"
    base = module + ".base_layer.weight"
  }
}
