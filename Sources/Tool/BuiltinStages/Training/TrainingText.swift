internal import Diagnostics
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
  init(_ tree: FileTree, _ mask: MaskParameters, _ context: StageContext) throws {
    tokenizer = try Tokenizer(tree)
    trainsOnInputs = mask.trainsOnInputs
    replacedTemplate = mask.template
    let template =
      try mask.template.map { try ChatTemplate(source: $0, file: "chat_template") }
      ?? ChatTemplate.find(in: tree)
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
