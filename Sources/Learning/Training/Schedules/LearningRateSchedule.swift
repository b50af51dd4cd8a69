private import Foundation

/// The learning rate of every optimizer step.
///
/// Step s counts from 1 and uses the value of the schedule at s - 1, as the Hugging Face Trainer
/// does: with warm-up the first step has learning rate 0, and the last step of a cosine is not 0.
package struct LearningRateSchedule: Sendable, Hashable {
  /// Axolotl's names.
  package enum Shape: String, Sendable, Hashable, CaseIterable {
    case cosine
    case linear
    case constant
    /// `constant` with warm-up; what transformers calls it.
    case constantWithWarmup = "constant_with_warmup"
  }

  package var shape: Shape
  /// The highest value.
  package var peak: Double
  package var warmupSteps: Int
  package var totalSteps: Int
  /// Where a cosine ends, as a share of the peak (`cosine_min_lr_ratio`).
  package var minimumRatio: Double

  package init(
    _ shape: Shape, peak: Double, warmupSteps: Int = 0, totalSteps: Int, minimumRatio: Double = 0
  ) {
    self.shape = shape
    self.peak = peak
    self.warmupSteps = shape == .constant ? 0 : warmupSteps
    self.totalSteps = totalSteps
    self.minimumRatio = minimumRatio
  }

  /// Warm-up as a share of the run: rounded up, as transformers does.
  package static func warmupSteps(ratio: Double, totalSteps: Int) -> Int {
    Int((Double(totalSteps) * ratio).rounded(.up))
  }

  /// The learning rate of step `step`, counted from 1.
  package func value(step: Int) -> Double {
    let position = step - 1
    if position < warmupSteps { return peak * (Double(position) / Double(max(1, warmupSteps))) }
    let length = Double(max(1, totalSteps - warmupSteps))
    let progress = Double(position - warmupSteps) / length
    switch shape {
    case .constant, .constantWithWarmup: return peak
    case .linear: return peak * max(0, 1 - progress)
    case .cosine:
      let wave = max(0, 0.5 * (1 + cos(.pi * progress)))
      return peak * ((1 - minimumRatio) * wave + minimumRatio)
    }
  }
}
