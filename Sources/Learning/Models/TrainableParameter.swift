package import Tensors

/// One tensor that learns, in place in the model's memory.
///
/// Valid as long as the model lives; gradients are added to until ``LanguageModel/zeroGradients()``.
package struct TrainableParameter {
  /// As in the files: Hugging Face's name, or PEFT's for an adapter.
  package let name: String
  package let shape: [Int]
  /// Whether weight decay applies: not to biases and norms (the rule of Hugging Face's trainer).
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

  static func decays(_ name: String) -> Bool {
    !name.hasSuffix("bias") && !name.contains("norm")
  }
}
