import BuiltinStages
import Diagnostics
import Documents
import Foundation
import ModelFiles
import Models
import Parallelism
import StageKit
import Tensors
import TestSupport
import Testing

/// Every form of adapter through the stages: trained, trained further, merged.
@Suite("adapters in stages")
struct AdapterStageTests {
  static let forms = [
    #""lora_dropout": 0.05"#,
    #""peft_use_dora": true"#,
    #""peft_use_dora": true, "lora_dropout": 0.05, "lora_target_modules": ["v_proj", "o_proj"]"#,
    #""peft_use_rslora": true, "rank_pattern": {"q_proj": 2, "layers.1.mlp.up_proj": 6},"#
      + #""alpha_pattern": {"v_proj": 4}"#,
    #""lora_target_modules": ".*(gate|down)_proj", "peft_layers_to_transform": [1]"#,
    #""lora_modules_to_save": ["embed_tokens", "lm_head"]"#,
    #""lora_modules_to_save": ["lm_head"], "lora_target_modules": ["q_proj"]"#,
    #""lora_target_modules": ["q_proj", "embed_tokens", "lm_head"], "lora_dropout": 0.05"#,
    #""lora_target_modules": ["k_proj", "embed_tokens", "lm_head"], "peft_use_dora": true"#,
    #""adapter": "qlora""#,
    #""adapter": "qlora", "peft_use_dora": true, "bnb_4bit_use_double_quant": false"#,
    #""bf16": "true""#, #""loraplus_lr_ratio": 8"#,
  ]

  static let common = #""sequence_len": 64, "lora_r": 4, "micro_batch_size": 8, "max_steps": 6,"#

  @Test("sft, dpo on the same adapter, and the merge compute the same model", arguments: forms)
  func roundTrip(form: String) throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let trained = try fixture.run(
      SFT.self, "{\(Self.common) \"learning_rate\": 0.01, \(form)}",
      ["model": base, "train": fixture.conversations(16)])
    let messages = trained.messages.filter {
      // Six steps teach no model to end its answers.
      !$0.hasPrefix("memory of the run") && !$0.contains("answers written after training")
    }
    #expect(messages.isEmpty, "\(messages)")
    let losses = trained.metric("loss").map(\.value)
    #expect((losses.last ?? 9) < (losses.first ?? 0))
    let adapter = TrainingFixture.on(base, try trained.artifact("model"))

    // What makes sense for the adapter that exists already.
    let method = form.contains("qlora") ? #""adapter": "qlora","# : ""
    let further = try fixture.run(
      DPO.self,
      "{\"sequence_len\": 64, \"max_steps\": 3, \(method) \"learning_rate\": 0.001}",
      ["model": adapter, "train": fixture.pairs(8)])
    #expect(further.references == [base.digest])
    let first = try #require(further.metric("loss").first?.value)
    // The reference is the adapter as it came in; dropout is the policy's alone.
    #expect(abs(first - 0.6931472) < (form.contains("dropout") ? 0.02 : 1e-5))

    let folder = try ModelFolder(further.artifact("model").tree) { _ in base.tree }
    let pool = ThreadPool(threads: 2)
    let adapted = try LanguageModel.load(folder, trainable: .nothing, pool: pool)
    let merged = try LanguageModel.load(
      folder, trainable: .nothing, pool: pool, mergesAdapter: true)
    let batch = TokenBatch(predictingNextIn: [(0..<40).map { Int32($0 * 7 % 250) }])
    let (a, b) = (
      adapted.logits(batch, positions: Array(0..<40)),
      merged.logits(batch, positions: Array(0..<40))
    )
    var worst: Float = 0
    for (x, y) in zip(a, b) { worst = max(worst, zip(x, y).map { abs($0 - $1) }.max() ?? 9) }
    #expect(worst < 1e-4)
    for (name, _, values) in adapted.weights() {
      let goal = try folder.mergedFloats(name)
      #expect(zip(values, goal).allSatisfy { abs($0 - $1) <= 2e-6 }, "\(name)")
    }
    let plain = try LanguageModel.load(
      ModelFolder(base.tree), trainable: .nothing, pool: pool
    ).logits(batch, positions: [5])
    #expect(adapted.withoutAdapter { adapted.logits(batch, positions: [5]) } == plain)
  }

  @Test("an adapter that is merged first becomes part of a full model")
  func mergeFirst() throws {
    let fixture = try TrainingFixture()
    let (base, adapter) = try TrainingFixture.tuned()
    let result = try fixture.run(
      SFT.self,
      #"{"sequence_len": 64, "lora_r": 2, "merge_first": true, "adapter": "qlora", "#
        + #""max_steps": 2, "learning_rate": 0.001, "warmup_steps": 0}"#,
      ["model": adapter, "train": fixture.conversations(16)])
    #expect(result.references.isEmpty)
    let folder = try ModelFolder(result.artifact("model").tree)
    #expect(folder.manifest.form == .merged)
    let before = try ModelFolder(adapter.tree) { _ in base.tree }
    let name = "model.layers.0.self_attn.q_proj.weight"
    let (old, new) = (try before.mergedFloats(name), try folder.floats(name))
    let moved = zip(old, new).map { abs($0 - $1) }.max() ?? 0
    // The step is in it, the 4-bit rounding of the base (some 1e-2) is not.
    #expect(moved > 0 && moved < 2e-3)
  }

  @Test("what cannot be is said before anything is trained")
  func refusals() throws {
    let fixture = try TrainingFixture()
    let (base, adapter) = try TrainingFixture.tuned()
    let rows = try fixture.conversations(4)
    let cases = [
      (base, #""lora_modules_to_save": ["lm_haed"]"#, "adapter.target"),
      (base, #""lora_modules_to_save": ["o_proj"]"#, "adapter.unsupported"),
      (base, #""lora_target_modules": ["nothing"]"#, "adapter.target"),
      (
        base, #""lora_target_modules": ["q_proj"], "lora_exclude_modules": ["q_proj"]"#,
        "adapter.target"
      ),
      (base, #""adapter": "none", "load_in_4bit": true"#, "spec.parameter"),
      (base, #""rank_pattern": {"q_proj": "many"}"#, "spec.parameter"),
      (base, #""peft_layers_to_transform": ["one"]"#, "spec.parameter"),
      (adapter, #""peft_use_dora": true"#, "training.adapter-mismatch"),
      (adapter, #""lora_modules_to_save": ["lm_head"]"#, "training.adapter-mismatch"),
      (adapter, #""lora_target_modules": ["q_proj"]"#, "training.adapter-mismatch"),
      (adapter, #""adapter": "none""#, "training.adapter-mismatch"),
      (base, #""adapter": "none", "loraplus_lr_ratio": 4"#, "training.lora-plus"),
    ]
    for (model, parameters, code) in cases {
      let failure = try #require(throws: Failure.self) {
        try fixture.run(
          SFT.self, "{\"sequence_len\": 64, \(parameters)}", ["model": model, "train": rows])
      }
      #expect(failure.diagnostics.map(\.code) == [code], "\(parameters)")
    }
  }

  @Test("an adapter that changes nothing is pointed out")
  func noEffect() throws {
    let fixture = try TrainingFixture()
    let result = try fixture.run(
      SFT.self, #"{"sequence_len": 64, "lora_r": 2, "learning_rate": 0, "max_steps": 2}"#,
      ["model": try TrainingFixture.base(), "train": fixture.conversations(8)])
    #expect(
      result.messages.contains {
        $0.hasPrefix("the trained adapter moves no logit by more than 0.0")
      })
  }

  @Test("bf16: true alone multiplies in 16 bits, and says where the processor cannot")
  func products() throws {
    let folder = try ModelFolder(TrainingFixture.base().tree)
    let can = InstructionSet.multipliesIn16Bits
    for (written, half) in [
      ("{}", false), (#"{"bf16": false}"#, false), (#"{"bf16": true}"#, true),
    ] {
      let node = Node(try JSONReader.parse(Array(written.utf8), file: "p"), file: "p")
      var read = ParameterReader(node, owner: "sft")
      let parameters = AdapterParameters(&read)
      #expect(read.diagnostics.isEmpty)
      let model = try LanguageModel.load(
        folder, trainable: .nothing, pool: ThreadPool(threads: 2),
        precision: parameters.precision(folder))
      #expect(model.arithmeticClass.hasPrefix(half && can ? "cpu bf16" : "cpu f32"))
      #expect(AdapterChecks.products(parameters, canMultiply: true).isEmpty)
      let told = AdapterChecks.products(parameters, canMultiply: false).map(\.code)
      #expect(told == (half ? ["training.bf16"] : []))
    }
  }
}
