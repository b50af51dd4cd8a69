import Documents
import ModelFiles
import Models
import Parallelism
import Reproducibility
import Tensors
import TestSupport
import Testing

/// The decoder against transformers and PEFT, number by number. Bounds are ten times the distance
/// that the Python stack itself has between single and double precision.
@Suite(.enabled(if: SharedMaterial.oracles.exists, "the oracles are absent"))
struct OracleTests {
  static let models = ["llama", "llama_bf16", "qwen2", "mistral"]
  static let adapters = [
    ("lora_all", "llama"), ("lora_rslora", "llama"), ("lora_qv", "qwen2"), ("dora_all", "llama"),
    ("dora_qwen2", "qwen2"), ("lora_embed_head", "llama"), ("lora_pattern", "qwen3"),
    ("lora_phi3", "phi3"), ("lora_gemma2", "gemma2"),
  ]
  let pool = ThreadPool(threads: 2)

  @Test("logits, likelihoods and gradients of a base are those of transformers", arguments: models)
  func base(name: String) throws {
    let oracle = try Oracle(SharedMaterial.oracles.path("models/" + name))
    let model = try LanguageModel.load(Oracle.folder(name), trainable: .all, pool: pool)
    let noise = oracle.json["observed_f32_vs_f64"]
    try checkLogits(model, oracle, bound: 10 * (noise?["max_abs_logit"]?.doubleValue ?? 0))
    try checkGradients(
      model, oracle, nll: oracle.number("mean_nll_f64"),
      bound: max(1e-5, 10 * (noise?["max_rel_grad_l2"]?.doubleValue ?? 0)))
  }

  @Test("logits, likelihoods and gradients of an adapter are those of PEFT", arguments: adapters)
  func adapter(name: String, base: String) throws {
    let oracle = try Oracle(SharedMaterial.oracles.path("adapters/" + name))
    let folder = try Oracle.adapter(name, base: base)
    let model = try LanguageModel.load(folder, trainable: .loadedAdapter, pool: pool)
    let noise = oracle.json["observed"]
    try checkLogits(
      model, oracle, bound: 10 * (noise?["f32_vs_f64_max_abs_logit"]?.doubleValue ?? 0))
    try checkGradients(model, oracle, nll: oracle.number("mean_nll_f64"), bound: 1e-5)
    let baseNLL = model.withoutAdapter { meanNLL(model.logProbabilities(oracle.batch)) }
    let expected = try oracle.number("base_mean_nll_f64")
    #expect(abs(baseNLL - expected) < 1e-5)
  }

  @Test("a merged adapter computes what the adapter on its base computes", arguments: adapters)
  func merged(name: String, base: String) throws {
    let oracle = try Oracle(SharedMaterial.oracles.path("adapters/" + name))
    let folder = try Oracle.adapter(name, base: base)
    let adapted = try LanguageModel.load(folder, trainable: .nothing, pool: pool)
    let merged = LanguageModel.initialized(
      adapted.mergedConfiguration, seed: 0, trainable: .all, pool: pool)
    let weights = Dictionary(
      uniqueKeysWithValues: adapted.weights().map { ($0.name, $0.values) })
    for parameter in merged.parameters {
      let values = try #require(weights[parameter.name])
      parameter.values.write(values)
    }
    let nll = meanNLL(merged.logProbabilities(oracle.batch))
    let expected = try oracle.number("mean_nll_f64")
    #expect(abs(nll - expected) < 1e-5)
    let layer = try SafetensorsFile(
      path: SharedMaterial.oracles.path("adapters/\(name)/merged_layer0.safetensors"))
    for name in layer.names {
      let (ours, theirs) = (try #require(weights[name], "\(name)"), try layer.floats(name))
      let largest = theirs.map { abs($0) }.max() ?? 0
      let worst = zip(ours, theirs).map { abs($0 - $1) }.max() ?? 1
      #expect(ours.count == theirs.count && worst <= 2e-6 * largest, "\(name): off by \(worst)")
    }
  }

  @Test("weights in NF4 are those of bitsandbytes, bit by bit")
  func dequantized() throws {
    let folder = try Oracle.folder("llama")
    let model = try LanguageModel.load(
      folder, trainable: .nothing, pool: pool, precision: WeightPrecision(linears: .nf4Nested))
    let ours = Dictionary(uniqueKeysWithValues: model.weights().map { ($0.name, $0.values) })
    let theirs = try SafetensorsFile(
      path: SharedMaterial.oracles.path("training/sft_qlora_nf4/base_dequantized.safetensors"))
    #expect(theirs.names.count == 14)
    for name in theirs.names { #expect(try ours[name] == theirs.floats(name), "\(name)") }
    let head = "lm_head.weight"
    #expect(try ours[head] == folder.floats(head))
  }

  private func checkLogits(_ model: LanguageModel, _ oracle: Oracle, bound: Double) throws {
    let batch = oracle.batch
    let logits = model.logits(batch, positions: Array(batch.ids.indices))
    let columns = (oracle.json["logit_columns"]?.arrayValue ?? []).compactMap(\.integerValue)
    #expect(columns.count >= 8)
    let expected = try #require(oracle.json["logits_f64"]?.arrayValue)
    var worst = 0.0, position = 0
    for sequence in expected {
      for row in try Oracle.matrix(sequence) {
        for (column, value) in zip(columns, row) {
          worst = max(worst, abs(Double(logits[position][column]) - value))
        }
        position += 1
      }
    }
    #expect(position == batch.ids.count)
    #expect(worst <= bound, "logits differ by \(worst)")
  }

  private func checkGradients(
    _ model: LanguageModel, _ oracle: Oracle, nll: Double, bound: Double
  ) throws {
    model.zeroGradients()
    let logp = model.forwardBackward(
      oracle.batch, PassOptions(),
      .computed { logp in logp.map { _ in -1 / Float(logp.count) } })
    #expect(abs(meanNLL(logp) - nll) < 2e-6 * nll, "mean NLL \(meanNLL(logp)), expected \(nll)")
    let expected = oracle.gradientNorms
    #expect(expected.count == model.parameters.count)
    for parameter in model.parameters {
      let prefix = "base_model.model."
      var name =
        parameter.name.hasPrefix(prefix)
        ? String(parameter.name.dropFirst(prefix.count)) : parameter.name
      // The oracles have the names of PEFT's modules in memory.
      if name.hasSuffix(".lora_magnitude_vector") { name += ".weight" }
      if expected[name] == nil {
        name = name.dropLast(".weight".count) + ".modules_to_save.weight"
      }
      let norm = try #require(expected[name], "no gradient norm for \(name)")
      let difference = abs(model.gradientNorm(parameter) - norm)
      #expect(difference <= bound * norm, "\(name): off by \(difference / norm)")
    }
  }
}
