import Documents
import Foundation
import TestSupport
import Testing
import Training

/// Closed forms in double made by the reference implementations (`formula_goldens.json`).
@Suite(
  "Loss goldens",
  .enabled(if: SharedMaterial.goldens.exists, "the folder of goldens is absent (set GOLDENS)"))
struct LossGoldenTests {
  static func section(_ name: String) throws -> JSONValue {
    let bytes = try SharedMaterial.bytes(SharedMaterial.goldens.path("formula_goldens.json"))
    let json = try JSONReader.parse(bytes, file: "formula_goldens.json")
    return try #require(json[name])
  }

  static func close(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    abs(a - b) <= tolerance * max(1, abs(b))
  }

  /// One row of the section `preference`.
  private struct Row {
    let json: JSONValue

    func number(_ key: String) throws -> Double { try #require(json[key]?.doubleValue, "\(key)") }
    var chosen: PreferenceLoss.Answer { get throws { try answer("chosen") } }
    var rejected: PreferenceLoss.Answer { get throws { try answer("rejected") } }

    private func answer(_ side: String) throws -> PreferenceLoss.Answer {
      PreferenceLoss.Answer(
        policy: try number("logp_\(side)"), reference: try number("ref_\(side)"),
        tokens: Int(try number("len_\(side)")))
    }
  }

  @Test("preference losses agree with the reference to 12 digits")
  func preference() throws {
    let rows = try #require(try Self.section("preference").arrayValue).map(Row.init)
    let kinds: [(String, PreferenceLoss.Kind)] = [
      ("dpo", .sigmoid), ("cdpo", .cdpo), ("robust", .robust), ("hinge", .hinge), ("ipo", .ipo),
      ("sigmoid_norm", .sigmoidNorm), ("apo_zero", .apoZero), ("apo_down", .apoDown),
    ]
    for row in rows {
      let (beta, chosen, rejected) = (try row.number("beta"), try row.chosen, try row.rejected)
      for (key, kind) in kinds {
        let loss = PreferenceLoss(
          kind, beta: beta, labelSmoothing: try row.number("label_smoothing"))
        let value = loss.value(chosen: chosen, rejected: rejected).loss
        #expect(Self.close(value, try row.number(key), 1e-12), "\(key)")
      }
      #expect(Self.close(beta * chosen.logRatio, try row.number("reward_chosen"), 1e-12))
      #expect(Self.close(beta * rejected.logRatio, try row.number("reward_rejected"), 1e-12))
    }
  }

  @Test("KTO, ORPO, SimPO and CPO agree with the reference to 12 digits")
  func otherPreference() throws {
    for row in try #require(try Self.section("preference").arrayValue).map(Row.init) {
      let (beta, chosen, rejected) = (try row.number("beta"), try row.chosen, try row.rejected)
      let kto = KTOLoss(beta: beta)
      let z = try row.number("kto_kl")
      #expect(
        Self.close(
          kto.value(isDesirable: true, logRatio: chosen.logRatio, divergence: z).loss,
          try row.number("kto_desirable"), 1e-12))
      #expect(
        Self.close(
          kto.value(isDesirable: false, logRatio: rejected.logRatio, divergence: z).loss,
          try row.number("kto_undesirable"), 1e-12))

      let (p, q) = (
        chosen.policy / Double(chosen.tokens), rejected.policy / Double(rejected.tokens)
      )
      let orpo = ORPOLoss(beta: beta, likelihood: .answer).value(chosen: p, rejected: q)
      #expect(Self.close(orpo.logOdds, try row.number("orpo_log_odds"), 1e-12))
      #expect(Self.close(orpo.loss, try row.number("orpo_or_term"), 1e-12))
      #expect(
        Self.close(orpo.loss - p, try row.number("orpo_response_nll_total"), 1e-12))

      var simpo = CPOLoss(.simpo, beta: beta)
      simpo.gamma = try row.number("simpo_gamma")
      #expect(Self.close(simpo.value(chosen: p, rejected: q).loss, try row.number("simpo"), 1e-12))
      let cpo = CPOLoss(.sigmoid, beta: beta)
      #expect(
        Self.close(
          cpo.value(chosen: chosen.policy, rejected: rejected.policy).loss,
          try row.number("cpo"), 1e-12))
    }
  }

  @Test("advantages agree with the reference to 10 digits")
  func advantages() throws {
    let grpo = try Self.section("grpo")
    let groups = try #require(grpo["rewards"]?.arrayValue).map { Self.numbers($0) }
    let advantages = GroupAdvantages(groupSize: try #require(groups.first?.count))
    let rewards = groups.flatMap { $0 }
    for scale in GroupAdvantages.Scale.allCases {
      let expected = Self.numbers(grpo["advantages"]?[scale.rawValue])
      let ours = advantages.relative(rewards, scale: scale)
      #expect(ours.count == expected.count)
      #expect(zip(ours, expected).allSatisfy { Self.close($0, $1, 1e-10) }, "\(scale)")
    }
    let rloo = Self.numbers(grpo["rloo_advantages"])
    #expect(
      zip(advantages.leaveOneOut(rewards), rloo).allSatisfy { Self.close($0, $1, 1e-10) })
    #expect(rloo.count == rewards.count)
  }

  @Test("policy losses, ratios and aggregations agree with the reference to 10 digits")
  func policy() throws {
    let grpo = try Self.section("grpo")
    let advantages = Self.numbers(grpo["advantages"]?["group"])
    let lengths = Self.numbers(grpo["completion_lengths"]).map { Int($0) }
    func table(_ key: String) throws -> [[Double]] {
      try #require(grpo[key]?.arrayValue).map { Self.numbers($0) }
    }
    let (policy, old, reference) = (
      try table("logp"), try table("old_logp"), try table("ref_logp")
    )
    let completions = lengths.indices.map { i in
      PolicyLoss.Completion(
        policy: Array(policy[i].prefix(lengths[i])), old: Array(old[i].prefix(lengths[i])),
        reference: Array(reference[i].prefix(lengths[i])), advantage: advantages[i])
    }
    let share = PolicyLoss.Share(microBatches: 1, stepTokens: lengths.reduce(0, +))
    let sections: [(String, Double, Bool)] = [
      ("loss_no_kl", 0, false), ("loss_with_kl_unweighted", 1, false),
      ("loss_with_kl_ratio_weighted", 1, true),
    ]
    let kinds: [(String, PolicyLoss.Kind)] = [
      ("grpo", .grpo), ("bnpo", .bnpo), ("dapo_single_micro", .dapo), ("dr_grpo", .drGRPO),
    ]
    for (key, weight, corrects) in sections {
      for (name, kind) in kinds {
        var loss = PolicyLoss(
          kind, epsilonLow: try #require(grpo["epsilon"]?.doubleValue),
          completionTokensMax: try #require(grpo["max_completion_length"]?.integerValue))
        loss.beta = weight * (try #require(grpo["beta"]?.doubleValue))
        loss.correctsDivergence = corrects
        let expected = try #require(grpo[key]?[name]?.doubleValue)
        #expect(Self.close(loss.value(completions, share).loss, expected, 1e-10), "\(key) \(name)")
      }
    }
    try tokenLosses(grpo, policy, old, advantages)
    try sequenceRatios(grpo, completions)
  }

  /// Token by token: a batch of one token has the token's loss.
  private func tokenLosses(
    _ grpo: JSONValue, _ policy: [[Double]], _ old: [[Double]], _ advantages: [Double]
  ) throws {
    let expected = try #require(grpo["token_loss_no_kl"]?.arrayValue).map { Self.numbers($0) }
    let loss = PolicyLoss(.bnpo, epsilonLow: try #require(grpo["epsilon"]?.doubleValue))
    for i in expected.indices {
      for t in expected[i].indices {
        let token = PolicyLoss.Completion(
          policy: [policy[i][t]], old: [old[i][t]], advantage: advantages[i])
        let value = loss.value([token], .init(microBatches: 1, stepTokens: 1)).loss
        #expect(Self.close(value, expected[i][t], 1e-10), "completion \(i) token \(t)")
      }
    }
  }

  /// Far inside a wide clip and with advantage -1 the loss of a token is the ratio.
  private func sequenceRatios(_ grpo: JSONValue, _ completions: [PolicyLoss.Completion]) throws {
    let expected = Self.numbers(grpo["gspo_sequence_ratio"])
    var loss = PolicyLoss(.bnpo, epsilonLow: 0.99, epsilonHigh: 100)
    loss.level = .sequence
    #expect(expected.count == completions.count)
    for (completion, ratio) in zip(completions, expected) {
      var completion = completion
      completion.advantage = -1
      let value = loss.value([completion], .init(microBatches: 1, stepTokens: 1)).loss
      #expect(Self.close(value, ratio, 1e-10))
    }
  }

  static func numbers(_ json: JSONValue?) -> [Double] {
    (json?.arrayValue ?? []).compactMap(\.doubleValue)
  }
}
