internal import Generation
internal import ModelFiles
internal import Models
internal import Records
internal import Tensors
internal import Tokenization

/// Rows as training renders them.
extension LanguageModelUnderTest {
  func rowText(_ row: Row) throws -> LabelledText {
    let (ids, labels) = try fittedExample(row, limit: context)
    return LabelledText(ids: ids, labels: labels)
  }

  func rowLikelihood(_ text: LabelledText, _ measures: [LabelMeasure]) -> Likelihood {
    Likelihood(
      logProbability: Self.sum(measures), tokens: measures.count, bytes: bytes(of: text.labels))
  }

  /// The row's prompt with the chosen answer, and with the rejected one.
  func preferenceTexts(_ row: Row) throws -> [LabelledText] {
    let example = try builder.preference(row)
    return [example.chosen, example.rejected].map { completion in
      let prompt = fitted(example.prompt, max(1, context - completion.count))
      return CompletionScorer.Item(
        prompt: prompt, completion: Array(completion.prefix(context - prompt.count))
      ).text
    }
  }

  func preferenceMeasure(_ chosen: [LabelMeasure], _ rejected: [LabelMeasure])
    -> PreferenceMeasure
  {
    func mean(_ measures: [LabelMeasure]) -> Double {
      measures.isEmpty ? -.infinity : Self.sum(measures) / Double(measures.count)
    }
    return PreferenceMeasure(chosen: mean(chosen), rejected: mean(rejected))
  }

  static func sum(_ measures: some Sequence<LabelMeasure>) -> Double {
    measures.reduce(0.0) { $0 + Double($1.logProbability) }
  }
}
