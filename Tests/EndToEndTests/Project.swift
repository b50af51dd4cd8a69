import Documents
import Foundation
import TestSupport

/// A folder with raw tickets and the smallest pipeline that has every kind of stage.
struct Project {
  let folder: TemporaryFolder

  /// - Parameters:
  ///   - learningRate: of the tuning; a rate far too high makes the gate refuse.
  ///   - perplexityMax: the bar of the gate.
  init(learningRate: String = "3e-3", perplexityMax: Double = 1e6) throws {
    folder = try TemporaryFolder()
    let written = try Tool.tickets.run(
      "generate", "data", "--seed", "5", "--tickets", "240", in: folder.path)
    guard written.status == 0 else { throw CocoaError(.fileNoSuchFile) }
    try folder.write(
      "pipeline.yaml", Self.text(learningRate: learningRate, perplexityMax: perplexityMax))
  }

  /// Digest by artifact of the last run.
  func digests() throws -> [String: String] {
    let listed = try Tool.orchestrate.run("artifacts", "ls", "--json", in: folder.path)
    var digests: [String: String] = [:]
    for line in listed.output.split(separator: "\n") {
      let item = try JSONReader.parse(Array(line.utf8), file: "artifacts")
      guard let stage = item["stage"]?.stringValue, let port = item["port"]?.stringValue,
        let digest = item["digest"]?.stringValue
      else { continue }
      digests["\(stage).\(port)"] = digest
    }
    return digests
  }

  private static func text(learningRate: String, perplexityMax: Double) -> String {
    """
    name: small
    params: { learning_rate: \(learningRate) }
    stages:
      library: { uses: ingest, with: { sources: [ { path: ./data/corpus.jsonl, type: completion } ] } }
      tokenizer: { uses: tokenizer_train, inputs: { records: library }, with: { vocab_size: 512 } }
      base:
        uses: pretrain
        inputs: { model: tokenizer, train: library }
        with: { hidden_size: 64, intermediate_size: 128, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, max_position_embeddings: 256, sequence_len: 256, micro_batch_size: 8, num_epochs: 1, learning_rate: 3e-3, save_steps: 5 }
      tickets:
        uses: ingest
        with: { sources: [ { path: ./data/tickets.jsonl, type: chat_template } ], on_bad_row: quarantine }
      scrubbed: { uses: pii_scrub, inputs: { records: tickets } }
      unique: { uses: minhash_dedup, inputs: { records: scrubbed } }
      splits:
        uses: split
        inputs: { records: unique.kept, clusters: unique.clusters }
        with: { stratify_by: [label], seed: 7 }
      sft:
        uses: sft
        inputs: { model: base, train: splits.train, validation: splits.validation }
        with: { adapter: lora, lora_r: 8, lora_dropout: 0.1, learning_rate: "${params.learning_rate}", num_epochs: 2, micro_batch_size: 8, sequence_len: 256, save_steps: 5 }
      pairs: { uses: ingest, with: { sources: [ { path: ./data/pairs.jsonl, type: preference } ] } }
      dpo: { uses: dpo, inputs: { model: sft, train: pairs }, with: { learning_rate: 1e-3, num_epochs: 1, micro_batch_size: 8, sequence_len: 256, save_steps: 2 } }
      gate:
        uses: eval_gate
        inputs: { candidate: dpo, baseline: base, test: splits.test }
        with:
          tasks: [ { name: triage, metric: exact_match, max_new_tokens: 4 }, { name: text, metric: perplexity } ]
          require:
            - { task: text, metric: perplexity, max: \(perplexityMax) }
          on_inconclusive: pass
      gguf: { uses: gguf_export, inputs: { model: dpo }, needs: [gate], with: { quantization: [f32, q8_0] } }
      listing: { uses: shell, inputs: { model: gguf }, with: { inputs: [model], command: "ls $INPUT_MODEL > $OUTPUT_FILES/names.txt" } }

    """
  }
}
