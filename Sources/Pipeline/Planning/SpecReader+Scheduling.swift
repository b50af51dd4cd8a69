internal import Diagnostics
internal import Documents
internal import StageKit

/// Keys that say when a stage runs, how often, with how much of the machine: `retry`, `resources`,
/// `priority`; and the hooks of the run.
extension SpecReader {
  static let schedulingKeys = ["retry", "resources", "priority"]

  mutating func readScheduling(_ body: Node, _ spec: inout StageSpec) {
    spec.retry = retry(body["retry"])
    if let node = body["resources"], !node.isNull { readResources(node, &spec) }
    if let node = body["priority"] {
      if let value = CoreSchema.integer(node), (-1000...1000).contains(value) {
        spec.priority = value
      } else {
        wrongType("priority", node, "a whole number from -1000 to 1000; the highest runs first")
      }
    }
    if spec.kind == .approval, spec.needs.isEmpty, spec.inputs.isEmpty {
      report(
        "spec.approval-of-nothing",
        "the approval '\(SafeText.escaped(spec.name))' does not say what is approved", spec.span,
        fix: "name the stages under 'needs:': when what they make changes, it is asked again")
    }
  }

  // MARK: - Retries

  private mutating func retry(_ node: Node?) -> RetryPolicy {
    var policy = RetryPolicy()
    guard let node, !node.isNull, let entries = mapping(node, "'retry'") else { return policy }
    check(
      entries, of: "'retry'", known: ["attempts", "backoff", "backoff_max", "jitter", "on"])
    if let attempts = node["attempts"] {
      if let value = CoreSchema.integer(attempts), (1...100).contains(value) {
        policy.attempts = value
      } else {
        wrongType("retry.attempts", attempts, "a whole number from 1 to 100")
      }
    }
    if let backoff = node["backoff"] {
      policy.backoffSeconds = duration(backoff, "retry.backoff") ?? 0
    }
    if let longest = node["backoff_max"], let seconds = duration(longest, "retry.backoff_max") {
      policy.backoffMaxSeconds = seconds
      if seconds < policy.backoffSeconds {
        report(
          "spec.out-of-range", "'retry.backoff_max' is shorter than 'retry.backoff'", longest.span,
          fix: "make it at least as long: each pause is twice the one before, up to it")
      }
    }
    if let jitter = node["jitter"] {
      if let value = jitter.scalar.flatMap({ RetryPolicy.Jitter(rawValue: $0.text) }) {
        policy.jitter = value
      } else {
        wrongType("retry.jitter", jitter, "'none' or 'deterministic'")
      }
    }
    if let reasons = node["on"] { policy.on = retryReasons(reasons) }
    return policy
  }

  private mutating func retryReasons(_ node: Node) -> [RetryReason] {
    var reasons: Set<RetryReason> = []
    let items = node.sequence ?? [node]
    if items.isEmpty {
      report(
        "spec.out-of-range", "'retry.on' is empty: nothing is ever tried again", node.span,
        fix: "remove it for every reason that another try may mend, or name some")
    }
    for item in items {
      let text = item.scalar?.text ?? ""
      if let reason = RetryReason(text) {
        reasons.insert(reason)
        continue
      }
      let names = RetryReason.all.map(\.text)
      let never = ["refused", "bad_input", "usage", "permission", "internal"]
      let fix =
        never.contains(text)
        ? "another try cannot mend that, so it is never tried again: remove it"
        : (NearestName.suggestion(for: text, among: names).map { "did you mean '\($0)'? " } ?? "")
          + "it takes \(names.joined(separator: ", ")) and exit statuses from 1 to 255"
      report(
        "spec.unknown-reason",
        "'\(SafeText.escaped(text, limit: 40))' is no reason to try a stage again", item.span,
        fix: fix)
    }
    return reasons.sorted()
  }

  // MARK: - Resources

  private mutating func readResources(_ node: Node, _ spec: inout StageSpec) {
    guard let entries = mapping(node, "'resources'") else { return }
    spec.resourcesSpan = node.span
    check(entries, of: "'resources'", known: ["cpu", "memory", "gpu"])
    if let cpu = node["cpu"] {
      if let value = CoreSchema.integer(cpu), (1...4096).contains(value) {
        spec.resources.cpu = value
      } else {
        wrongType("resources.cpu", cpu, "a whole number from 1 to 4096")
      }
    }
    if let gpu = node["gpu"] {
      if let value = CoreSchema.integer(gpu), (0...64).contains(value) {
        spec.resources.gpu = value
      } else {
        wrongType("resources.gpu", gpu, "a whole number from 0 to 64: devices are not divided")
      }
    }
    if let memory = node["memory"] {
      if let bytes = memory.scalar.flatMap({ MemoryText.bytes($0.text) }) {
        spec.resources.memoryBytes = bytes
      } else {
        let isNumber = CoreSchema.number(memory) != nil
        wrongType(
          "resources.memory", memory, "an amount such as 512MB or 4GB",
          fix: isNumber ? "add a unit: \(memory.scalar?.text ?? "")GB" : nil)
      }
    }
  }

  // MARK: - Hooks

  /// Hooks are not interpolated: a shell text has `${…}` of its own, and what the environment holds
  /// must not be frozen into the record of the run.
  mutating func hooks(_ node: Node?) -> RunHooks? {
    guard let node, !node.isNull, let entries = mapping(node, "'hooks'") else { return nil }
    let moments = RunHooks.Moment.allCases
    check(entries, of: "'hooks'", known: moments.map(\.rawValue) + ["environment", "timeout"])
    var hooks = RunHooks()
    for moment in moments {
      guard let value = node[moment.rawValue], let arguments = command(value, moment) else {
        continue
      }
      hooks.hooks.append(RunHooks.Hook(moment, arguments))
    }
    if let variables = node["environment"], !variables.isNull { readEnvironment(variables, &hooks) }
    if let timeout = node["timeout"], let seconds = duration(timeout, "hooks.timeout") {
      hooks.timeoutSeconds = seconds
    }
    return hooks.hooks.isEmpty ? nil : hooks
  }

  private mutating func command(_ node: Node, _ moment: RunHooks.Moment) -> [String]? {
    let name = "hooks.\(moment.rawValue)"
    let items = node.sequence ?? [node]
    let texts = items.compactMap { $0.isNull ? nil : $0.scalar?.text }
    guard texts.count == items.count, let program = texts.first, !program.isEmpty else {
      wrongType(name, node, "a text for the shell, or a list of a program and its arguments")
      return nil
    }
    for (item, text) in zip(items, texts)
    where ["${params.", "${env.", "${matrix."].contains(where: text.contains) {
      report(
        "spec.hook-interpolation", "'\(name)' holds an interpolation, and hooks have none",
        item.span,
        fix: "use a variable of the environment: $ORCHESTRATE_RUN, $ORCHESTRATE_STATE, …; "
          + "docs/scheduling.md has them all")
      return nil
    }
    return node.sequence == nil ? ["/bin/sh", "-c", program] : texts
  }
}
