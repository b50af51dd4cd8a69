internal import Diagnostics
internal import Documents
package import Scoring
package import StageKit
package import Training

/// Parameters of ``GRPO``, by TRL's names.
package struct GRPOParameters: StageParameters {
  package let training: TrainingParameters
  package let adapter: AdapterParameters
  package let mask: MaskParameters
  package let policy: PolicySettings
  package let completionTokensMax: Int
  package let topK: Int
  package let topP: Double
  package let rewards: [Reward]

  /// One entry of `reward_funcs`.
  package struct Reward: Sendable {
    package let name: String
    package let verifier: any Verifier
    package let weight: Double
  }

  /// TRL's `loss_type`, and RLOO.
  enum Loss: String, CaseIterable {
    case grpo, bnpo, dapo, cispo, sapo, luspo, vespo
    case drGRPO = "dr_grpo"
    case rloo
  }

  package init(_ read: inout ParameterReader) {
    adapter = AdapterParameters(&read)
    mask = MaskParameters(everythingWith: &read)
    let count = read.integer(
      "num_generations", default: 8, in: 2...65_536, help: "Completions of each prompt.")
    completionTokensMax = read.integer(
      "max_completion_length", default: 256, in: 1...1_048_576,
      help: "The longest completion in tokens.")
    let steps = read.optionalInteger(
      "steps_per_generation", in: 1...65_536,
      help: "Micro-batches that are sampled together; gradient_accumulation_steps by default.")
    let iterations = read.integer(
      "num_iterations", default: 1, in: 1...1000,
      help: "How often completions are trained on before new ones are sampled.")
    var policy = PolicySettings(
      Self.rule(&read, completionTokensMax: completionTokensMax), completionsPerPrompt: count)
    policy.temperature = read.number(
      "temperature", default: 1, in: 0.01...100, help: "What logits are divided by.")
    topK = read.integer(
      "top_k", default: 0, in: 0...1_000_000, help: "Only so many likeliest tokens; 0: all.")
    topP = read.number(
      "top_p", default: 1, in: 0.01...1,
      help: "Only the likeliest tokens that together have this probability.")
    policy.masksTruncated = read.flag(
      "mask_truncated_completions", default: false,
      help: "Leave out completions that reached max_completion_length.")
    rewards = Self.rewards(&read)
    policy.rewardWeights = rewards.map(\.weight)
    self.policy = policy
    var training = TrainingParameters(
      &read, .init(learningRate: 1e-5, microBatchSize: 8, packs: false))
    let accumulation = training.settings.batching.gradientAccumulationSteps
    training.settings.batching.rounds = BatchSettings.RoundSettings(
      completions: count, microBatches: steps ?? accumulation, iterations: iterations)
    self.training = training
    check(&read)
  }

  private static func rule(_ read: inout ParameterReader, completionTokensMax: Int)
    -> PolicySettings.Rule
  {
    let kind: Loss = read.choice(
      "loss_type", default: .dapo,
      help: "How the tokens of completions are added up; rloo: ratios of whole completions.")
    let beta = read.optionalNumber(
      "rl_beta", in: 0...100,
      help: "What the divergence from the model as it came in weighs; 0 by default, 0.05 for rloo.")
    let low = read.number(
      "epsilon", default: 0.2, in: 0...1, help: "Ratios are cut below 1 - epsilon.")
    let high = read.optionalNumber(
      "epsilon_high", in: 0...1000,
      help:
        "Ratios are cut above 1 + epsilon_high; epsilon by default. For cispo the largest ratio "
        + "itself.")
    let delta = read.optionalNumber(
      "delta", in: 1...1000, help: "The largest ratio where the advantage is negative.")
    let level: PolicyLoss.Level = read.choice(
      "importance_sampling_level", default: .token, help: "Ratios of tokens or of sequences (GSPO)."
    )
    let scale: GroupAdvantages.Scale = read.choice(
      "scale_rewards", default: .group, help: "What advantages are divided by.")
    let corrects = read.flag(
      "use_bias_correction_kl", default: true, help: "Multiply the divergence by the ratio.")
    let normalizes = read.flag(
      "normalize_advantages", default: false, help: "For rloo: over the whole round.")
    if normalizes, kind != .rloo {
      read.problem(
        "normalize_advantages", "loss_type is '\(kind.rawValue)', which does not read it",
        fix: "set loss_type: rloo, or leave out normalize_advantages")
    }
    if kind == .cispo, high == nil {
      read.problem(
        "epsilon_high", "is missing, and cispo needs the largest ratio", fix: "set epsilon_high: 5")
    }
    guard let policy = PolicyLoss.Kind(rawValue: kind.rawValue) else {
      return .leaveOneOut(
        LeaveOneOutLoss(epsilonLow: low, epsilonHigh: high, beta: beta ?? 0.05),
        normalizes: normalizes)
    }
    var loss = PolicyLoss(
      policy, epsilonLow: low, epsilonHigh: high, completionTokensMax: completionTokensMax)
    loss.beta = beta ?? 0
    loss.delta = delta
    loss.level = level
    loss.correctsDivergence = corrects
    return .relative(loss, scale)
  }

  private static func rewards(_ read: inout ParameterReader) -> [Reward] {
    let names = Verifiers.all.map { $0.name }.joined(separator: ", ")
    let rewards: [(type: String, verifier: any Verifier, weight: Double)] = read.openList(
      "reward_funcs",
      help: "What scores completions: a list of verifiers, each with 'type' (\(names)), a 'weight' "
        + "(1 by default) and its own options."
    ) { json in
      let weight = json["weight"] ?? 1
      guard let number = weight.doubleValue, (-1e6...1e6).contains(number) else {
        throw Diagnostic("grpo.weight", "'weight' is \(weight.kindName), expected a number")
          .failure(.badInput)
      }
      return (json["type"]?.stringValue ?? "", try Verifiers.make(json), number)
    }
    return rewards.enumerated().map { index, reward in
      let same = rewards[..<index].count { $0.type == reward.type }
      return Reward(
        name: same == 0 ? reward.type : "\(reward.type)_\(same + 1)", verifier: reward.verifier,
        weight: reward.weight)
    }
  }

  private func check(_ read: inout ParameterReader) {
    let batching = training.settings.batching
    guard let rounds = batching.rounds else { return }
    let size = batching.microBatchSize * rounds.microBatches
    if size % rounds.completions != 0 {
      read.problem(
        "num_generations",
        "\(rounds.completions) does not divide micro_batch_size * steps_per_generation, "
          + "\(batching.microBatchSize) * \(rounds.microBatches)",
        fix: "make micro_batch_size a multiple of num_generations")
    }
    if rounds.microBatches % batching.gradientAccumulationSteps != 0 {
      read.problem(
        "steps_per_generation",
        "\(rounds.microBatches) is no multiple of gradient_accumulation_steps, "
          + "\(batching.gradientAccumulationSteps)",
        fix: "leave out steps_per_generation, or make it a multiple")
    }
    if completionTokensMax >= batching.sequenceLength {
      read.problem(
        "max_completion_length",
        "\(completionTokensMax) leaves no room for a prompt in sequence_len, "
          + "\(batching.sequenceLength)", fix: "raise sequence_len, or lower max_completion_length")
    }
  }
}
