internal import Diagnostics
internal import Tokenization
internal import Training

/// What the token ids of the rows say before anything is trained: beginnings, ends, masks.
struct ExampleHealth {
  private(set) var rows = 0
  private(set) var withoutStop = 0
  private(set) var wrongBeginning = 0
  private(set) var unmasked = 0
  /// Rows by the share of their tokens that is trained, in tenths.
  private(set) var shares = [Int](repeating: 0, count: 10)

  private let stops: Set<Int32>
  /// What a row should begin with exactly once, or nil.
  private let beginning: Int32?
  /// Whether prompts are meant to be masked.
  private let masksPrompts: Bool

  init(_ builder: ExampleBuilder, masksPrompts: Bool) {
    stops = Set(builder.stopTokenIDs)
    let bos = builder.tokenizer.bos?.id
    let probe = builder.tokenizer.encode("a", addSpecialTokens: true, parseSpecial: false)
    let writesBOS = bos != nil && probe.first == bos
    beginning = writesBOS && bos != builder.tokenizer.eos?.id ? bos : nil
    self.masksPrompts = masksPrompts
  }

  mutating func take(_ example: TokenExample) {
    // A row that is trained from its first token on is plain text, which may end anyhow.
    let isAnswer = example.labels.first == -100
    rows += 1
    let trained = example.trainedTokens
    let share = Double(trained) / Double(max(1, example.ids.count))
    shares[min(9, Int(share * 10))] += 1
    if isAnswer {
      let lastTrained = example.labels.lastIndex { $0 != -100 }
      let tail = lastTrained.map { example.labels[max(0, $0 - 1)...$0] } ?? []
      if !tail.contains(where: { stops.contains($0) }) { withoutStop += 1 }
    } else if masksPrompts {
      unmasked += 1
    }
    if let beginning, example.ids.prefix(2).count(where: { $0 == beginning }) != 1 {
      wrongBeginning += 1
    }
  }

  /// `health.no-stop`, `health.bos`, `health.mask`.
  func findings(port: String) -> [Diagnostic] {
    var found: [Diagnostic] = []
    if withoutStop > 0 {
      found.append(
        TrainingHealth.warning(
          "no-stop",
          "\(withoutStop) of \(rows) rows of '\(port)' end without a trained stop token: the model "
            + "does not learn to end there",
          fix: "use a template that ends turns with a stop token, or a completion without a cut"))
    }
    if wrongBeginning > 0 {
      found.append(
        TrainingHealth.warning(
          "bos",
          "\(wrongBeginning) of \(rows) rows of '\(port)' do not begin with exactly one BOS token",
          fix: "let either the template or the tokenizer write BOS; see 'orchestrate preview'"))
    }
    // Rows of text alone have no prompts; a mixture has rows whose prompt is missing.
    if unmasked > 0, unmasked < rows {
      found.append(
        TrainingHealth.warning(
          "mask",
          "\(unmasked) of \(rows) rows of '\(port)' have no prompt: every token is trained",
          fix: "check the row type, or set train_on_inputs: true if that is meant"))
    }
    return found
  }
}
