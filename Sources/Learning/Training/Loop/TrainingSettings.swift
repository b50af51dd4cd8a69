/// Everything a run depends on besides the model, the rows and the objective.
package struct TrainingSettings: Sendable, Hashable {
  package enum Warmup: Sendable, Hashable {
    case steps(Int)
    /// Of the whole run, rounded up.
    case ratio(Double)
  }

  package enum Cadence: Sendable, Hashable {
    case steps(Int)
    case perEpoch(Int)
    /// After the last step of every epoch.
    case epochEnds
  }

  package var batching: BatchSettings
  /// Passes over the data.
  package var epochs: Double
  /// Replaces `epochs`.
  package var stepsMax: Int?
  package var optimizer = OptimizerSettings()
  package var learningRate: Double
  package var schedule = LearningRateSchedule.Shape.cosine
  package var warmup = Warmup.steps(0)
  package var scheduleOptions = LearningRateSchedule.Options()
  /// Nil: no clipping.
  package var gradientNormMax: Double? = 1
  /// Besides before the first and after the last step.
  package var evaluation = Cadence.epochEnds
  /// Nil: twenty times in a run.
  package var saving: Cadence?
  package var loadsBestModelAtEnd = false
  /// Evaluations without improvement after which training ends.
  package var earlyStoppingPatience: Int?
  /// A loss above this for ``watchdogPatience`` steps in a row ends the run with an error.
  package var watchdogThreshold: Double?
  package var watchdogPatience = 3
  /// What a step with a loss or a gradient norm far above those before it leads to.
  package var spikeAction = SpikeAction.warn
  package var usesDropout = false

  package init(
    batching: BatchSettings, epochs: Double = 1, stepsMax: Int? = nil, learningRate: Double
  ) {
    self.batching = batching
    self.epochs = epochs
    self.stepsMax = stepsMax
    self.learningRate = learningRate
  }

  package func warmupSteps(of totalSteps: Int) -> Int {
    switch warmup {
    case .steps(let steps): steps
    case .ratio(let ratio): LearningRateSchedule.warmupSteps(ratio: ratio, totalSteps: totalSteps)
    }
  }

  package func learningRates(totalSteps: Int) -> LearningRateSchedule {
    LearningRateSchedule(
      schedule, peak: learningRate, warmupSteps: warmupSteps(of: totalSteps),
      totalSteps: totalSteps, options: scheduleOptions)
  }

  /// Whether a cadence falls on a step.
  func isDue(_ cadence: Cadence, step: Int, totalSteps: Int, endsEpoch: Bool) -> Bool {
    switch cadence {
    case .steps(let steps): return step % max(1, steps) == 0
    case .epochEnds: return endsEpoch
    case .perEpoch(let count):
      let span = Double(totalSteps) / (Double(max(1, count)) * max(1, epochs))
      return step % max(1, Int(span.rounded(.up))) == 0
    }
  }
}
