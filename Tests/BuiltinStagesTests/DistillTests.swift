import BuiltinStages
import Diagnostics
import Documents
import Foundation
import StageKit
import TestSupport
import Testing

@Suite("distill")
struct DistillTests {
  @Test(
    "the student comes nearer to its teacher, by every divergence",
    arguments: ["forward_kl", "reverse_kl", "js"])
  func learns(_ divergence: String) throws {
    let fixture = try TrainingFixture()
    let (base, teacher) = try TrainingFixture.tuned()
    let result = try fixture.run(
      Distill.self,
      #"{"sequence_len": 64, "learning_rate": 0.01, "num_epochs": 4, "micro_batch_size": 4,"#
        + #""kd_divergence": "\#(divergence)", "kd_temperature": 1.5}"#,
      [
        "model": base, "teacher": teacher, "train": fixture.conversations(32),
        "validation": fixture.conversations(8),
      ])
    let losses = result.metric("eval_loss").map(\.value)
    #expect((losses.last ?? 1) < 0.5 * (losses.first ?? 0))
    #expect((losses.last ?? -1) > 0)
  }

  @Test("a student that is its teacher has nothing to learn")
  func same() throws {
    let fixture = try TrainingFixture()
    let (_, teacher) = try TrainingFixture.tuned()
    let result = try fixture.run(
      Distill.self, #"{"sequence_len": 64, "max_steps": 1}"#,
      ["model": teacher, "teacher": teacher, "train": fixture.conversations(4)])
    #expect(abs(result.metric("loss").first?.value ?? 1) < 1e-6)
    #expect((result.metric("grad_norm").first?.value ?? 1) < 1e-5)
  }

  @Test("a teacher of another vocabulary is refused")
  func vocabulary() throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let other = try fixture.run(
      TokenizerTrain.self, #"{"vocab_size": 300}"#, ["records": fixture.texts(32)])
    let teacher = try fixture.run(
      Pretrain.self, "{\(TrainingFixture.small) \"max_steps\": 1}",
      ["model": other.artifact("model"), "train": fixture.texts(8)])
    let failure = try #require(throws: Failure.self) {
      try fixture.run(
        Distill.self, #"{"sequence_len": 64}"#,
        [
          "model": base, "teacher": try teacher.artifact("model"),
          "train": fixture.conversations(4),
        ])
    }
    #expect(failure.diagnostics.map(\.code) == ["distill.vocabulary"])
  }
}
