import BuiltinStages
import Diagnostics
import Documents
import Foundation
import Records
import StageKit
import Synchronization
import TestSupport
import Testing

@Suite("grpo")
struct GRPOTests {
  static func parameters(_ more: String = "") -> String {
    #"{"sequence_len": 64, "learning_rate": 0.02, "max_steps": 12, "micro_batch_size": 8,"#
      + #""num_generations": 4, "max_completion_length": 8, "warmup_steps": 0,"#
      + #""reward_funcs": [{"type": "contains", "values": ["o"], "part": "all"}]\#(more)}"#
  }

  static func prompts(_ fixture: TrainingFixture, _ count: Int) throws -> InputArtifact {
    try fixture.records(
      (0..<count).map { .conversation([TrainingFixture.question($0)], tools: nil) })
  }

  @Test("rewarded answers become more likely")
  func learns() throws {
    let fixture = try TrainingFixture()
    let (base, sft) = try TrainingFixture.tuned()
    let result = try fixture.run(
      GRPO.self, Self.parameters(#", "temperature": 1.5"#),
      ["model": sft, "train": Self.prompts(fixture, 16)])
    #expect(result.references == [base.digest])
    let rewards = result.metric("reward").map(\.value)
    #expect(rewards.count == 12)
    let (first, last) = (rewards.prefix(3).reduce(0, +) / 3, rewards.suffix(3).reduce(0, +) / 3)
    #expect(last > first, "mean reward \(first) first, \(last) last")
    for name in [
      "rewards/contains/mean", "frac_reward_zero_std", "completions/mean_length",
      "clip_ratio/region_mean",
    ] {
      #expect(result.metric(name).count == 12, "\(name)")
    }
  }

  @Test(
    "stopped within a round and resumed, the bytes are those of an undisturbed run",
    arguments: [
      #", "num_iterations": 2, "rl_beta": 0.1, "steps_per_generation": 2"#,
      #", "loss_type": "rloo", "num_iterations": 2"#,
    ])
  func resume(_ more: String) throws {
    let fixture = try TrainingFixture()
    let (_, sft) = try TrainingFixture.tuned()
    let inputs = ["model": sft, "train": try Self.prompts(fixture, 8)]
    let parameters = Self.parameters(more)
    let whole = try fixture.run(GRPO.self, parameters, inputs, threads: 1).bytes()
    var steps: Set<Int> = []
    for questions in stride(from: 2, to: 120, by: 13) {
      let checkpoints = KeptCheckpoints(fixture.folder)
      let asked = Mutex(0)
      do {
        _ = try fixture.run(GRPO.self, parameters, inputs, checkpoints: checkpoints) {
          asked.withLock {
            $0 += 1
            return $0 > questions
          }
        }
      } catch is CancellationError { steps.insert(checkpoints.steps.last ?? -1) }
      let resumed = try fixture.run(GRPO.self, parameters, inputs, checkpoints: checkpoints)
      #expect(try resumed.bytes() == whole, "stopped after \(questions) questions")
    }
    #expect(steps.count > 3)
  }

  @Test("held-out prompts are judged by the rewards of new completions")
  func validation() throws {
    let fixture = try TrainingFixture()
    let (_, sft) = try TrainingFixture.tuned()
    let result = try fixture.run(
      GRPO.self, Self.parameters(#", "load_best_model_at_end": true"#),
      [
        "model": sft, "train": Self.prompts(fixture, 8),
        "validation": Self.prompts(fixture, 4),
      ])
    let loss = try #require(result.metric("eval_loss").last?.value)
    let reward = try #require(result.metric("eval_reward").last?.value)
    #expect(abs(loss + reward) < 1e-12)
  }

  @Test("nonsense is refused before anything runs")
  func refused() throws {
    func messages(_ text: String) throws -> [String] {
      let json = try JSONReader.parse(Array(text.utf8), file: "p")
      return GRPO.read(Node(json, file: "p")).diagnostics.map(\.message)
    }
    let unknown = try messages(#"{"reward_funcs": [{"type": "nummeric"}]}"#)
    #expect(unknown == ["reward_funcs[0]: there is no verifier 'nummeric'"], "\(unknown)")
    #expect(try messages("{}") == ["stage 'grpo' needs the parameter 'reward_funcs'"])
    #expect(
      try messages(
        #"{"reward_funcs": [{"type": "numeric"}], "num_generations": 3, "micro_batch_size": 8}"#)
        == ["num_generations: 3 does not divide micro_batch_size * steps_per_generation, 8 * 1"])
    let fixture = try TrainingFixture()
    let failure = try #require(throws: Failure.self) {
      try fixture.run(
        GRPO.self, Self.parameters(),
        ["model": try TrainingFixture.base(), "train": Self.prompts(fixture, 1)])
    }
    #expect(
      failure.diagnostics.map(\.message) == [
        "a round takes 2 prompts (micro_batch_size * steps_per_generation / num_generations), and "
          + "1 are left"
      ])
  }

  @Test("a reward that cannot score the rows' own solutions is told")
  func selfTest() throws {
    let fixture = try TrainingFixture()
    let (_, sft) = try TrainingFixture.tuned()
    let result = try fixture.run(
      GRPO.self,
      #"{"sequence_len": 64, "max_steps": 1, "num_generations": 4, "max_completion_length": 4,"#
        + #""reward_funcs": [{"type": "contains", "values": ["@"]}, {"type": "exact"}]}"#,
      ["model": sft, "train": try fixture.conversations(8)])
    #expect(
      result.messages.contains(
        "'contains' gives 0 to all of 8 solutions that the rows came with"))
    #expect(
      result.messages.contains("'exact' can score none of 8 rows: they lack the column it reads"))
  }
}
