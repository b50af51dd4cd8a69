import BuiltinStages
import Diagnostics
import Documents
import Foundation
import ModelFiles
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite("orpo, simpo and reward_model")
struct PreferenceStageTests {
  static let parameters =
    #""sequence_len": 64, "learning_rate": 0.01, "num_epochs": 6, "micro_batch_size": 4"#

  @Test("orpo raises the odds of chosen answers")
  func orpo() throws {
    let fixture = try TrainingFixture()
    let (base, sft) = try TrainingFixture.tuned()
    let result = try fixture.run(
      ORPO.self, "{\(Self.parameters), \"orpo_alpha\": 0.5}",
      ["model": sft, "train": fixture.pairs(32), "validation": fixture.pairs(8)])
    #expect(result.references == [base.digest])
    let odds = result.metric("eval_log_odds_chosen").map(\.value)
    #expect((odds.first ?? 0) < 0)
    #expect((odds.last ?? 0) > 0)
    #expect(try result.bytes()["adapter_model.safetensors"] != nil)
  }

  @Test("simpo and cpo prefer chosen answers", arguments: ["simpo", "sigmoid", "hinge", "ipo"])
  func simpo(_ loss: String) throws {
    let fixture = try TrainingFixture()
    let (_, sft) = try TrainingFixture.tuned()
    let result = try fixture.run(
      SimPO.self, "{\(Self.parameters), \"cpo_loss_type\": \"\(loss)\"}",
      ["model": sft, "train": fixture.pairs(32), "validation": fixture.pairs(8)])
    let accuracy = result.metric("eval_rewards/accuracies").map(\.value)
    #expect((accuracy.last ?? 0) >= 0.9)
    let hasLikelihood = result.metric("nll_loss").isEmpty == (loss == "simpo")
    #expect(hasLikelihood)
  }

  @Test("settings that a loss does not read are refused")
  func refused() throws {
    func messages<S: Stage>(_ stage: S.Type, _ text: String) throws -> [String] {
      let json = try JSONReader.parse(Array(text.utf8), file: "p")
      return S.read(Node(json, file: "p")).diagnostics.map(\.message)
    }
    #expect(
      try messages(SimPO.self, #"{"cpo_loss_type": "hinge", "simpo_gamma": 1}"#) == [
        "simpo_gamma: cpo_loss_type is 'hinge', which does not read it"
      ])
    #expect(
      try messages(RewardModel.self, #"{"adapter": "none"}"#) == [
        "adapter: is 'none', and a score head is saved with an adapter"
      ])
    #expect(
      try messages(DPO.self, #"{"dpo_loss_type": ["sigmoid", "sft"], "dpo_loss_weights": [1]}"#)
        == ["dpo_loss_weights: 1 weights for 2 losses, expected as many"])
    #expect(
      try messages(DPO.self, #"{"dpo_loss_type": "sigmoyd"}"#).first?.hasPrefix(
        "dpo_loss_type: 'sigmoyd' is none of sigmoid, hinge") == true)
  }

  @Test("dpo adds up losses with weights")
  func mixed() throws {
    let fixture = try TrainingFixture()
    let (_, sft) = try TrainingFixture.tuned()
    let result = try fixture.run(
      DPO.self,
      "{\(Self.parameters), \"dpo_loss_type\": [\"sigmoid\", \"bco_pair\", \"sft\"], "
        + "\"dpo_loss_weights\": [0.8, 0.2, 1.0]}",
      ["model": sft, "train": fixture.pairs(16)])
    let losses = result.metric("loss").map(\.value)
    #expect((losses.last ?? 9) < (losses.first ?? 0))
  }

  @Test("a reward model scores chosen answers higher, and its head is saved with the adapter")
  func reward() throws {
    let fixture = try TrainingFixture()
    let (base, sft) = try TrainingFixture.tuned()
    for model in [base, sft] {
      let result = try fixture.run(
        RewardModel.self, "{\(Self.parameters)}",
        ["model": model, "train": fixture.pairs(32), "validation": fixture.pairs(8)])
      let accuracy = result.metric("eval_accuracy").map(\.value)
      #expect((accuracy.last ?? 0) >= 0.9)
      #expect(result.metric("eval_margin").last?.value ?? 0 > 0)
      let folder = try ModelFolder(result.artifact("model").tree) {
        $0 == base.digest ? base.tree : nil
      }
      #expect(folder.adapter?.scoreHeadShape == [1, 32])
      #expect(folder.adapter?.configuration.taskType == "SEQ_CLS")
      let more = try fixture.run(
        RewardModel.self, "{\(Self.parameters), \"max_steps\": 1}",
        [
          "model": TrainingFixture.on(base, try result.artifact("model")),
          "train": fixture.pairs(8), "validation": fixture.pairs(8),
        ])
      #expect(more.metric("eval_accuracy").first?.value == accuracy.last)
    }
  }
}
