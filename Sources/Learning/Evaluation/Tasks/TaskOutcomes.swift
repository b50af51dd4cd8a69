internal import Records
internal import Scoring

/// What one model did on the items of a task, in their order.
package enum TaskOutcomes: Sendable {
  case answers([String])
  case likelihoods([Likelihood])
  case preferences([PreferenceMeasure])

  /// Asks `model` batch by batch.
  ///
  /// - Parameter afterBatch: called with the number of items done; may throw to stop.
  package static func measure(
    _ model: some EvaluatedModel, _ prepared: PreparedTask, batchSize: Int,
    afterBatch: (Int) throws -> Void
  ) throws -> TaskOutcomes {
    let task = prepared.task
    var answers: [String] = []
    var likelihoods: [Likelihood] = []
    var preferences: [PreferenceMeasure] = []
    for start in stride(from: 0, to: prepared.items.count, by: batchSize) {
      let batch = prepared.items[start..<min(start + batchSize, prepared.items.count)]
      switch task.metric.kind {
      case .generation:
        answers += try model.answers(
          to: batch.compactMap(\.prompt), maxNewTokens: task.maxNewTokens, stops: task.stops)
      case .likelihood: likelihoods += try model.likelihoods(of: batch.map(\.row))
      case .preference: preferences += try model.preferences(of: batch.map(\.row))
      }
      try afterBatch(start + batch.count)
    }
    switch task.metric.kind {
    case .generation: return .answers(answers)
    case .likelihood: return .likelihoods(likelihoods)
    case .preference: return .preferences(preferences)
    }
  }
}

/// Numbers per item that a metric is made of.
enum ItemValues: Sendable {
  /// A share of right items.
  case right([Bool])
  /// A statistic of sums over items.
  case additive(AdditiveItems, @Sendable ([Double]) -> Double)

  init(_ outcomes: TaskOutcomes, _ metric: EvaluationMetric, _ prepared: PreparedTask) {
    let references = prepared.items.map { $0.reference ?? "" }
    switch (outcomes, metric) {
    case (.answers(let answers), .exactMatch):
      self = .right(
        zip(answers, references).map { prepared.task.exactMatch.matches($0, $1) })
    case (.answers(let answers), .accuracy):
      self = .right(
        zip(answers, references).map {
          TextNormalization.label($0) == TextNormalization.label($1)
        })
    case (.answers(let answers), .macroF1):
      self = Self.macroF1(answers, references)
    case (.answers(let answers), .tokenF1):
      var items = AdditiveItems(width: 2)
      for (answer, reference) in zip(answers, references) {
        items.append([TokenF1.score(answer, reference), 1])
      }
      self = .additive(items) { $0[1] == 0 ? 0 : $0[0] / $0[1] }
    case (.likelihoods(let likelihoods), _) where metric.comparesModels:
      self = Self.comparison(likelihoods, metric)
    case (.likelihoods(let likelihoods), _):
      var items = AdditiveItems(width: 2)
      for item in likelihoods {
        items.append([
          -item.logProbability, Double(metric == .perplexity ? item.tokens : item.bytes),
        ])
      }
      self = .additive(items) { sums in
        sums[1] == 0 ? 1 : Summary.perplexity(negativeLogLikelihood: sums[0], units: sums[1])
      }
    case (.preferences(let measures), _):
      self = .right(measures.map { $0.chosen > $0.rejected })
    default: preconditionFailure("'\(metric.rawValue)' is not measured by this task")
    }
  }

  private static func comparison(_ likelihoods: [Likelihood], _ metric: EvaluationMetric)
    -> ItemValues
  {
    var items = AdditiveItems(width: 2)
    for item in likelihoods {
      guard let divergence = item.divergence else {
        preconditionFailure("'\(metric.rawValue)' compares two models")
      }
      let value =
        switch metric {
        case .meanKLD: divergence.kld
        case .sameTopP: Double(divergence.sameTop)
        default: divergence.baselineLogProbability - item.logProbability
        }
      items.append([value, Double(item.tokens)])
    }
    return .additive(items) { sums in
      if metric == .perplexityRatio {
        return sums[1] == 0
          ? 1 : Summary.perplexity(negativeLogLikelihood: sums[0], units: sums[1])
      }
      return sums[1] == 0 ? (metric == .sameTopP ? 1 : 0) : sums[0] / sums[1]
    }
  }

  private static func macroF1(_ answers: [String], _ references: [String]) -> ItemValues {
    let labels = references.map { TextNormalization.label($0) }
    let classes = Set(labels).sorted()
    var items = AdditiveItems(width: classes.count * 3)
    for (answer, label) in zip(answers, labels) {
      items.append(Classification.counts(TextNormalization.label(answer), label, classes))
    }
    return .additive(items) { Classification.macroF1(sums: $0) }
  }

  /// The number of item `index` as written to `items.jsonl`; of a macro F1, whether it is right.
  func number(_ index: Int) -> Double {
    switch self {
    case .right(let flags): return flags[index] ? 1 : 0
    case .additive(let items, let statistic):
      let row = Array(items.values[index * items.width..<(index + 1) * items.width])
      return statistic(row)
    }
  }
}
