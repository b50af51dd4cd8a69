private import Foundation

/// The learning rate of every optimizer step.
///
/// Step s counts from 1 and uses the value of the schedule at s - 1, as the Hugging Face Trainer
/// does: with warm-up the first step has learning rate 0, and the last step of a cosine is not 0.
/// Formulas: transformers 5.23 `optimization.py`, and Axolotl for ``Options/constantRatio``.
package struct LearningRateSchedule: Sendable, Hashable {
  /// The names of Axolotl and transformers.
  package enum Shape: String, Sendable, Hashable, CaseIterable {
    case cosine
    case linear
    case constant
    case constantWithWarmup = "constant_with_warmup"
    /// A cosine to ``Options/minimumRatio``; here the same as `cosine` with one.
    case cosineWithMinimum = "cosine_with_min_lr"
    case cosineWithRestarts = "cosine_with_restarts"
    case polynomial
    case inverseSquareRoot = "inverse_sqrt"
    case warmupStableDecay = "warmup_stable_decay"
  }

  /// How the rate goes up or down between two values.
  package enum Ramp: String, Sendable, Hashable, CaseIterable {
    case linear
    case cosine
    case oneMinusSquareRoot = "1-sqrt"
  }

  package struct Options: Sendable, Hashable {
    /// Where a cosine or a decay ends, as a share of the peak (`cosine_min_lr_ratio`,
    /// `min_lr_rate`, `min_lr_ratio`); a stable schedule's warm-up begins there too.
    package var minimumRatio = 0.0
    /// The share of the run after which a cosine stays at its minimum (`cosine_constant_lr_ratio`).
    package var constantRatio: Double?
    /// Waves of a cosine: by default half a one, or one with restarts (`num_cycles`).
    package var cycles: Double?
    /// Of a polynomial.
    package var power = 1.0
    /// Where a polynomial ends (`lr_end`).
    package var end = 1e-7
    /// Of an inverse root: by default the warm-up, or 10 000 without one.
    package var timescale: Int?
    /// The last steps of a stable schedule (`num_decay_steps`): by default a tenth of the run.
    package var decaySteps: Int?
    /// Steps at the peak (`num_stable_steps`): by default what warm-up and decay leave.
    package var stableSteps: Int?
    package var warmupRamp = Ramp.linear
    package var decayRamp = Ramp.cosine

    package init() {}
  }

  package var shape: Shape
  /// The highest value.
  package var peak: Double
  package var warmupSteps: Int
  package var totalSteps: Int
  package var options: Options

  package init(
    _ shape: Shape, peak: Double, warmupSteps: Int = 0, totalSteps: Int,
    options: Options = Options()
  ) {
    self.shape = shape
    self.peak = peak
    self.warmupSteps = shape == .constant ? 0 : warmupSteps
    self.totalSteps = totalSteps
    self.options = options
  }

  package init(
    _ shape: Shape, peak: Double, warmupSteps: Int = 0, totalSteps: Int, minimumRatio: Double
  ) {
    var options = Options()
    options.minimumRatio = minimumRatio
    self.init(
      shape, peak: peak, warmupSteps: warmupSteps, totalSteps: totalSteps, options: options)
  }

  /// Warm-up as a share of the run: rounded up, as transformers does.
  package static func warmupSteps(ratio: Double, totalSteps: Int) -> Int {
    Int((Double(totalSteps) * ratio).rounded(.up))
  }

  /// Warm-up as `warmup_steps` says it: below 1 it is a share of the run.
  package static func warmupSteps(_ steps: Double, totalSteps: Int) -> Int {
    steps < 1 ? warmupSteps(ratio: steps, totalSteps: totalSteps) : Int(steps)
  }

  /// The learning rate of step `step`, counted from 1.
  package func value(step: Int) -> Double { peak * factor(step: step) }

  /// The share of the peak at step `step`, counted from 1; what parameter groups have in common.
  package func factor(step: Int) -> Double {
    let position = step - 1
    if position < warmupSteps {
      let progress = Double(position) / Double(max(1, warmupSteps))
      guard shape == .warmupStableDecay else { return progress }
      return aboveMinimum(Self.rise(options.warmupRamp, progress))
    }
    switch shape {
    case .constant, .constantWithWarmup: return 1
    case .linear:
      return max(0, Double(totalSteps - position) / Double(max(1, totalSteps - warmupSteps)))
    case .cosine, .cosineWithMinimum: return cosine(position)
    case .cosineWithRestarts: return restarts(position)
    case .polynomial: return polynomial(position)
    case .inverseSquareRoot:
      let scale = options.timescale ?? (warmupSteps == 0 ? 10_000 : warmupSteps)
      return 1 / (Double(position + scale - warmupSteps) / Double(scale)).squareRoot()
    case .warmupStableDecay: return stable(position)
    }
  }

  // MARK: - Shapes after warm-up, `position` counted from 0

  private func progress(_ position: Int, of steps: Int) -> Double {
    Double(position - warmupSteps) / Double(max(1, steps - warmupSteps))
  }

  private func aboveMinimum(_ factor: Double) -> Double {
    max(0, factor * (1 - options.minimumRatio) + options.minimumRatio)
  }

  private func cosine(_ position: Int) -> Double {
    var (position, end) = (position, totalSteps)
    if let ratio = options.constantRatio, options.minimumRatio > 0 {
      end = Int(Double(totalSteps) * ratio)
      position = min(position, end)
    }
    let angle = Double.pi * (options.cycles ?? 0.5) * 2 * progress(position, of: end)
    return aboveMinimum(0.5 * (1 + cos(angle)))
  }

  private func restarts(_ position: Int) -> Double {
    let progress = progress(position, of: totalSteps)
    if progress >= 1 { return 0 }
    let phase = ((options.cycles ?? 1) * progress).truncatingRemainder(dividingBy: 1)
    return max(0, 0.5 * (1 + cos(Double.pi * phase)))
  }

  private func polynomial(_ position: Int) -> Double {
    if position > totalSteps || peak == 0 { return peak == 0 ? 0 : options.end / peak }
    let left = 1 - progress(position, of: totalSteps)
    return ((peak - options.end) * pow(left, options.power) + options.end) / peak
  }

  private func stable(_ position: Int) -> Double {
    let decaySteps = options.decaySteps ?? (totalSteps + 9) / 10
    let decayStart =
      warmupSteps + (options.stableSteps ?? totalSteps - warmupSteps - decaySteps)
    if position < decayStart { return 1 }
    guard position < decayStart + decaySteps else { return options.minimumRatio }
    let progress = Double(position - decayStart) / Double(max(1, decaySteps))
    return aboveMinimum(Self.fall(options.decayRamp, progress, cycles: options.cycles ?? 0.5))
  }

  private static func rise(_ ramp: Ramp, _ progress: Double) -> Double {
    switch ramp {
    case .linear: progress
    case .cosine: 0.5 * (1 - cos(Double.pi * progress))
    case .oneMinusSquareRoot: 1 - (1 - progress).squareRoot()
    }
  }

  private static func fall(_ ramp: Ramp, _ progress: Double, cycles: Double) -> Double {
    switch ramp {
    case .linear: 1 - progress
    case .cosine: 0.5 * (1 + cos(Double.pi * cycles * 2 * progress))
    case .oneMinusSquareRoot: 1 - progress.squareRoot()
    }
  }
}
