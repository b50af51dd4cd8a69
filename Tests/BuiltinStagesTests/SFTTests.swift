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

@Suite("sft")
struct SFTTests {
  static let lora =
    #"{"sequence_len": 64, "lora_r": 4, "learning_rate": 0.02, "num_epochs": 12,"#
    + #""micro_batch_size": 8, "warmup_ratio": 0.1}"#

  @Test("an adapter learns the answers, refers to its base and has PEFT's files")
  func adapter() throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let result = try fixture.run(
      SFT.self, Self.lora,
      [
        "model": base, "train": fixture.conversations(32),
        "validation": fixture.conversations(8),
      ])
    let model = try result.artifact("model")
    #expect(
      model.tree.names == [
        "adapter_config.json", "adapter_model.safetensors", "chat_template.jinja", "model.json",
        "tokenizer.json", "tokenizer_config.json",
      ])
    #expect(result.references == [base.digest])
    let folder = try ModelFolder(TrainingFixture.on(base, model).tree) {
      $0 == base.digest ? base.tree : nil
    }
    #expect(folder.manifest.base == base.digest)
    #expect(folder.adapter?.configuration.rank == 4)
    #expect(folder.adapter?.configuration.alpha == 8)
    #expect(folder.adapter?.modules.count == 14)
    let losses = result.metric("eval_loss").map(\.value)
    #expect((losses.last ?? 9) < 0.5 * (losses.first ?? 0))
    let report = try result.artifact("report")
    #expect(report.tree.names == ["report.json", "report.md"])
  }

  @Test("all weights can learn, and the result stands alone")
  func full() throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let result = try fixture.run(
      SFT.self,
      #"{"adapter": "none", "sequence_len": 64, "learning_rate": 0.01, "num_epochs": 12}"#,
      ["model": base, "train": fixture.conversations(32)])
    #expect(result.references.isEmpty)
    #expect(try ModelFolder(result.artifact("model").tree).manifest.form == .full)
    let losses = result.metric("loss").map(\.value)
    #expect((losses.last ?? 9) < 0.6 * (losses.first ?? 0))
  }

  @Test("an adapter is trained further, on the same base")
  func continued() throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let inputs = ["model": base, "train": try fixture.conversations(32)]
    let first = try fixture.run(SFT.self, Self.lora, inputs)
    let start = TrainingFixture.on(base, try first.artifact("model"))
    let second = try fixture.run(
      SFT.self, Self.lora, inputs.merging(["model": start]) { $1 })
    #expect(second.references == [base.digest])
    let (a, b) = (first.metric("loss").map(\.value), second.metric("loss").map(\.value))
    #expect((b.first ?? 9) < 0.6 * (a.first ?? 0))
    let failure = try #require(throws: Failure.self) {
      try fixture.run(
        SFT.self, #"{"lora_r": 8, "sequence_len": 64}"#, inputs.merging(["model": start]) { $1 })
    }
    #expect(
      failure.diagnostics.map(\.message) == [
        "lora_r is 8, and the adapter to continue has rank 4"
      ])
  }

  @Test(
    "same bytes with 1 and with 2 threads, with dropout and packing, in 32 and in 16 bits",
    arguments: ["false", "true"])
  func threads(bf16: String) throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let models = try [1, 2].map { threads in
      try fixture.run(
        SFT.self,
        #"{"sequence_len": 64, "lora_r": 4, "lora_dropout": 0.1, "sample_packing": true,"#
          + #""micro_batch_size": 2, "gradient_accumulation_steps": 2, "bf16": \#(bf16)}"#,
        ["model": base, "train": fixture.conversations(32)], threads: threads
      ).bytes()
    }
    #expect(models[0] == models[1])
  }

  @Test("stopped at any time and resumed, the bytes are those of an undisturbed run")
  func resume() throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let inputs = [
      "model": base, "train": try fixture.conversations(24),
      "validation": try fixture.conversations(8),
    ]
    let parameters =
      #"{"sequence_len": 64, "lora_r": 4, "lora_dropout": 0.1, "sample_packing": true,"#
      + #""micro_batch_size": 2, "gradient_accumulation_steps": 2, "num_epochs": 2,"#
      + #""save_steps": 2, "eval_steps": 3, "load_best_model_at_end": true}"#
    let whole = try fixture.run(SFT.self, parameters, inputs).bytes()
    var stops = 0
    for questions in stride(from: 1, to: 60, by: 4) {
      let checkpoints = KeptCheckpoints(fixture.folder)
      let asked = Mutex(0)
      do {
        _ = try fixture.run(SFT.self, parameters, inputs, checkpoints: checkpoints) {
          asked.withLock {
            $0 += 1
            return $0 > questions
          }
        }
      } catch is CancellationError { stops += 1 }
      let resumed = try fixture.run(SFT.self, parameters, inputs, checkpoints: checkpoints)
      #expect(try resumed.bytes() == whole, "stopped after \(questions) questions")
    }
    #expect(stops > 5)
  }

  @Test("rows that are too long are dropped and counted, or end the stage when asked")
  func tooLong() throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let long: RowContent = .text(String(repeating: "long ", count: 40))
    let short: RowContent = .text("short")
    let inputs = ["model": base, "train": try fixture.records([short, long, short])]
    let result = try fixture.run(SFT.self, #"{"sequence_len": 64}"#, inputs)
    #expect(
      result.messages == [
        "1 of 3 rows of 'train' are longer than sequence_len (64 tokens) and were dropped",
        // One step, and that of the warm-up.
        "the trained adapter moves no logit by more than 0.0: the model is its base",
      ])
    #expect(result.events.contains(.count(name: "train.rows_used", value: 2)))
    #expect(result.events.contains(.count(name: "train.dropped.too_long", value: 1)))
    let failure = try #require(throws: Failure.self) {
      try fixture.run(
        SFT.self, #"{"sequence_len": 64, "excess_length_strategy": "raise"}"#, inputs)
    }
    #expect(failure.diagnostics.map(\.code) == ["training.too-long"])
    let cut = try fixture.run(
      SFT.self, #"{"sequence_len": 64, "excess_length_strategy": "truncate"}"#, inputs)
    #expect(cut.events.contains(.count(name: "train.cut", value: 1)))
    #expect(cut.events.contains(.count(name: "train.rows_used", value: 3)))
  }

  @Test("rows longer than the model's context do not send the user to sequence_len")
  func beyondContext() throws {
    let fixture = try TrainingFixture()
    let inputs = [
      "model": try TrainingFixture.base(),
      "train": try fixture.records([.text(String(repeating: "long ", count: 40))]),
    ]
    let failure = try #require(throws: Failure.self) {
      try fixture.run(SFT.self, #"{"sequence_len": 4096}"#, inputs)
    }
    let diagnostic = try #require(failure.diagnostics.first)
    #expect(
      diagnostic.message
        == "no rows of 'train' are left to use: 1 are longer than the model's context (64 tokens) "
        + "and were dropped")
    #expect(diagnostic.fix == "split the rows, or set excess_length_strategy: truncate")
  }

  @Test("a sealed test split is refused, and so is an input without rows")
  func refused() throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let cases: [(InputArtifact, String)] = [
      (
        try fixture.records([.text("x")], sealed: true),
        "the input 'train' is a sealed test set; training on it is refused"
      ),
      (
        try fixture.records([]), "no rows of 'train' are left to use: the input has no rows"
      ),
      (
        try fixture.records([.text(String(repeating: "x", count: 99))]),
        "no rows of 'train' are left to use: 1 are longer than sequence_len (64 tokens) and were "
          + "dropped"
      ),
    ]
    for (rows, message) in cases {
      let failure = try #require(throws: Failure.self) {
        try fixture.run(SFT.self, #"{"sequence_len": 64}"#, ["model": base, "train": rows])
      }
      #expect(failure.diagnostics.map(\.message) == [message])
      #expect(failure.failureClass == .badInput)
    }
  }

  @Test("preflight finds targets that are not there, odd ratios and odd learning rates")
  func preflight() throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let text =
      #"{"lora_target_modules": ["q_prj"], "lora_r": 64, "lora_alpha": 1024,"#
      + #""learning_rate": 1}"#
    let read = SFT.read(Node(try JSONReader.parse(Array(text.utf8), file: "p"), file: "p"))
    let found = read.preflight(
      PreflightInputs(
        artifacts: ["model": base, "train": try fixture.records([], sealed: true)], files: [:]))
    #expect(
      found.map(\.code) == ["training.learning-rate", "records.sealed", "adapter.target"])
    #expect(found[2].fix?.hasPrefix("did you mean 'q_proj'? the model has embed_tokens, ") == true)
    #expect(found.map(\.severity) == [.warning, .error, .error])
    let scaled = SFT.read(
      Node(
        try JSONReader.parse(
          Array(#"{"lora_r": 64, "lora_alpha": 1024, "alpha_pattern": {"o_proj": 1}}"#.utf8),
          file: "p"), file: "p"))
    let warnings = scaled.preflight(PreflightInputs(artifacts: ["model": base], files: [:]))
    #expect(warnings.map(\.code) == ["adapter.rank", "training.alpha-high"])
  }

  @Test("conversations without a template say what to set")
  func noTemplate() throws {
    let fixture = try TrainingFixture()
    let base = try fixture.run(
      Pretrain.self, "{\(TrainingFixture.small) \"max_steps\": 1}",
      ["model": fixture.tokenizer(template: false), "train": fixture.texts(8)]
    ).artifact("model")
    let inputs = ["model": base, "train": try fixture.conversations(8)]
    let failure = try #require(throws: Failure.self) {
      try fixture.run(SFT.self, #"{"sequence_len": 64}"#, inputs)
    }
    #expect(failure.diagnostics[0].fix?.contains("chat_template") == true)
    let given = try fixture.run(
      SFT.self, #"{"sequence_len": 64, "chat_template": "chatml"}"#, inputs)
    #expect(try given.artifact("model").tree["chat_template.jinja"] != nil)
  }
}
