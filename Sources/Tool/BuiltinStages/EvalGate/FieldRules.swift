internal import Evaluation

/// The rules of a gate that wrote none: what the field asks of a tuned model (features V13 to V15).
enum FieldRules {
  /// Rules for the tasks that can be compared with the baseline.
  static func rules(for tasks: [TaskParameters]) -> [GateRule] {
    tasks.filter { $0.harness != nil || !$0.rows.metric.comparesModels }.map { task in
      let (bound, why) = bound(task)
      return GateRule(
        task: task.name, metric: task.harness == nil ? task.rows.metric.rawValue : "", bound: bound,
        confidence: 0.95,
        versus: "baseline", origin: "default rule: \(why)")
    }
  }

  private static func bound(_ task: TaskParameters) -> (GateRule.Bound, String) {
    switch task.tier {
    case .heldOut: (.minGain(0), "a tuned model beats its base")
    case .general where (task.harness?.task ?? task.name).hasPrefix("gsm8k"):
      (.minGain(-0.03), "not 3 points worse at GSM8K")
    case .general: (.minGain(-0.02), "not 2 points worse at general tasks")
    case .outOfDistribution, .canary:
      (.maxRelativeDrop(0.05), "loses less than 5 % on a \(task.tier.rawValue) set")
    }
  }
}
