import BuiltinStages
import Diagnostics
import Documents
import Foundation
import ModelFiles
import Reproducibility
import StageKit
import Testing

@Suite("pretrain")
struct PretrainTests {
  @Test("a tokenizer becomes a model in Hugging Face's layout that knows the texts better")
  func fresh() throws {
    let fixture = try TrainingFixture()
    let result = try fixture.run(
      Pretrain.self,
      "{\(TrainingFixture.small) \"learning_rate\": 0.01, \"max_steps\": 40}",
      [
        "model": fixture.tokenizer(), "train": fixture.texts(64),
        "validation": fixture.texts(8),
      ])
    let model = try result.artifact("model")
    #expect(
      model.tree.names == [
        "chat_template.jinja", "config.json", "generation_config.json", "model.json",
        "model.safetensors", "tokenizer.json", "tokenizer_config.json",
      ])
    let folder = try ModelFolder(model.tree)
    #expect(folder.configuration.vocabularySize == 259)
    #expect(folder.configuration.hiddenSize == 32 && folder.configuration.layerCount == 2)
    #expect(folder.configuration.eosTokenIDs == [258])
    let losses = result.metric("eval_loss")
    #expect(losses.first?.step == 0 && losses.last?.step == 40)
    // Uniform guessing over 259 tokens costs 5.56 nats.
    #expect(abs((losses.first?.value ?? 0) - 5.56) < 0.1)
    #expect((losses.last?.value ?? 9) < 2.5)
    #expect(result.metric("loss").map(\.step) == Array(1...40))
  }

  @Test("a full model is trained further and keeps its configuration")
  func continued() throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let result = try fixture.run(
      Pretrain.self, #"{"sequence_len": 64, "learning_rate": 0.003, "max_steps": 3}"#,
      ["model": base, "train": fixture.texts(64)])
    let (before, after) = (
      try ModelFolder(base.tree), try ModelFolder(result.artifact("model").tree)
    )
    #expect(after.configuration.hiddenSize == before.configuration.hiddenSize)
    #expect(
      try after.floats("model.norm.weight") != before.floats("model.norm.weight"))
    #expect((result.metric("loss").first?.value ?? 9) < 2, "it starts from what it knows")
  }

  @Test("same bytes with 1 and with 2 threads")
  func threads() throws {
    let fixture = try TrainingFixture()
    let models = try [1, 2].map { threads in
      try fixture.run(
        Pretrain.self, "{\(TrainingFixture.small) \"max_steps\": 5, \"sample_packing\": true}",
        ["model": fixture.tokenizer(), "train": fixture.texts(64)], threads: threads
      ).bytes()
    }
    #expect(models[0] == models[1])
  }

  @Test(
    "parameters that cannot be are refused together",
    arguments: [
      (
        #"{"hidden_size": 30, "num_attention_heads": 4}"#,
        "num_attention_heads: hidden_size 30 over 4 heads is no even whole number"
      ),
      (
        #"{"num_attention_heads": 4, "num_key_value_heads": 3}"#,
        "num_key_value_heads: 3 does not divide num_attention_heads, 4"
      ),
      (
        #"{"max_steps": 10, "warmup_steps": 10}"#,
        "warmup_steps: the warm-up takes 10 steps, the run 10"
      ),
      (
        #"{"warmup_steps": 1, "warmup_ratio": 0.1}"#,
        "warmup_ratio: warmup_steps and warmup_ratio are both set"
      ),
      (
        #"{"eval_steps": 1, "evals_per_epoch": 1}"#,
        "evals_per_epoch: eval_steps and evals_per_epoch are both set"
      ),
      (
        #"{"chat_template": "jinja"}"#,
        "chat_template_jinja: chat_template is jinja, and chat_template_jinja is missing"
      ),
    ])
  func parameters(_ text: String, _ message: String) throws {
    let json = try JSONReader.parse(Array(text.utf8), file: "p")
    #expect(Pretrain.read(Node(json, file: "p")).diagnostics.map(\.message) == [message])
  }
}
