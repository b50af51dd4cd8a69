/// What products with weights in bfloat16 are computed in.
package enum ProductPrecision: Sendable, Hashable {
  /// Weights become float32 first.
  case float32
  /// Both operands in bfloat16, sums in float32, where the processor has instructions for that.
  case bfloat16
}
