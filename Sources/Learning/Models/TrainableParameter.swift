package import Tensors

/// One tensor that learns, in place in the model's memory.
///
/// Valid as long as the model lives; gradients are added to until ``LanguageModel/zeroGradients()``.
package struct TrainableParameter {
  /// As in the files: Hugging Face's name, or PEFT's for an adapter.
  package let name: String
  package let shape: [Int]
  /// Whether weight decay applies.
  package let decays: Bool
  package let values: Matrix
  package let gradient: Matrix

  package init(
    name: String, shape: [Int], decays: Bool, values: Matrix,
    gradient: Matrix
  ) {
    self.name = name
    self.shape = shape
    self.decays = decays
    self.values = values
    self.gradient = gradient
  }

  /// Whether a parameter of this name decays: not one whose name contains `bias`, `layernorm` or
  /// `rmsnorm`, or has a part that is `norm` or ends with `_norm`. Embeddings, heads, adapters and
  /// DoRA's magnitudes decay. Source: the Hugging Face Trainer's `get_decay_parameter_names`.
  package static func decays(_ name: String) -> Bool {
    let name = name.lowercased()
    return !["bias", "layernorm", "rmsnorm"].contains { name.contains($0) }
      && !name.split(separator: ".").contains { $0 == "norm" || $0.hasSuffix("_norm") }
  }
}
