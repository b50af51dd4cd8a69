package import StageKit

/// Parameters of ``PreferencePairs``.
package struct PreferencePairsParameters: StageParameters {
  enum Ranking: String, CaseIterable {
    case verifiers, judge
    case rewardModel = "reward_model"
  }

  enum Chosen: String, CaseIterable { case best, row }
  enum Pairing: String, CaseIterable {
    case bestWorst = "best_worst"
    case all
  }

  let sampling: SamplingParameters
  let ranking: Ranking
  let verifiers: VerifierParameters
  let chosen: Chosen
  let pairing: Pairing
  let marginMin: Double
  let endpoint: EndpointParameters
  let judge: EndpointParameters
  let device: DeviceClass

  package init(_ read: inout ParameterReader) {
    sampling = SamplingParameters(&read, samples: 4, in: 1...256)
    ranking = read.choice(
      "rank_by", default: Ranking.verifiers,
      help:
        "What orders the answers to a prompt: verifiers (0 to 1), a judge (grades 1 to 10) or a "
        + "reward model.")
    verifiers = VerifierParameters(&read, help: "What scores answers, for rank_by: verifiers")
    chosen = read.choice(
      "chosen", default: Chosen.best,
      help: "best takes the best answer as chosen; row takes the answer that the row came with, "
        + "against the worst one of the model.")
    pairing = read.choice(
      "pairs", default: Pairing.bestWorst,
      help: "best_worst makes one pair a prompt; all makes one with each answer that is worse.")
    marginMin = read.number(
      "min_margin", default: 0, in: 0...1e6,
      help: "The chosen answer's score must be more than this above the rejected one's.")
    endpoint = EndpointParameters(&read, role: "the model that answers")
    judge = EndpointParameters(&read, prefix: "judge_", role: "the judge, for rank_by: judge")
    let asksModels =
      endpoint.settings == nil || ranking == .rewardModel
      || ranking == .judge && judge.settings == nil
    device = read.device(isUsed: asksModels)
    if ranking == .verifiers, verifiers.entries.isEmpty {
      read.problem(
        "verifiers", "nothing orders the answers",
        fix: "add a verifier such as { type: numeric }, or set 'rank_by'")
    }
    if ranking != .judge, judge.settings != nil {
      read.problem(
        "judge_endpoint", "rank_by is '\(ranking.rawValue)', which asks no judge",
        fix: "set 'rank_by: judge'")
    }
    if sampling.samples < 2, chosen == .best {
      read.problem(
        "num_samples", "is \(sampling.samples), and a pair needs two answers",
        fix: "raise it, or set 'chosen: row'")
    }
  }
}
