package import Curation
internal import Generation
internal import Records
package import StageKit
internal import Tokenization

/// Counts the tokens of rows for a data report as training would see them.
package enum ModelReportTokens: ReportTokens {
  package static func tokens(of port: String, _ context: StageContext) throws -> any RowTokens {
    let tree = context.input(port).tree
    return ModelRowTokens(
      builder: ExampleBuilder(
        tokenizer: try ModelText.tokenizer(in: tree), template: try ModelText.template(in: tree)))
  }
}

private struct ModelRowTokens: RowTokens {
  let builder: ExampleBuilder

  func count(_ stored: StoredRow) throws -> (all: Int, trained: Int) {
    let row = try stored.row()
    if case .preference = row.content {
      // The longer answer decides whether the pair fits.
      let pair = try builder.preference(row)
      let answer = max(pair.chosen.count, pair.rejected.count)
      return (pair.prompt.count + answer, answer)
    }
    if case .conversation(let turns, _) = row.content, builder.template == nil {
      // Without a template the texts alone can be counted.
      let texts = turns.map {
        builder.tokenizer.encode($0.content, addSpecialTokens: false, parseSpecial: false).count
      }
      let trained = zip(turns, texts).reduce(0) { $0 + ($1.0.role == .assistant ? $1.1 : 0) }
      return (texts.reduce(0, +), trained)
    }
    let example = try builder.example(row)
    return (example.ids.count, example.trainedCount)
  }
}
