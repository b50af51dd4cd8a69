/// Clipping of all gradients by one global norm, as `torch.nn.utils.clip_grad_norm_` does it.
package enum GradientClipping {
  /// What to multiply every gradient by: `max / (norm + 1e-6)` where that is below 1.
  ///
  /// - Parameter normMax: nil or 0 switches clipping off.
  package static func scale(norm: Double, normMax: Double?) -> Double {
    guard let normMax, normMax > 0 else { return 1 }
    let scale = normMax / (norm + 1e-6)
    return scale < 1 ? scale : 1
  }
}
