internal import Diagnostics
internal import Documents
internal import Parallelism
internal import Records
internal import Reproducibility
internal import StageKit
internal import Tokenization
internal import Training

/// Reads records into examples that fit, and counts what was left out and why.
struct TrainingRows {
  let context: StageContext
  let builder: ExampleBuilder
  let sequenceLength: Int
  /// The model reads no more, whatever sequence_len is.
  let endsWithContext: Bool
  let excessLength: TrainingParameters.ExcessLength
  /// Rows that do not bring their own labels are trained from their first token on.
  let trainsOnInputs: Bool

  /// Counts by reason, of one input port.
  struct Counts: Sendable, Hashable {
    var rows = 0
    var kept = 0
    var tooLong = 0
    var cut = 0
    var untrained = 0
    var equalAnswers = 0
    var tokens = 0
    var trainedTokens = 0
  }

  /// What became of a row.
  private enum Fate<Example: Sendable>: Sendable {
    case kept(Example), cut(Example)
    case tooLong(RowID), untrained, equalAnswers

    func map<Other>(_ transform: (Example) -> Other) -> Fate<Other> {
      switch self {
      case .kept(let example): .kept(transform(example))
      case .cut(let example): .cut(transform(example))
      case .tooLong(let row): .tooLong(row)
      case .untrained: .untrained
      case .equalAnswers: .equalAnswers
      }
    }
  }

  /// Rows of any kind but preferences, for ``TokenObjective``.
  func examples(_ port: String) throws -> (examples: [TokenExample], counts: Counts) {
    let (examples, counts) = try read(port) { row in
      var example = try builder.example(row)
      if trainsOnInputs, !row.content.hasLabels { example.labels = example.ids }
      return fate(example)
    } tokens: {
      ($0.ids.count, $0.trainedTokens)
    }
    return (examples, counts)
  }

  /// Pairs of answers, and by how much each chosen one should lead, where every row says.
  struct Pairs {
    var examples: [PreferenceExample]
    /// The rows' `margin`, or empty.
    var margins: [Double]
    var counts: Counts
  }

  /// Preference rows.
  func preferences(_ port: String) throws -> Pairs {
    let (found, counts) = try read(port) { row in
      let margin = row.field("margin")?.doubleValue
      return fate(try builder.preference(row)).map { ($0, margin) }
    } tokens: { pair, _ in
      (
        2 * pair.prompt.count + pair.chosen.count + pair.rejected.count,
        pair.scored(pair.chosen) + pair.scored(pair.rejected)
      )
    }
    let margins = found.compactMap(\.1)
    return Pairs(
      examples: found.map(\.0), margins: margins.count == found.count ? margins : [],
      counts: counts)
  }

  /// Rows of prompt, completion and label, for ``KTOObjective``.
  func unpaired(_ port: String) throws -> (examples: [UnpairedExample], counts: Counts) {
    try read(port) { row in
      guard case .unpaired(_, _, let label) = row.content else {
        throw Diagnostic(
          "training.wrong-row",
          "row \(row.id) of '\(port)' is no answer with a verdict: it needs prompt, completion and "
            + "label", fix: "ingest the rows with 'type: kto'"
        ).failure(.badInput)
      }
      let example = try builder.example(row)
      let prompt = example.labels.prefix { $0 == TokenExample.ignored }.count
      return fate(
        UnpairedExample(
          row: row.id, prompt: Array(example.ids.prefix(prompt)),
          completion: Array(example.ids.dropFirst(prompt)), isDesirable: label))
    } tokens: {
      ($0.prompt.count + $0.completion.count, $0.completion.count)
    }
  }

  /// Prompts to complete: whole conversations that wait for an answer, and rows of other kinds
  /// without theirs.
  ///
  /// - Parameter room: tokens that a completion may have.
  func prompts(_ port: String, room: Int) throws -> (examples: [PromptExample], counts: Counts) {
    try read(port) { row in
      let example = try PromptExample(row, builder, port: port)
      return example.ids.count + room > sequenceLength ? .tooLong(row.id) : .kept(example)
    } tokens: {
      ($0.ids.count, 0)
    }
  }

  // MARK: - Private

  private func fate(_ example: TokenExample) -> Fate<TokenExample> {
    var example = example
    let isLong = example.ids.count > sequenceLength
    if isLong {
      guard excessLength == .truncate else { return .tooLong(example.row) }
      example.ids = Array(example.ids.prefix(sequenceLength))
      example.labels = Array(example.labels.prefix(sequenceLength))
    }
    if example.trainedTokens == 0 { return .untrained }
    return isLong ? .cut(example) : .kept(example)
  }

  private func fate(_ example: PreferenceExample) -> Fate<PreferenceExample> {
    var example = example
    let longest = max(example.chosen.count, example.rejected.count)
    let isLong = example.prompt.count + longest > sequenceLength
    if isLong {
      guard excessLength == .truncate, example.prompt.count < sequenceLength else {
        return .tooLong(example.row)
      }
      let room = sequenceLength - example.prompt.count
      example.chosen = Array(example.chosen.prefix(room))
      example.rejected = Array(example.rejected.prefix(room))
    }
    if example.scored(example.chosen) == 0 || example.scored(example.rejected) == 0 {
      return .untrained
    }
    if example.chosen == example.rejected { return .equalAnswers }
    return isLong ? .cut(example) : .kept(example)
  }

  private func fate(_ example: UnpairedExample) -> Fate<UnpairedExample> {
    var example = example
    let isLong = example.prompt.count + example.completion.count > sequenceLength
    if isLong {
      guard excessLength == .truncate, example.prompt.count < sequenceLength else {
        return .tooLong(example.row)
      }
      example.completion = Array(
        example.completion.prefix(sequenceLength - example.prompt.count))
    }
    if example.completion.count <= (example.prompt.isEmpty ? 1 : 0) { return .untrained }
    return isLong ? .cut(example) : .kept(example)
  }

  /// Chunk by chunk, the rows of a chunk on all threads, in the order of the records.
  private func read<Example: Sendable>(
    _ port: String, _ fate: @Sendable (Row) throws -> Fate<Example>,
    tokens: (Example) -> (all: Int, trained: Int)
  ) throws -> ([Example], Counts) {
    let reader = try RecordsReader(context.input(port).tree)
    var examples: [Example] = []
    var counts = Counts()
    for chunk in 0..<reader.chunkCount {
      try context.checkCancelled()
      context.progress(counts.rows, of: reader.rowCount, "rows tokenised")
      for result in try context.pool.map(try reader.chunk(chunk), fate) {
        counts.rows += 1
        switch result {
        case .kept(let example), .cut(let example):
          if case .cut = result { counts.cut += 1 }
          let (all, trained) = tokens(example)
          counts.tokens += all
          counts.trainedTokens += trained
          counts.kept += 1
          examples.append(example)
        case .tooLong(let row):
          if excessLength == .raise { throw tooLong(row, port) }
          counts.tooLong += 1
        case .untrained: counts.untrained += 1
        case .equalAnswers: counts.equalAnswers += 1
        }
      }
    }
    report(counts, port)
    if examples.isEmpty { throw nothing(counts, port) }
    return (examples, counts)
  }

  private func report(_ counts: Counts, _ port: String) {
    context.count("\(port).rows_in", counts.rows)
    context.count("\(port).rows_used", counts.kept)
    context.count("\(port).tokens", counts.tokens)
    context.count("\(port).trained_tokens", counts.trainedTokens)
    for (name, count, sentence) in counts.losses(limit) where count > 0 {
      context.count("\(port).\(name)", count)
      context.warn(
        Diagnostic(
          "training.rows", "\(count) of \(counts.rows) rows of '\(port)' \(sentence)",
          severity: .warning))
    }
  }

  /// What a row must not be longer than.
  private var limit: String {
    "\(endsWithContext ? "the model's context" : "sequence_len") (\(sequenceLength) tokens)"
  }

  private var wayOut: String {
    endsWithContext
      ? "split the rows, or set excess_length_strategy: truncate" : "raise sequence_len"
  }

  private func tooLong(_ row: RowID, _ port: String) -> Failure {
    Diagnostic(
      "training.too-long",
      "row \(row) of '\(port)' is longer than \(limit)",
      fix: "\(wayOut), or set excess_length_strategy: drop"
    ).failure(.badInput)
  }

  private func nothing(_ counts: Counts, _ port: String) -> Failure {
    let reasons = counts.losses(limit).filter { $0.count > 0 }
      .map { "\($0.count) \($0.sentence)" }
    let why = counts.rows == 0 ? "the input has no rows" : reasons.joined(separator: ", ")
    return Diagnostic(
      "training.no-rows", "no rows of '\(port)' are left to use: \(why)",
      fix: counts.tooLong > 0
        ? wayOut : "look at the rows with 'orchestrate preview'"
    ).failure(.badInput)
  }
}

extension TrainingRows.Counts {
  /// Rows left out or changed: name of the count, number, and what happened to them.
  func losses(_ limit: String) -> [(name: String, count: Int, sentence: String)] {
    [
      (
        "dropped.too_long", tooLong,
        "are longer than \(limit) and were dropped"
      ),
      ("cut", cut, "were cut to \(limit)"),
      ("dropped.nothing_trained", untrained, "have no token to train on and were dropped"),
      ("dropped.equal_answers", equalAnswers, "have two equal answers and were dropped"),
    ]
  }
}

extension RowContent {
  /// Whether the row says itself what is trained.
  fileprivate var hasLabels: Bool { if case .tokens = self { true } else { false } }
}
