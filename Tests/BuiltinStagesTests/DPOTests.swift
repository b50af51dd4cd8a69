import BuiltinStages
import Diagnostics
import Documents
import Foundation
import ModelFiles
import Records
import Reproducibility
import StageKit
import Synchronization
import TestSupport
import Testing

@Suite("dpo")
struct DPOTests {
  static let parameters =
    #"{"sequence_len": 64, "learning_rate": 0.01, "num_epochs": 6, "micro_batch_size": 4,"#
    + #""rl_beta": 0.1, "save_steps": 3}"#

  @Test("the adapter of sft is continued, and prefers what it did not before")
  func continued() throws {
    let fixture = try TrainingFixture()
    let (base, sft) = try TrainingFixture.tuned()
    let result = try fixture.run(
      DPO.self, Self.parameters,
      ["model": sft, "train": fixture.pairs(32), "validation": fixture.pairs(8)])
    #expect(result.references == [base.digest])
    let accuracy = result.metric("eval_preference_accuracy").map(\.value)
    #expect((accuracy.first ?? 1) <= 0.25)
    #expect((accuracy.last ?? 0) >= 0.9)
    #expect(abs((result.metric("eval_loss").first?.value ?? 0) - 0.6931) < 1e-3)
    #expect(result.metric("rewards/margins").last?.value ?? 0 > 0)
    let folder = try ModelFolder(result.artifact("model").tree) {
      $0 == base.digest ? base.tree : nil
    }
    let start = try ModelFolder(sft.tree) { $0 == base.digest ? base.tree : nil }
    #expect(folder.adapter?.configuration == start.adapter?.configuration)
    #expect(folder.adapter?.modules == start.adapter?.modules)
  }

  @Test("a full model gets a new adapter, or learns with all its weights")
  func full() throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let inputs = ["model": base, "train": try fixture.pairs(32)]
    let adapter = try fixture.run(DPO.self, Self.parameters, inputs)
    #expect(adapter.references == [base.digest])
    let all = try fixture.run(
      DPO.self,
      #"{"sequence_len": 64, "adapter": "none", "learning_rate": 0.003, "num_epochs": 6}"#, inputs)
    #expect(all.references.isEmpty)
    for result in [adapter, all] {
      let losses = result.metric("loss").map(\.value)
      #expect((losses.last ?? 1) < 0.6)
    }
  }

  @Test("stopped at any time and resumed, the bytes are those of an undisturbed run")
  func resume() throws {
    let fixture = try TrainingFixture()
    let (_, sft) = try TrainingFixture.tuned()
    let inputs = ["model": sft, "train": try fixture.pairs(16), "validation": try fixture.pairs(4)]
    let whole = try fixture.run(DPO.self, Self.parameters, inputs, threads: 1).bytes()
    var steps: Set<Int> = []
    for questions in stride(from: 1, to: 60, by: 5) {
      let checkpoints = KeptCheckpoints(fixture.folder)
      let asked = Mutex(0)
      do {
        _ = try fixture.run(DPO.self, Self.parameters, inputs, checkpoints: checkpoints) {
          asked.withLock {
            $0 += 1
            return $0 > questions
          }
        }
      } catch is CancellationError { steps.insert(checkpoints.steps.last ?? -1) }
      let resumed = try fixture.run(DPO.self, Self.parameters, inputs, checkpoints: checkpoints)
      #expect(try resumed.bytes() == whole, "stopped after \(questions) questions")
    }
    #expect(steps.count > 4)
  }

  @Test("pairs of equal answers are left out, and rows of another kind are refused")
  func rows() throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let equal: RowContent = .preference(
      prompt: [TrainingFixture.question(0)], chosen: [Message(.assistant, "a")],
      rejected: [Message(.assistant, "a")])
    let good: RowContent = .preference(
      prompt: [TrainingFixture.question(0)], chosen: [Message(.assistant, "a")],
      rejected: [Message(.assistant, "b")])
    let result = try fixture.run(
      DPO.self, #"{"sequence_len": 64}"#,
      ["model": base, "train": fixture.records([equal, good])])
    #expect(result.events.contains(.count(name: "train.dropped.equal_answers", value: 1)))
    let failure = try #require(throws: Failure.self) {
      try fixture.run(
        DPO.self, #"{"sequence_len": 64}"#, ["model": base, "train": fixture.texts(3)])
    }
    #expect(failure.failureClass == .badInput)
  }

  @Test("label smoothing is refused where the loss does not read it")
  func smoothing() throws {
    let json = try JSONReader.parse(Array(#"{"dpo_label_smoothing": 0.1}"#.utf8), file: "p")
    #expect(
      DPO.read(Node(json, file: "p")).diagnostics.map(\.message) == [
        "dpo_label_smoothing: dpo_loss_type is 'sigmoid', which does not read it"
      ])
    let pair = try JSONReader.parse(Array(#"{"dpo_loss_type": "exo_pair"}"#.utf8), file: "p")
    #expect(
      DPO.read(Node(pair, file: "p")).diagnostics.map(\.message) == [
        "dpo_label_smoothing: dpo_loss_type is 'exo_pair', which needs it above 0"
      ])
  }
}
