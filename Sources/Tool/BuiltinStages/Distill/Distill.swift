package import Diagnostics
internal import Generation
internal import ModelFiles
internal import Models
package import StageKit
internal import Tokenization
package import Training

/// A student learns a teacher's distributions over the vocabulary.
package struct Distill: Stage {
  package static let kind: StageKind = "distill"
  package static let version = 2  // 2: bf16: true multiplies in 16 bits
  package static let summary = "Trains a model to say what a larger one says, token by token."

  package struct Parameters: StageParameters {
    package enum Measure: String, Sendable, CaseIterable {
      case forwardKL = "forward_kl"
      case reverseKL = "reverse_kl"
      case jensenShannon = "js"
    }

    package let training: TrainingParameters
    package let adapter: AdapterParameters
    package let mask: MaskParameters
    package let divergence: VocabularyDivergence

    package init(_ read: inout ParameterReader) {
      adapter = AdapterParameters(&read)
      mask = MaskParameters(&read)
      let measure: Measure = read.choice(
        "kd_divergence", default: .forwardKL,
        help: "forward_kl covers all the teacher may say, reverse_kl what it says most, js mixes.")
      let beta = read.optionalNumber(
        "kd_beta", in: 0.001...0.999,
        help: "The teacher's share in the mixture of js; 0.5 by default.")
      if beta != nil, measure != .jensenShannon {
        read.problem(
          "kd_beta", "kd_divergence is '\(measure.rawValue)', which does not read it",
          fix: "set kd_divergence: js, or leave out kd_beta")
      }
      let temperature = read.number(
        "kd_temperature", default: 1, in: 0.01...100,
        help: "What the logits of both are divided by.")
      let kind: VocabularyDivergence.Kind =
        switch measure {
        case .forwardKL: .forwardKL
        case .reverseKL: .reverseKL
        case .jensenShannon: .jensenShannon(beta ?? 0.5)
        }
      divergence = VocabularyDivergence(kind, temperature: temperature)
      training = TrainingParameters(
        &read, .init(learningRate: 2e-4, microBatchSize: 8, packs: true))
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    .training(
      model: "The student to start from; an adapter is trained further.", rows: "Rows",
      [Port("teacher", .model, help: "The teacher, of the student's vocabulary; never changed.")])
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
    let artifact = context.input("teacher")
    let folder = try ModelFolder(artifact.tree) { artifact.reference($0) }
    try check(folder, start.folder, text.tokenizer)
    let rows = text.rows(
      context, parameters.training,
      contextLength: min(
        start.folder.configuration.contextLength, folder.configuration.contextLength))
    let train = try rows.examples("train")
    let held = try context.optionalInput("validation").map { _ in try rows.examples("validation") }
    let model = try start.load(seed: parameters.training.settings.batching.seed, context)
    let backend = parameters.adapter.device == .cpu ? nil : model.backend
    let teacher = try LanguageModel.load(
      folder, trainable: .nothing, pool: context.pool,
      precision: .forInference(folder, on: backend), backend: backend)
    let job = TrainingJob(
      context: context, parameters: parameters.training, model: model,
      train: DistillationObjective(
        train.examples, teacher: teacher, parameters.divergence),
      validation: held.map {
        DistillationObjective($0.examples, teacher: teacher, parameters.divergence)
      })
    _ = try job.run(
      "distill", [("train", train.counts)] + (held.map { [("validation", $0.counts)] } ?? []))
    try start.write(model, template: text.replacedTemplate, context)
    return .succeeded
  }

  /// Distributions can be compared where every id means the same token.
  private func check(_ teacher: ModelFolder, _ student: ModelFolder, _ tokenizer: Tokenizer) throws
  {
    let (theirs, ours) = (
      teacher.configuration.vocabularySize, student.configuration.vocabularySize
    )
    var differing = 0
    if theirs == ours {
      let other = try ModelText.tokenizer(of: teacher)
      differing = (0..<Int32(min(ours, tokenizer.vocabularySize))).count {
        other.token(of: $0) != tokenizer.token(of: $0)
      }
    }
    guard theirs != ours || differing > 0 else { return }
    throw Diagnostic(
      "distill.vocabulary",
      theirs != ours
        ? "the teacher has \(theirs) tokens, the student \(ours)"
        : "\(differing) of \(ours) ids mean another token to the teacher",
      fix: "choose a teacher with the student's tokenizer"
    ).failure(.badInput)
  }
}
