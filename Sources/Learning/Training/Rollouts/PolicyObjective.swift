internal import Diagnostics
internal import Models
package import Records

/// Learns from completions that the model samples itself: GRPO, its relatives, and RLOO.
///
/// Row p * n + j is completion j of prompt p. A round of completions is made when its first step
/// begins, and kept in checkpoints until its last one is done. The reference is the model as it came
/// in, whatever of it learns.
package final class PolicyObjective: TrainingObjective {
  package let rowIDs: [RowID]
  package private(set) var batchTokens: [Int]
  package private(set) var trainedTokens: [Int]
  private let prompts: [[Int32]]
  private let settings: PolicySettings
  private let source: any RolloutSource
  private let reference: ReferenceWeights?
  private var round: PolicyRound?

  /// - Parameters:
  ///   - prompts: token ids, none of them empty.
  ///   - model: as it comes in.
  package init(
    _ prompts: [(row: RowID, ids: [Int32])], _ settings: PolicySettings,
    _ source: any RolloutSource,
    model: any TrainableModel
  ) {
    let n = settings.completionsPerPrompt
    self.prompts = prompts.map(\.ids)
    self.settings = settings
    self.source = source
    reference = settings.beta == 0 ? nil : ReferenceWeights(model)
    rowIDs = prompts.flatMap { [RowID](repeating: $0.row, count: n) }
    batchTokens = prompts.flatMap { [Int](repeating: $0.ids.count, count: n) }
    trainedTokens = [Int](repeating: 0, count: rowIDs.count)
  }

  // MARK: - Rounds

  package func begin(
    _ step: Int, _ plan: StepPlan, _ model: any TrainableModel,
    _ progress: (_ done: Int, _ total: Int, _ what: String) throws -> Void
  ) throws {
    guard let wanted = plan.round else { preconditionFailure("steps of a policy have a round") }
    if wanted.number == round?.number { return }
    let rows = wanted.microBatches.flatMap(\.self)
    let n = settings.completionsPerPrompt
    let batch = try source.completions(
      RolloutRequest(
        step: step, prompts: stride(from: 0, to: rows.count, by: n).map { rows[$0] / n },
        completionsPerPrompt: n), progress)
    var samples: [Int: PolicyRound.Sample] = [:]
    for (index, row) in rows.enumerated() {
      samples[row] = PolicyRound.Sample(
        completion: batch.completions[index], advantage: 0, old: [], reference: [],
        isMasked: settings.masksTruncated && !batch.isFinished[index]
          || batch.completions[index].isEmpty)
    }
    if wanted.isReused || needsSampledValues {
      try score(model, wanted.microBatches, &samples, \.old) { try progress($0, rows.count, $1) }
    }
    if let reference {
      try reference.with(model) {
        try score(model, wanted.microBatches, &samples, \.reference) {
          try progress($0, rows.count, $1)
        }
      }
    }
    let rewards = rows.indices.map { settings.total(batch.rewards, $0) }
    let advantages = batch.advantages ?? advantages(rewards, rows.map { samples[$0] })
    for (index, row) in rows.enumerated() { samples[row]?.advantage = advantages[index] }
    settle(
      PolicyRound(
        number: wanted.number, samples: samples,
        statistics: statistics(batch, rewards)))
  }

  /// RLOO takes the divergence from the reference off the reward, and its ratio is that of whole
  /// completions: both need what the tokens were sampled with.
  private var needsSampledValues: Bool {
    if case .leaveOneOut = settings.rule { true } else { false }
  }

  private func score(
    _ model: any TrainableModel, _ batches: [[Int]], _ samples: inout [Int: PolicyRound.Sample],
    _ path: WritableKeyPath<PolicyRound.Sample, [Float]>,
    _ progress: (Int, String) throws -> Void
  ) throws {
    var done = 0
    for rows in batches {
      try progress(done, "completions scored")
      var values = model.logProbabilities(
        batch(rows, samples), temperature: settings.temperature)[...]
      for row in rows {
        let count = samples[row].map { $0.isMasked ? 0 : $0.completion.count } ?? 0
        samples[row]?[keyPath: path] = Array(values.prefix(count))
        values = values.dropFirst(count)
      }
      done += rows.count
    }
  }

  private func advantages(_ rewards: [Double], _ samples: [PolicyRound.Sample?]) -> [Double] {
    let groups = GroupAdvantages(groupSize: settings.completionsPerPrompt)
    switch settings.rule {
    case .relative(_, let scale): return groups.relative(rewards, scale: scale)
    case .leaveOneOut(let loss, let normalizes):
      let settled = zip(rewards, samples).map { reward, sample in
        loss.reward(
          reward, sampled: sample?.old.map(Double.init) ?? [],
          reference: sample?.reference.map(Double.init) ?? [])
      }
      return groups.leaveOneOut(settled, normalizes: normalizes)
    }
  }

  private func settle(_ round: PolicyRound) {
    self.round = round
    for (row, sample) in round.samples {
      batchTokens[row] =
        prompts[row / settings.completionsPerPrompt].count + sample.completion.count
      trainedTokens[row] = sample.isMasked ? 0 : sample.completion.count
    }
  }

  package var inFlight: [Double] { round?.numbers ?? [] }

  package func restore(inFlight: [Double]) -> Bool {
    if inFlight.isEmpty { return true }
    guard let round = PolicyRound(inFlight, rows: rowIDs.count),
      round.statistics.count == statisticNames.count
    else { return false }
    settle(round)
    return true
  }

  // MARK: - Statistics

  package var stepStatistics: [NamedValue] {
    guard let round else { return [] }
    return zip(statisticNames, round.statistics).filter { $0.1.isFinite }
      .map { NamedValue($0.0, $0.1) }
  }

  /// TRL's names.
  private var statisticNames: [String] {
    [
      "completions/mean_length", "completions/min_length", "completions/max_length",
      "completions/clipped_ratio",
    ] + source.rewardNames.flatMap { ["rewards/\($0)/mean", "rewards/\($0)/std"] }
      + ["reward", "reward_std", "frac_reward_zero_std"]
  }

  private func statistics(_ batch: RolloutBatch, _ rewards: [Double]) -> [Double] {
    let groups = GroupAdvantages(groupSize: settings.completionsPerPrompt)
    let lengths = batch.completions.map { Double($0.count) }
    let unfinished = batch.isFinished.count { !$0 }
    return [
      GroupAdvantages.mean(lengths), lengths.min() ?? .nan, lengths.max() ?? .nan,
      Double(unfinished) / Double(max(1, lengths.count)),
    ] + batch.rewards.flatMap { [GroupAdvantages.mean($0), GroupAdvantages.deviation($0)] }
      + [
        GroupAdvantages.mean(rewards), GroupAdvantages.deviation(rewards),
        groups.shareWithoutSpread(rewards),
      ]
  }

  // MARK: - Loss

  package func backward(
    _ model: any TrainableModel, _ rows: [Int], _ share: LossShare, dropoutKey: UInt64?
  ) throws -> ObjectiveValue {
    guard let round else { preconditionFailure("a step was begun") }
    let samples = rows.compactMap { round.samples[$0] }
    precondition(samples.count == rows.count, "the rows are those of the round")
    var result = ObjectiveValue(loss: 0)
    model.forwardBackward(
      batch(rows, round.samples),
      PassOptions(dropoutKey: dropoutKey, temperature: settings.temperature),
      .computed {
        result = self.value(samples, $0, share)
        return result.dLogProbabilities
      })
    return result
  }

  /// A policy is evaluated by the rewards of new completions, see ``PolicyEvaluation``.
  package func evaluate(_ model: any TrainableModel, _ rows: [Int], _ share: LossShare) throws
    -> ObjectiveValue
  {
    preconditionFailure("completions that were trained on say nothing of the policy")
  }

  private func batch(_ rows: [Int], _ samples: [Int: PolicyRound.Sample]) -> TokenBatch {
    TokenBatch(
      rows.compactMap { row in
        guard let sample = samples[row] else { return nil }
        let (prompt, completion) = (
          prompts[row / settings.completionsPerPrompt], sample.completion
        )
        let hidden = [Int32](repeating: TokenBatch.ignored, count: completion.count)
        return LabelledSequence(
          ids: prompt + completion,
          labels: [Int32](repeating: TokenBatch.ignored, count: prompt.count)
            + (sample.isMasked ? hidden : completion),
          key: rowIDs[row].key(sequence: row % settings.completionsPerPrompt))
      })
  }

  private func value(
    _ samples: [PolicyRound.Sample], _ logProbabilities: [Float], _ share: LossShare
  ) -> ObjectiveValue {
    var rest = logProbabilities[...]
    let policies = samples.map { sample in
      let count = sample.isMasked ? 0 : sample.completion.count
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count).map(Double.init)
    }
    switch settings.rule {
    case .relative(let loss, _): return relative(loss, samples, policies, share)
    case .leaveOneOut(let loss, _): return leaveOneOut(loss, samples, policies, share)
    }
  }

  private func relative(
    _ loss: PolicyLoss, _ samples: [PolicyRound.Sample], _ policies: [[Double]],
    _ share: LossShare
  ) -> ObjectiveValue {
    let completions = zip(samples, policies).map { sample, policy in
      PolicyLoss.Completion(
        policy: policy, old: sample.old.isEmpty ? nil : sample.old.map(Double.init),
        reference: sample.reference.map(Double.init), advantage: sample.advantage)
    }
    let value = loss.value(
      completions,
      PolicyLoss.Share(
        microBatches: Int((1 / share.microBatch).rounded()),
        stepTokens: Int((1 / share.token).rounded())))
    return ObjectiveValue(
      loss: value.loss, dLogProbabilities: value.slopes.flatMap { $0.map { Float($0) } },
      means: value.statistics.means)
  }

  private func leaveOneOut(
    _ loss: LeaveOneOutLoss, _ samples: [PolicyRound.Sample], _ policies: [[Double]],
    _ share: LossShare
  ) -> ObjectiveValue {
    var result = ObjectiveValue(loss: 0)
    var (below, above) = (0.0, 0.0)
    for (sample, policy) in zip(samples, policies) {
      if policy.isEmpty { continue }
      let value = loss.value(
        policy: policy.reduce(0, +), old: sample.old.reduce(0) { $0 + Double($1) },
        advantage: sample.advantage)
      result.loss += value.loss * share.row
      result.dLogProbabilities += repeatElement(
        Float(value.slope * share.row), count: policy.count)
      if value.isCutBelow { below += 1 }
      if value.isCutAbove { above += 1 }
    }
    result.statistics = [
      .init(name: "clip_ratio/low_mean", sum: below),
      .init(name: "clip_ratio/high_mean", sum: above),
      .init(name: "clip_ratio/region_mean", sum: below + above),
    ]
    return result
  }
}
