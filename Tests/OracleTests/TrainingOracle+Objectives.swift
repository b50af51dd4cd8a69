import Documents
import Models
import Parallelism
import Records
import Tokenization
import Training

/// What each kind of run makes smaller, by the options of its trainer.
extension TrainingOracle {
  func objective(_ model: LanguageModel, _ pool: ThreadPool) throws -> any TrainingObjective {
    switch kind {
    case "sft", "sft_chat", "sft_pc": return try supervised()
    case "kd": return try distillation(pool)
    case "dpo": return try preference()
    case "kto": return try unpaired()
    case "orpo": return try odds()
    case "cpo": return try contrastive()
    case "reward": return try reward(model)
    case "grpo": return try policy(model)
    default: throw Unknown(description: "a run of kind '\(kind)'")
    }
  }

  private func supervised() throws -> any TrainingObjective {
    try expectOptions([
      "packing", "packing_strategy", "assistant_only_loss", "completion_only_loss", "loss_type",
    ])
    if let loss = option("loss_type")?.stringValue, !["nll", "chunked_nll"].contains(loss) {
      throw Unknown(description: "a loss '\(loss)'")
    }
    return TrainingOraclePackedRows(
      rows.enumerated().map { index, row in
        let (ids, labels) = (Self.ids(row["input_ids"]), Self.ids(row["labels"]))
        let lengths = row["seq_lengths"]?.arrayValue?.compactMap(\.integerValue) ?? [ids.count]
        var start = 0
        return lengths.map { length in
          defer { start += length }
          return TokenExample(
            row: Self.row(index), ids: Array(ids[start..<start + length]),
            labels: Array(labels[start..<start + length]))
        }
      })
  }

  private func distillation(_ pool: ThreadPool) throws -> any TrainingObjective {
    try expectOptions(["beta", "temperature"])
    let examples = rows.enumerated().map { index, row in
      TokenExample(
        row: Self.row(index), ids: Self.ids(row["input_ids"]), labels: Self.ids(row["labels"]))
    }
    return DistillationObjective(
      examples, teacher: try teacher(pool),
      VocabularyDivergence(
        beta: number("beta", default: 0), temperature: number("temperature", default: 1)))
  }

  private func preference() throws -> any TrainingObjective {
    try expectOptions([
      "beta", "loss_type", "loss_weights", "label_smoothing", "f_divergence_type",
      "f_alpha_divergence_coef", "ld_alpha", "discopop_tau",
    ])
    let names =
      option("loss_type")?.arrayValue?.compactMap(\.stringValue)
      ?? [option("loss_type")?.stringValue ?? "sigmoid"]
    let weights = option("loss_weights")?.arrayValue?.compactMap(\.doubleValue)
    var terms = try names.enumerated().map { index, name in
      guard let kind = PreferenceLoss.Kind(rawValue: name) else {
        throw Unknown(description: "a loss '\(name)'")
      }
      return PreferenceLoss.Term(kind, weight: weights?[index] ?? 1)
    }
    let smoothing = json["cdpo_label_smoothing"]?.doubleValue
    if smoothing != nil { terms = [PreferenceLoss.Term(.cdpo)] }
    var loss = PreferenceLoss(
      terms, beta: number("beta", default: 0.1),
      labelSmoothing: smoothing ?? number("label_smoothing", default: 0))
    if let name = option("f_divergence_type")?.stringValue {
      guard
        let divergence = RatioDivergence(
          name: name, coefficient: number("f_alpha_divergence_coef", default: 0.5))
      else { throw Unknown(description: "a divergence '\(name)'") }
      loss.divergence = divergence
    }
    loss.tailWeight = option("ld_alpha")?.doubleValue
    loss.discopopTau = number("discopop_tau", default: loss.discopopTau)
    return PreferenceObjective(
      rows.enumerated().map { index, row in
        PreferenceExample(
          row: Self.row(index), prompt: Self.ids(row["prompt_ids"]),
          chosen: Self.ids(row["chosen_ids"]), rejected: Self.ids(row["rejected_ids"]))
      }, loss)
  }

  private func unpaired() throws -> any TrainingObjective {
    try expectOptions(["beta", "loss_type", "desirable_weight", "undesirable_weight"])
    let name = option("loss_type")?.stringValue ?? "kto"
    guard let kind = KTOLoss.Kind(rawValue: name) else {
      throw Unknown(description: "a loss '\(name)'")
    }
    let loss = KTOLoss(
      kind, beta: number("beta", default: 0.1),
      desirableWeight: number("desirable_weight", default: 1),
      undesirableWeight: number("undesirable_weight", default: 1))
    return KTOObjective(
      rows.enumerated().map { index, row in
        UnpairedExample(
          row: Self.row(index), prompt: Self.ids(row["prompt_ids"]),
          completion: Self.ids(row["completion_ids"]),
          isDesirable: row["label"]?.boolValue ?? false)
      }, loss, microBatchSize: try integer("per_device_batch_size"))
  }

  private func odds() throws -> any TrainingObjective {
    try expectOptions(["beta"])
    return ORPOObjective(
      answerPairs,
      ORPOLoss(beta: number("beta", default: 0.1), likelihood: .promptAndAnswer))
  }

  private func contrastive() throws -> any TrainingObjective {
    try expectOptions(["beta", "loss_type", "simpo_gamma", "cpo_alpha", "alpha", "label_smoothing"])
    let name = option("loss_type")?.stringValue ?? "sigmoid"
    guard let kind = CPOLoss.Kind(rawValue: name) else {
      throw Unknown(description: "a loss '\(name)'")
    }
    var loss = CPOLoss(kind, beta: number("beta", default: 0.1))
    loss.gamma = number("simpo_gamma", default: 0.5)
    loss.alpha = number("alpha", default: 0)
    loss.labelSmoothing = number("label_smoothing", default: 0)
    loss.likelihoodWeight = number("cpo_alpha", default: 1)
    return CPOObjective(answerPairs, loss)
  }

  /// Prompt and answers where whole sequences are given and labels hide the prompt.
  private var answerPairs: [PreferenceExample] {
    rows.enumerated().map { index, row in
      let prompt = Self.ids(row["chosen_labels"]).prefix { $0 == -100 }.count
      return PreferenceExample(
        row: Self.row(index), prompt: Array(Self.ids(row["chosen_input_ids"]).prefix(prompt)),
        chosen: Array(Self.ids(row["chosen_input_ids"]).dropFirst(prompt)),
        rejected: Array(Self.ids(row["rejected_input_ids"]).dropFirst(prompt)))
    }
  }

  private func reward(_ model: LanguageModel) throws -> any TrainingObjective {
    try expectOptions(["center_rewards_coefficient"])
    let margins = rows.compactMap { $0["margin"]?.doubleValue }
    return RewardObjective(
      rows.enumerated().map { index, row in
        PreferenceExample(
          row: Self.row(index), prompt: [], chosen: Self.ids(row["chosen_ids"]),
          rejected: Self.ids(row["rejected_ids"]))
      }, RewardLoss(centering: number("center_rewards_coefficient", default: 0)),
      margins: margins.count == rows.count ? margins : [],
      paddingID: json["pad_token_id"]?.integerValue.map(Int32.init))
  }

  private func policy(_ model: LanguageModel) throws -> any TrainingObjective {
    try expectOptions([
      "num_generations", "loss_type", "beta", "num_iterations", "epsilon", "epsilon_high", "delta",
      "use_bias_correction_kl", "importance_sampling_level", "steps_per_generation", "temperature",
      "scale_rewards",
    ])
    let name = option("loss_type")?.stringValue ?? "dapo"
    guard let kind = PolicyLoss.Kind(rawValue: name) else {
      throw Unknown(description: "a loss '\(name)'")
    }
    let low = number("epsilon", default: 0.2)
    var loss = PolicyLoss(
      kind, epsilonLow: low, epsilonHigh: option("epsilon_high")?.doubleValue ?? low,
      completionTokensMax: option("max_completion_length")?.integerValue ?? 512)
    loss.beta = number("beta", default: 0)
    loss.correctsDivergence = option("use_bias_correction_kl")?.boolValue ?? true
    loss.delta = option("delta")?.doubleValue
    let level = option("importance_sampling_level")?.stringValue ?? "token"
    guard let level = PolicyLoss.Level(rawValue: level) else {
      throw Unknown(description: "an importance sampling level '\(level)'")
    }
    loss.level = level
    let n = try integer("trainer_options", "num_generations")
    var settings = PolicySettings(.relative(loss, .group), completionsPerPrompt: n)
    settings.temperature = number("temperature", default: 1)
    // The prompts of all rounds in the order of the run, so that a run is one epoch.
    let order = (expected["grpo_order"]?.arrayValue ?? []).flatMap { round in
      let indices = (round.arrayValue ?? []).compactMap(\.integerValue)
      return stride(from: 0, to: indices.count, by: n).map { indices[$0] }
    }
    let byIndex = Dictionary(
      uniqueKeysWithValues: rows.enumerated().map { ($1["idx"]?.integerValue ?? $0, $1) })
    let table = try order.map { index in
      guard let row = byIndex[index] else { throw Unknown(description: "no prompt \(index)") }
      return row
    }
    return PolicyObjective(
      table.enumerated().map { (Self.row($0), Self.ids($1["prompt_ids"])) }, settings,
      TrainingOracleRollouts(table), model: model)
  }
}
