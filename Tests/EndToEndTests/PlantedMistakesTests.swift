import Documents
import Foundation
import TestSupport
import Testing

/// Mistakes planted in a pipeline: each candidate meets its own gate and is refused for its own
/// reason, and a sound one passes beside them.
@Suite struct PlantedMistakesTests {
  static let pipeline = """
    name: planted
    stages:
      library: { uses: ingest, with: { sources: [ { path: ./data/corpus.jsonl, type: completion } ] } }
      prose: { uses: split, inputs: { records: library }, with: { seed: 7 } }
      tokenizer: { uses: tokenizer_train, inputs: { records: prose.train }, with: { vocab_size: 512 } }
      base:
        uses: pretrain
        inputs: { model: tokenizer, train: prose.train }
        with: { hidden_size: 64, intermediate_size: 128, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, max_position_embeddings: 256, sequence_len: 256, micro_batch_size: 8, num_epochs: 2, learning_rate: 4e-3 }
      tickets:
        uses: ingest
        with: { sources: [ { path: ./data/tickets.jsonl, type: chat_template } ], on_bad_row: quarantine }
      scrubbed: { uses: pii_scrub, inputs: { records: tickets } }
      unique: { uses: minhash_dedup, inputs: { records: scrubbed } }
      splits: { uses: split, inputs: { records: unique.kept, clusters: unique.clusters }, with: { seed: 7 } }
      sound:
        uses: sft
        inputs: { model: base, train: splits.train }
        with: &sft { lora_r: 8, learning_rate: 3e-3, num_epochs: 1, micro_batch_size: 8, sequence_len: 256 }
      sound_gate:
        uses: eval_gate
        inputs: { candidate: sound, baseline: base, test: splits.test }
        with: &gate
          tasks: [ { name: answers, metric: perplexity } ]
      # The test rows are among those that it was trained on.
      leaky: { uses: sft, inputs: { model: base, train: unique.kept }, with: *sft }
      leaky_gate: { uses: eval_gate, inputs: { candidate: leaky, baseline: base, test: splits.test }, with: *gate }
      # Copies of test rows with other marks, which nobody looked for.
      copies: { uses: ingest, with: { sources: [ { path: ./copies.jsonl, type: chat_template } ], on_bad_row: quarantine } }
      scrubbed_copies: { uses: pii_scrub, inputs: { records: copies } }
      copied: { uses: sft, inputs: { model: base, train: scrubbed_copies }, with: *sft }
      copied_gate: { uses: eval_gate, inputs: { candidate: copied, baseline: base, test: splits.test }, with: *gate }
      # A template of another model.
      templated:
        uses: sft
        inputs: { model: base, train: splits.train }
        with: { lora_r: 8, learning_rate: 3e-3, max_steps: 4, num_epochs: 1, micro_batch_size: 8, sequence_len: 256, chat_template: llama3 }
      templated_gate: { uses: eval_gate, inputs: { candidate: templated, baseline: base, test: splits.test }, with: *gate }
      # An adapter that never learned.
      idle: { uses: sft, inputs: { model: base, train: splits.train }, with: { lora_r: 8, learning_rate: 0, max_steps: 2, sequence_len: 256 } }
      idle_gate: { uses: eval_gate, inputs: { candidate: idle, baseline: base, test: splits.test }, with: *gate }
      # A rate so high that general text is forgotten.
      forgetful: { uses: sft, inputs: { model: base, train: splits.train }, with: { lora_r: 8, learning_rate: 1e-1, num_epochs: 1, micro_batch_size: 8, sequence_len: 256 } }
      forgetful_gate:
        uses: eval_gate
        inputs: { candidate: forgetful, baseline: base, test: prose.test }
        with: { tasks: [ { name: prose, metric: byte_perplexity, tier: general } ] }
      # A file of so few bits that the model is another one.
      small: { uses: gguf_export, inputs: { model: sound }, with: { quantization: [q8_0, q4_0] } }
      q8_gate:
        uses: eval_gate
        inputs: { candidate: small.q8_0, baseline: sound, test: splits.test }
        with: &file
          tasks: [ { name: answers, metric: perplexity } ]
          require: [ { task: answers, metric: mean_kld, max: 0.0001 } ]
      q4_gate: { uses: eval_gate, inputs: { candidate: small.q4_0, baseline: sound, test: splits.test }, with: *file }

    """

  /// What the sentence that refuses says, by gate.
  static let reasons = [
    "leaky_gate": "of the test set occur among the rows that the candidate was trained on",
    "copied_gate": "of the test set occur among the rows that the candidate was trained on",
    "templated_gate": "the candidate's chat template writes '<|start_header_id|>'",
    "idle_gate": "the adapter moves no logit of its base",
    "forgetful_gate": "prose: byte_perplexity is",
    "q4_gate": "answers: mean_kld is",
  ]

  @Test("each is refused with the right reason, the sound ones pass, and the run ends with 3")
  func planted() throws {
    let folder = try TemporaryFolder()
    try folder.write("pipeline.yaml", Self.pipeline)
    let written = try Tool.tickets.run(
      "generate", "data", "--seed", "5", "--tickets", "300", in: folder.path)
    #expect(written.status == 0)
    let tickets = try String(contentsOfFile: folder.path + "/data/tickets.jsonl", encoding: .utf8)
    try folder.write("copies.jsonl", tickets.replacing(". ", with: " .. ", maxReplacements: 200))
    let run = try Tool.orchestrate.run("run", "--json", in: folder.path)
    #expect(run.status == 3, "\(run.errors)")
    var refusals: [String: [String]] = [:]
    var states: [String: String] = [:]
    for line in run.output.split(separator: "\n") {
      let event = try JSONReader.parse(Array(line.utf8), file: "events")
      guard event["type"]?.stringValue == "job", let stage = event["stage"]?.stringValue else {
        continue
      }
      states[stage] = event["state"]?.stringValue
      for reason in event["reasons"]?.arrayValue ?? [] {
        refusals[stage, default: []].append(reason.stringValue ?? "")
      }
    }
    for gate in ["sound_gate", "q8_gate"] {
      #expect(states[gate] == "succeeded", "\(gate): \(refusals[gate] ?? [])")
    }
    for (gate, reason) in Self.reasons {
      #expect(states[gate] == "refused", "\(gate)")
      #expect(refusals[gate]?.first?.contains(reason) == true, "\(gate): \(refusals[gate] ?? [])")
    }
  }
}
