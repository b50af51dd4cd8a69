internal import Diagnostics
package import StageKit
package import Training

/// What every training stage reads, by Axolotl's names.
package struct TrainingParameters: Sendable {
  package enum ExcessLength: String, Sendable, CaseIterable { case drop, truncate, raise }

  package var settings: TrainingSettings
  package let excessLength: ExcessLength
  package let loggingSteps: Int
  package let memory: MemoryParameters

  /// Values that differ between stages.
  package struct Defaults: Sendable {
    var learningRate: Double
    var microBatchSize: Int
    var packs: Bool
  }

  package init(_ read: inout ParameterReader, _ defaults: Defaults) {
    var settings = TrainingSettings(
      batching: Self.batching(&read, defaults),
      epochs: read.number(
        "num_epochs", default: 1, in: 0.01...10_000, smoke: .atMost(1),
        help: "Passes over the training rows."),
      stepsMax: read.optionalInteger(
        "max_steps", in: 1...1_000_000_000, smoke: .ifGiven(20),
        help: "Optimizer steps; replaces num_epochs."),
      learningRate: read.number(
        "learning_rate", default: defaults.learningRate, in: 0...10,
        help: "The highest learning rate of the schedule."))
    excessLength = read.choice(
      "excess_length_strategy", default: .drop,
      help: "What happens to a row longer than sequence_len; dropped rows are counted.")
    settings.optimizer = Self.optimizer(&read)
    settings.optimizer.groups = Self.groups(&read)
    Self.schedule(&read, &settings)
    settings.gradientNormMax = read.number(
      "max_grad_norm", default: 1, in: 0...1e6,
      help: "Gradients are scaled down to this global norm; 0 switches it off.")
    Self.cadence(&read, &settings)
    loggingSteps = read.integer(
      "logging_steps", default: 1, in: 1...1_000_000, smoke: .atMost(1),
      help: "Steps between two metrics.")
    memory = MemoryParameters(&read)
    self.settings = settings
  }

  private static func batching(_ read: inout ParameterReader, _ defaults: Defaults)
    -> BatchSettings
  {
    let length = read.integer(
      "sequence_len", default: 512, in: 2...1_048_576, help: "The longest row in tokens.")
    let micro = read.integer(
      "micro_batch_size", default: defaults.microBatchSize, in: 1...65_536,
      help: "Rows that go through the model at once.")
    let accumulation = read.integer(
      "gradient_accumulation_steps", default: 1, in: 1...65_536,
      help: "Micro-batches of one optimizer step.")
    let packs =
      defaults.packs
      && read.flag(
        "sample_packing", default: false,
        help: "Fill a micro-batch with short rows up to sequence_len * micro_batch_size tokens.")
    let seed = read.integer(
      "seed", default: 42, in: 0...Int.max, help: "Decides order, dropout and fresh weights.")
    return BatchSettings(
      microBatchSize: micro, gradientAccumulationSteps: accumulation, sequenceLength: length,
      samplePacking: packs, seed: UInt64(seed))
  }

  private static func optimizer(_ read: inout ParameterReader) -> OptimizerSettings {
    OptimizerSettings(
      kind: read.choice(
        "optimizer", default: .adamw,
        help: "AdamW with moments in 32 or 8 bits, in memory or paged from a file; or sgd."),
      beta1: read.number(
        "adam_beta1", default: 0.9, in: 0...0.999999, help: "Decay of the first moment."),
      beta2: read.number(
        "adam_beta2", default: 0.999, in: 0...0.999999999, help: "Decay of the second moment."),
      epsilon: read.number(
        "adam_epsilon", default: 1e-8, in: 1e-30...1,
        help: "Added after the root of the second moment."),
      weightDecay: read.number(
        "weight_decay", default: 0, in: 0...10,
        help: "Decoupled decay per unit of learning rate; not on biases and norms."))
  }

  private static func schedule(_ read: inout ParameterReader, _ settings: inout TrainingSettings) {
    settings.schedule = read.choice(
      "lr_scheduler", default: .cosine, help: "The shape of the learning rate after warm-up.")
    settings.scheduleOptions.minimumRatio = read.number(
      "cosine_min_lr_ratio", default: 0, in: 0...1,
      help: "Where a cosine ends, as a share of learning_rate.")
    let steps = read.optionalInteger(
      "warmup_steps", in: 0...1_000_000_000, help: "Steps of linear warm-up.")
    let ratio = read.optionalNumber(
      "warmup_ratio", in: 0...1, help: "Warm-up as a share of all steps; 0.03 by default.")
    if steps != nil && ratio != nil {
      read.problem(
        "warmup_ratio", "warmup_steps and warmup_ratio are both set",
        fix: "keep one of them")
    }
    settings.warmup = steps.map { .steps($0) } ?? .ratio(ratio ?? 0.03)
    if let total = settings.stepsMax, settings.warmupSteps(of: total) >= total, total > 1 {
      read.problem(
        steps == nil ? "warmup_ratio" : "warmup_steps",
        "the warm-up takes \(settings.warmupSteps(of: total)) steps, the run \(total)",
        fix: "make the warm-up shorter than max_steps")
    }
  }

  private static func cadence(_ read: inout ParameterReader, _ settings: inout TrainingSettings) {
    if let cadence = cadence(
      &read, "eval_steps", "evals_per_epoch",
      "evaluations on the validation rows; by default one at the end of every epoch")
    {
      settings.evaluation = cadence
    }
    settings.saving = cadence(
      &read, "save_steps", "saves_per_epoch", "checkpoints; by default twenty in a run")
    settings.loadsBestModelAtEnd = read.flag(
      "load_best_model_at_end", default: false,
      help: "Keep the weights with the lowest eval_loss instead of the last ones.")
    settings.earlyStoppingPatience = read.optionalInteger(
      "early_stopping_patience", in: 1...1_000_000,
      help: "End after so many evaluations without a lower eval_loss, and keep the best weights.")
    settings.watchdogThreshold = read.optionalNumber(
      "loss_watchdog_threshold", in: 0...1e9, help: "A loss above this is a spike.")
    settings.watchdogPatience = read.integer(
      "loss_watchdog_patience", default: 3, in: 1...1_000_000,
      help: "Spikes in a row after which the stage fails.")
    settings.spikeAction = read.choice(
      "loss_spike", default: .warn,
      help: "What a loss or gradient norm far above the last 64 steps leads to: a warning, a step "
        + "that is left out, or the end of the run; the rows are named.")
    if read.flag("fp16", default: false, help: "Refused: use bf16.") {
      read.problem(
        "fp16", "16-bit floats overflow in training", fix: "leave out fp16, or set bf16: true")
    }
  }

  private static func cadence(
    _ read: inout ParameterReader, _ steps: String, _ perEpoch: String, _ what: String
  ) -> TrainingSettings.Cadence? {
    let each = read.optionalInteger(
      steps, in: 1...1_000_000_000, help: "Steps between two \(what).")
    let count = read.optionalInteger(perEpoch, in: 1...1_000_000, help: "The same, per epoch.")
    if each != nil && count != nil {
      read.problem(
        perEpoch, "\(steps) and \(perEpoch) are both set", fix: "keep one of them")
    }
    return each.map { .steps($0) } ?? count.map { .perEpoch($0) }
  }
}
