import BuiltinStages
import Diagnostics
import Documents
import Foundation
import TestSupport
import Testing

/// Configurations in `Tests/Fixtures/axolotl` and what becomes of them.
@Suite("import axolotl")
struct AxolotlImportTests {
  static let folder = "Tests/Fixtures/axolotl/"
  static let names = ["alpaca-lora", "chat-qlora", "dpo", "kto", "full-pretrain"]

  static func made(_ text: String, file: String = "c.yml") throws -> AxolotlImport {
    AxolotlImport(try YAMLReader.parse(Array(text.utf8), file: file), file: file) { _ in false }
  }

  static func held(_ path: String, _ text: String) throws -> String {
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + path))
    }
    return try String(contentsOfFile: folder + path, encoding: .utf8)
  }

  @Test("the pipeline and the verdict on every key are those held", arguments: names)
  func golden(_ name: String) throws {
    let text = try String(contentsOfFile: Self.folder + name + ".yml", encoding: .utf8)
    let made = try Self.made(text, file: name + ".yml")
    #expect(made.problems.isEmpty)
    let pipeline = try #require(made.pipeline)
    #expect(try Self.held(name + ".pipeline.yaml", pipeline) == pipeline)
    let verdicts = made.findings
      .map { "\($0.span.line) \($0.verdict.rawValue) \($0.key): \($0.text)\n" }.joined()
    #expect(try Self.held(name + ".verdicts.txt", verdicts) == verdicts)
  }

  @Test("no key is passed over", arguments: names)
  func complete(_ name: String) throws {
    let text = try String(contentsOfFile: Self.folder + name + ".yml", encoding: .utf8)
    let document = try YAMLReader.parse(Array(text.utf8), file: name)
    let found = Set(try Self.made(text).findings.map(\.key))
    for entry in document.mapping ?? [] {
      #expect(found.contains(entry.name), "\(entry.name)")
      for (index, item) in (entry.value.sequence ?? []).enumerated() {
        for member in item.mapping ?? [] {
          let key = "\(entry.name)[\(index)].\(member.name)"
          #expect(found.contains { $0.hasPrefix(key) }, "\(key)")
        }
      }
    }
  }

  static let rows = "datasets: [{path: ./r.jsonl, type: completion}]\nlearning_rate: 1e-4\n"

  @Test(
    "a value arrives with its meaning",
    arguments: [
      ("sequence_len: 1_024", "sequence_len: 1024"), ("bf16: yes", "bf16: true"),
      ("warmup_steps: 10", "warmup_steps: 10"), ("warmup_steps: 0.1", "warmup_ratio: 0.1"),
      ("optimizer: paged_adamw", "optimizer: paged_adamw_32bit"),
      ("chat_template: phi_3", "chat_template: phi3"),
      ("chat_template: qwen3", "chat_template: tokenizer_default"),
      ("batch_size: 12\nmicro_batch_size: 3", "gradient_accumulation_steps: 4"),
      ("save_strategy: epoch", "saves_per_epoch: 1"), ("learning_rates: 1", "adapter: none"),
      ("adapter: lora\nlora_r: 4", "lora_target_modules: [q_proj, v_proj]"),
      ("sequence_len: 64", "micro_batch_size: 1"), ("max_steps: '7'", "max_steps: \"7\""),
    ])
  func values(_ written: String, _ expected: String) throws {
    let made = try Self.made("base_model: ./m\n" + Self.rows + written)
    let lines = made.pipeline?.split(separator: "\n").map { $0.drop { $0 == " " } } ?? []
    #expect(lines.contains { $0 == expected }, "\(made.pipeline ?? "")")
  }

  @Test(
    "an unknown key gets the nearest of Axolotl's",
    arguments: [
      ("learning_rte: 1", "learning_rte", "Axolotl has no such key; did you mean 'learning_rate'?"),
      ("frobnicate: 1", "frobnicate", "Axolotl has no such key"),
    ])
  func unknown(_ written: String, _ key: String, _ text: String) throws {
    let made = try Self.made("base_model: ./m\n" + Self.rows + written)
    let finding = try #require(made.findings.first { $0.key == key })
    #expect(finding.verdict == .unknown)
    #expect(finding.text == text)
    #expect(finding.span.line == 4)
    #expect(made.pipeline?.contains("#   line 4, \(key): \(text)\n") == true)
  }

  @Test(
    "what cannot become a pipeline is refused with a way out",
    arguments: [
      ("datasets: []", "'base_model' is missing"),
      ("base_model: ./m", "there are no 'datasets'"),
      ("base_model: ./m\nrl: grpo\n" + rows, "'rl' is 'grpo', whose rewards are Python functions"),
      ("base_model: ./m\nrl: ppo\n" + rows, "'rl' is 'ppo', which is not supported"),
      ("base_model: ./m\nadapter: ia3\n" + rows, "'adapter' is 'ia3', which is not supported"),
      (
        "base_model: ./m\nprocessor_type: AutoProcessor\n" + rows,
        "'processor_type' is 'AutoProcessor': images and sounds are not supported"
      ),
      ("- a", "the document is a list, expected a mapping"),
    ])
  func refused(_ text: String, _ message: String) throws {
    let made = try Self.made(text)
    #expect(made.pipeline == nil)
    #expect(made.problems.first?.message == message)
  }
}
