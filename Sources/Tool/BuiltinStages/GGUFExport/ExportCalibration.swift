import Diagnostics
import Generation
import ModelFiles
import Models
import Records
import Reproducibility
import StageKit
import Tokenization

/// The importance matrix of a model, from rows like those it will see.
struct ExportCalibration {
  let folder: ModelFolder
  /// Tokens that are read at most.
  let tokens: Int

  /// Tokens of one forward pass; a matter of memory alone.
  private static let tokensPerBatch = 4096

  /// Reads rows until the tokens are enough, each as the model is trained to see it.
  ///
  /// - Throws: ``Failure`` where there are no rows, or the model cannot be loaded.
  func importance(_ input: InputArtifact, in context: StageContext) throws -> GGUFImportance {
    let builder = ExampleBuilder(
      tokenizer: try ModelText.tokenizer(of: folder), template: try ModelText.template(of: folder))
    let model = try LanguageModel.load(
      folder, trainable: .nothing, pool: context.pool, precision: .forInference(folder, on: nil))
    let squares = InputSquares()
    var (batch, read, texts) = (TokenBatch(ids: [], starts: [0], labels: []), 0, 0)
    func flush() throws {
      batch.labels = Array(repeating: TokenBatch.ignored, count: batch.ids.count)
      model.observe(batch, squares)
      batch = TokenBatch(ids: [], starts: [0], labels: [])
      context.progress(min(read, tokens), of: tokens, "calibration tokens")
      try context.checkCancelled()
    }
    for row in try RecordsReader(input.tree).rows() where read < tokens {
      let length = model.configuration.contextLength
      let sequences = try self.texts(of: row, builder).map { Array($0.prefix(length)) }
      for ids in sequences where !ids.isEmpty {
        if !batch.ids.isEmpty, batch.ids.count + ids.count > Self.tokensPerBatch { try flush() }
        batch.ids += ids
        batch.starts.append(batch.ids.count)
        read += ids.count
        texts += 1
      }
    }
    if !batch.ids.isEmpty { try flush() }
    guard read > 0 else {
      throw Diagnostic(
        "gguf.no-calibration", "no rows of 'calibration' are left to read: the input has no text",
        fix: "look at the stage before"
      ).failure(.badInput)
    }
    return try GGUFImportance(
      modules: squares.sums.mapValues { ($0.squares, $0.rows) }, of: folder.mergedConfiguration,
      datasets: ["calibration \(input.digest.hex)"], chunkCount: texts,
      chunkTokens: max(1, read / max(1, texts)))
  }

  private func texts(of row: Row, _ builder: ExampleBuilder) throws -> [[Int32]] {
    guard case .preference = row.content else { return [try builder.example(row).ids] }
    let pair = try builder.preference(row)
    return [pair.prompt + pair.chosen]
  }
}
