internal import Diagnostics
internal import Generation
internal import ModelFiles
internal import Records
internal import Reproducibility
internal import StageKit
internal import Tokenization
internal import Training

/// The tokenizer and the template a stage trains with, and the examples they make of its rows.
struct TrainingText {
  let tokenizer: Tokenizer
  let builder: ExampleBuilder
  let trainsOnInputs: Bool
  /// The text of a template that the stage gives the model, or nil.
  let replacedTemplate: String?

  /// - Throws: ``Failure`` when the tokenizer cannot be read, or when the template fails its own
  ///   test: one beginning token, a trained stop token, a mask over answers alone.
  init(_ folder: ModelFolder, _ mask: MaskParameters, _ context: StageContext) throws {
    try self.init(
      ModelText.tokenizer(of: folder), mask, context, own: { try ModelText.template(of: folder) })
  }

  /// The same of a tree that may have no weights.
  init(_ tree: FileTree, _ mask: MaskParameters, _ context: StageContext) throws {
    try self.init(
      ModelText.tokenizer(in: tree), mask, context, own: { try ModelText.template(in: tree) })
  }

  private init(
    _ tokenizer: Tokenizer, _ mask: MaskParameters, _ context: StageContext,
    own: () throws -> ChatTemplate?
  ) throws {
    self.tokenizer = tokenizer
    trainsOnInputs = mask.trainsOnInputs
    replacedTemplate = mask.template
    let template =
      try mask.template.map { try ChatTemplate(source: $0, file: "chat_template") }
      ?? own()
    builder = ExampleBuilder(
      tokenizer: tokenizer, template: template, trainOnInputs: mask.trainsOnInputs,
      rolesToTrain: mask.rolesToTrain)
    if template != nil { try TrainingChecks.settle(try builder.selfTest(), context) }
  }

  func rows(_ context: StageContext, _ parameters: TrainingParameters, contextLength: Int)
    -> TrainingRows
  {
    let wanted = parameters.settings.batching.sequenceLength
    if wanted > contextLength {
      context.warn(
        Diagnostic(
          "training.sequence-length",
          "sequence_len is \(wanted), and the model reads \(contextLength) tokens; rows longer "
            + "than \(contextLength) do not fit", severity: .warning))
    }
    return TrainingRows(
      context: context, builder: builder, sequenceLength: min(wanted, contextLength),
      endsWithContext: wanted > contextLength,
      excessLength: parameters.excessLength, trainsOnInputs: trainsOnInputs)
  }
}
