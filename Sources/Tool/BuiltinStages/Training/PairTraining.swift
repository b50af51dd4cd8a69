internal import ModelFiles
internal import Models
internal import StageKit
internal import Training

/// What the stages that train on preference rows share.
struct PairTraining {
  let context: StageContext
  let training: TrainingParameters
  let adapter: AdapterParameters
  let mask: MaskParameters

  /// - Parameters:
  ///   - title: of the report.
  ///   - objective: of rows of an input.
  func run(
    _ title: String, _ objective: (TrainingRows.Pairs, TrainingText) -> any TrainingObjective
  )
    throws
  {
    try run(title, prepare: { _ in }, objective)
  }

  /// - Parameter prepare: what the model gets before it is trained.
  func run(
    _ title: String, prepare: (LanguageModel) -> Void,
    _ objective: (TrainingRows.Pairs, TrainingText) -> any TrainingObjective
  ) throws {
    try TrainingChecks.settleInputs(context)
    let start = try TrainingModel(adapter, context)
    let text = try TrainingText(start.folder, mask, context)
    let rows = text.rows(
      context, training, contextLength: start.folder.configuration.contextLength)
    let train = try rows.preferences("train")
    let held = try context.optionalInput("validation").map { _ in
      try rows.preferences("validation")
    }
    let model = try start.load(seed: training.settings.batching.seed, context)
    prepare(model)
    let job = TrainingJob(
      context: context, parameters: training, model: model, train: objective(train, text),
      validation: held.map { objective($0, text) })
    _ = try job.run(
      title, [("train", train.counts)] + (held.map { [("validation", $0.counts)] } ?? []))
    try start.write(model, template: text.replacedTemplate, context)
  }
}
