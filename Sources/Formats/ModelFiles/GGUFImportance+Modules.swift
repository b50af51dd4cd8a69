extension GGUFImportance {
  /// What was added up for the modules of a model, by Hugging Face's paths.
  ///
  /// - Parameters:
  ///   - squares: sums of squares of each input, and the rows that were added up. A module that is
  ///     not there read nothing.
  ///   - model: whose tensors they become.
  /// - Throws: ``Failure`` when the family has no form in GGUF.
  package init(
    modules squares: [String: (sums: [Float], rows: Int)], of model: ModelConfiguration,
    datasets: [String], chunkCount: Int, chunkTokens: Int
  ) throws {
    let layout = GGUFLayout(model, try GGUFExport.architecture(for: model))
    var entries: [String: Entry] = [:]
    for tensor in layout.tensors where tensor.shape.count > 1 {
      let parts = tensor.parts.map { part in
        part.hasSuffix(".weight") ? squares[String(part.dropLast(".weight".count))] : nil
      }
      guard let columns = parts.lazy.compactMap({ $0?.sums.count }).first else { continue }
      let nothing = [Float](repeating: 0, count: columns)
      entries[tensor.name] = Entry(
        sums: parts.flatMap { $0?.sums ?? nothing }, counts: parts.map { $0?.rows ?? 0 })
    }
    self.init(entries, datasets: datasets, chunkCount: chunkCount, chunkTokens: chunkTokens)
  }
}
