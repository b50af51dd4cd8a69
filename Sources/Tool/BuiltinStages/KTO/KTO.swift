package import Diagnostics
internal import ModelFiles
package import StageKit
package import Training

/// Kahneman-Tversky optimisation on answers with a verdict.
///
/// Rows are used in the order of the data: the divergence is measured on the answers of neighbours
/// in a micro-batch, which are fixed before the first step.
package struct KTO: Stage {
  package static let kind: StageKind = "kto"
  package static let version = 2  // 2: bf16: true multiplies in 16 bits
  package static let summary = "Trains a model on answers that are each marked good or bad."

  package struct Parameters: StageParameters {
    package let training: TrainingParameters
    package let adapter: AdapterParameters
    package let mask: MaskParameters
    package let loss: KTOLoss

    package init(_ read: inout ParameterReader) {
      adapter = AdapterParameters(&read)
      mask = MaskParameters(everythingWith: &read)
      loss = KTOLoss(
        read.choice(
          "kto_loss_type", default: .kto,
          help: "kto, or apo_zero_unpaired, which measures no divergence."),
        beta: read.number(
          "rl_beta", default: 0.1, in: 1e-6...100,
          help: "How strongly the reference holds the model back."),
        desirableWeight: read.number(
          "kto_desirable_weight", default: 1, in: 0...1000, help: "What a good answer weighs."),
        undesirableWeight: read.number(
          "kto_undesirable_weight", default: 1, in: 0...1000, help: "What a bad answer weighs."))
      var training = TrainingParameters(
        &read, .init(learningRate: 1e-5, microBatchSize: 8, packs: false))
      training.settings.batching.shuffles = false
      self.training = training
      if loss.kind.needsDivergence, training.settings.batching.microBatchSize < 2 {
        read.problem(
          "micro_batch_size", "is 1, and the divergence needs the answer of another row",
          fix: "set micro_batch_size: 2 or more, or kto_loss_type: apo_zero_unpaired")
      }
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    .training(
      model: "The model to start from, which is the reference too.",
      rows: "Rows of prompt, completion and label")
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs)
    -> [Diagnostic]
  {
    TrainingChecks.preflight(inputs, parameters.training.settings, parameters.adapter)
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    try TrainingChecks.settleInputs(context)
    let start = try TrainingModel(parameters.adapter, context)
    let text = try TrainingText(start.folder, parameters.mask, context)
    let rows = text.rows(
      context, parameters.training, contextLength: start.folder.configuration.contextLength)
    let train = try rows.unpaired("train")
    let held = try context.optionalInput("validation").map { _ in try rows.unpaired("validation") }
    check(train.examples, parameters.loss, context)
    func objective(_ examples: [UnpairedExample]) -> KTOObjective {
      KTOObjective(
        examples, parameters.loss,
        microBatchSize: parameters.training.settings.batching.microBatchSize)
    }
    let model = try start.load(seed: parameters.training.settings.batching.seed, context)
    let job = TrainingJob(
      context: context, parameters: parameters.training, model: model,
      train: objective(train.examples), validation: held.map { objective($0.examples) })
    _ = try job.run(
      "kto", [("train", train.counts)] + (held.map { [("validation", $0.counts)] } ?? []))
    try start.write(model, template: text.replacedTemplate, context)
    return .succeeded
  }

  private func check(_ examples: [UnpairedExample], _ loss: KTOLoss, _ context: StageContext) {
    let good = examples.count(where: \.isDesirable)
    let bad = examples.count - good
    context.count("train.desirable", good)
    context.count("train.undesirable", bad)
    guard let share = loss.desirableShare(desirable: good, undesirable: bad) else {
      context.warn(
        Diagnostic(
          "kto.one-sided", "all \(examples.count) answers are \(bad == 0 ? "good" : "bad")",
          fix: "add answers of the other kind", severity: .warning))
      return
    }
    if (0.999...1.334).contains(share) { return }
    let ratio = Double(good) / Double(bad)
    let (low, high) = (
      loss.undesirableWeight / ratio, 4 / 3 * loss.undesirableWeight / ratio
    )
    context.warn(
      Diagnostic(
        "kto.weights",
        "\(good) good and \(bad) bad answers weigh as \(ValueText.number(share)) to 1; "
          + "1 to 4/3 is usual",
        fix: "set kto_desirable_weight between \(ValueText.number(low)) and "
          + ValueText.number(high), severity: .warning))
  }
}
