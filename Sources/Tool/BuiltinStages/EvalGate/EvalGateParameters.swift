internal import Diagnostics
internal import Evaluation
package import StageKit

package struct EvalGateParameters: StageParameters {
  /// What a gate does where the rows cannot tell.
  enum InconclusiveRule: String, Sendable, CaseIterable { case fail, warn, pass }
  /// How intervals are widened where several rules decide.
  enum Correction: String, Sendable, CaseIterable { case none, bonferroni }

  let tasks: [TaskParameters]
  let rules: [GateRule]
  let correction: Correction
  let checks: GateChecks.Settings
  let limits: ShippingLimits
  let licenses: LicenseRule
  let onInconclusive: InconclusiveRule
  let batchSize: Int
  let device: DeviceClass
  let seed: UInt64

  package init(_ read: inout ParameterReader) {
    let tasks = read.list("tasks", help: "What is measured.") { TaskParameters(&$0) }
    let conditions = read.list(
      "require", optional: true,
      help: "What must hold for the model to pass; without it the field's rules: better than the "
        + "baseline on held-out rows, at most 2 points worse on general tasks (GSM8K 3), at most "
        + "5 % on canary and ood sets."
    ) { GateCondition(&$0) }
    correction = read.choice(
      "correction", default: Correction.none,
      help: "bonferroni: the rules' errors together stay within one rule's. A model passes only "
        + "when every rule does, so that false passes need none.")
    checks = GateChecks.Settings(&read)
    limits = ShippingLimits(&read)
    licenses = LicenseRule(&read)
    onInconclusive = read.choice(
      "on_inconclusive", default: InconclusiveRule.fail,
      help: "What happens where the rows cannot tell: fail refuses the model, warn and pass let "
        + "it through.")
    batchSize = read.integer(
      "batch_size", default: 512, in: 1...65_536,
      help: "Rows asked at once; results do not depend on it.")
    seed = UInt64(
      read.integer("seed", default: 1, in: 0...Int.max, help: "Seed of bootstrap intervals."))
    device = read.device()
    self.tasks = tasks
    TaskParameters.check(tasks, &read)
    let written = conditions.flatMap { $0.rules(for: tasks, &read) }
    rules = conditions.isEmpty ? FieldRules.rules(for: tasks) : written
    if conditions.isEmpty, rules.isEmpty, !tasks.isEmpty {
      read.problem(
        "require", "a gate without rules lets everything pass",
        fix: "add a rule such as { task: NAME, metric: mean_kld, max: 0.01 }")
    }
  }

  /// The rules with what `correction` makes of their confidences.
  var correctedRules: [GateRule] {
    let deciding = rules.filter { $0.confidence != nil }.count
    guard correction == .bonferroni, deciding > 1 else { return rules }
    return rules.map { rule in
      var rule = rule
      rule.confidence = rule.confidence.map { 1 - (1 - $0) / Double(deciding) }
      return rule
    }
  }

  /// Whether a rule or metric needs the model at this port.
  func needs(_ opponent: String) -> Bool {
    if rules.contains(where: { $0.versus == opponent }) { return true }
    guard opponent == "baseline" else { return false }
    return tasks.contains(where: \.comparesModels)
      || rules.contains { RowMetric(rawValue: $0.metric)?.comparesModels == true }
  }

  /// Whether a task has no rows of its own.
  var needsTest: Bool { tasks.contains { $0.data == nil } }
}
