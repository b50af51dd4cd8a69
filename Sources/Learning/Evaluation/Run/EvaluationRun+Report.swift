package import Documents
internal import Scoring

/// A model that the candidate is compared with, and what it did.
package struct Opponent: Sendable {
  /// `baseline` or `champion`: what rules call it.
  package var name: String
  package var results: [TaskResult]

  package init(_ name: String, _ results: [TaskResult]) {
    self.name = name
    self.results = results
  }
}

extension EvaluationRun {
  /// Scores and verdicts from what the models did.
  package func report(
    _ candidate: [TaskResult], _ opponents: [Opponent], _ settings: ScoreSettings,
    notes: [String] = []
  ) throws -> EvaluationReport {
    var scores: [MetricScore] = []
    for (index, task) in tasks.enumerated() {
      let fingerprint = settings.fingerprint(of: task)
      for slice in [nil] + slices(of: task).map(Optional.some) {
        for metric in task.metrics.indices {
          scores += try self.scores(index, metric, slice, candidate, opponents, settings).map {
            var score = $0
            score.fingerprint = fingerprint
            return score
          }
        }
      }
    }
    let verdicts = try rules.map { rule in
      try verdict(rule, scores, candidate, opponents, settings)
    }
    return EvaluationReport(
      scores: scores, verdicts: verdicts, notes: tasks.flatMap(\.notes) + notes)
  }

  /// The metric against each opponent; alone where there is none, or where it compares models.
  private func scores(
    _ task: Int, _ metric: Int, _ slice: MetricScore.Slice?, _ candidate: [TaskResult],
    _ opponents: [Opponent], _ settings: ScoreSettings
  ) throws -> [MetricScore] {
    let (measured, chosen) = (tasks[task].metrics[metric], items(of: tasks[task], slice))
    func values(_ results: [TaskResult]) -> [ItemValue] {
      let column = results[task].column(metric)
      return chosen.map { column[$0] }
    }
    let alone = opponents.isEmpty || measured.comparesModels
    let asked: [Opponent?] = alone ? [nil] : opponents.map(Optional.some)
    return try asked.map { opponent in
      try .score(
        measured, task: tasks[task].name, candidate: values(candidate),
        baseline: opponent.map { values($0.results) }, versus: opponent?.name, slice: slice,
        settings)
    }
  }

  private func verdict(
    _ rule: GateRule, _ known: [MetricScore], _ candidate: [TaskResult], _ opponents: [Opponent],
    _ settings: ScoreSettings
  ) throws -> RuleVerdict {
    guard let task = tasks.firstIndex(where: { $0.name == rule.task }),
      let metric = tasks[task].metrics.firstIndex(where: { $0.label == rule.metric })
    else { preconditionFailure("a rule about nothing that is measured") }
    if let slice = rule.slice, items(of: tasks[task], slice).isEmpty {
      return RuleVerdict(rule, absent: slice)
    }
    var settings = settings
    settings.confidence = rule.intervalConfidence
    let opponent = rule.versus.flatMap { name in opponents.first { $0.name == name } }
    precondition(rule.versus == nil || opponent != nil, "a rule about an absent model")
    let score =
      try known.first {
        $0.task == rule.task && $0.metric == rule.metric && $0.slice == rule.slice
          && (rule.versus == nil || $0.versus == rule.versus)
          && $0.candidate.confidence == rule.intervalConfidence
      }
      ?? scores(
        task, metric, rule.slice, candidate, opponent.map { [$0] } ?? [], settings)[0]
    guard case .maxRelativeDrop(let drop) = rule.bound, let opponent else {
      return RuleVerdict(rule, score)
    }
    let chosen = items(of: tasks[task], rule.slice)
    let measured = tasks[task].metrics[metric]
    func column(_ results: [TaskResult]) -> ItemColumn {
      let values = results[task].column(metric)
      return ItemColumn(measured, chosen.map { values[$0] })
    }
    let kept = try MetricScore.contrast(
      column(candidate), column(opponent.results), measured,
      baselineShare: measured.higherIsBetter ? 1 - drop : 1 + drop, settings)
    return RuleVerdict(rule, score, contrast: kept)
  }

  /// Slices of a task that have items, columns and values in order.
  private func slices(of task: any MeasuredTask) -> [MetricScore.Slice] {
    var found: Set<MetricScore.Slice> = []
    for item in task.items {
      for (column, value) in item.slices { found.insert(.init(column: column, value: value)) }
    }
    return found.sorted { ($0.column, $0.value) < ($1.column, $1.value) }
  }

  private func items(of task: any MeasuredTask, _ slice: MetricScore.Slice?) -> [Int] {
    guard let slice else { return Array(task.items.indices) }
    return task.items.indices.filter { task.items[$0].slices[slice.column] == slice.value }
  }

  /// Lines of `items.jsonl`: row, task and what each model scored; no text.
  package func itemLines(_ candidate: [TaskResult], _ opponents: [Opponent]) -> [JSONValue] {
    tasks.indices.flatMap { index in
      let task = tasks[index]
      return task.metrics.indices.flatMap { place in
        let metric = task.metrics[place]
        return task.items.indices.map { item in
          var members = [
            JSONMember("row", .string(task.items[item].id)),
            JSONMember("task", .string(task.name)),
            JSONMember("metric", .string(metric.label)),
            JSONMember("candidate", Self.number(candidate[index].values[item][place], metric)),
          ]
          if metric.comparesModels { return JSONValue.object(members) }
          for opponent in opponents {
            members.append(
              JSONMember(
                opponent.name, Self.number(opponent.results[index].values[item][place], metric)))
          }
          return JSONValue.object(members)
        }
      }
    }
  }

  private static func number(_ value: ItemValue, _ metric: TaskMetric) -> JSONValue {
    let number = value.number(metric)
    return number.isFinite ? .number(number) : .null
  }
}
