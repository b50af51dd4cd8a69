package import BlockFormats
import Diagnostics

/// A LoRA as llama.cpp's `--lora` takes it, as its `convert_lora_to_gguf.py` writes it (commit
/// 0c1e57098): A and B of each matrix beside the base's name, B's rows in llama.cpp's order.
///
/// ```swift
/// let plan = try GGUFAdapter.plan(adapter, base: configuration, name: "Support", format: .f16)
/// try plan.write(to: "Support-lora-F16.gguf", pool: pool) { _ in [] }
/// ```
package enum GGUFAdapter {
  static let typeKey = "adapter.type"
  static let alphaKey = "adapter.lora.alpha"

  /// - Parameter format: F32, F16 or BF16.
  /// - Throws: ``Failure`` when the adapter changes what `--lora` cannot.
  package static func plan(
    _ adapter: AdapterFiles, base: ModelConfiguration, name: String, format: BlockFormat,
    lineage: [GGUFPair] = []
  ) throws -> GGUFPlan {
    let architecture = try GGUFExport.architecture(for: base)
    try check(adapter, base)
    let alpha = self.alpha(of: adapter)
    var tensors: [GGUFPlan.Tensor] = []
    var count = 0
    for stored in GGUFLayout(base, architecture).tensors {
      let modules = stored.parts.map { adapter.module(String($0.dropLast(".weight".count))) }
      guard stored.name.hasSuffix(".weight"), modules.contains(where: { $0 != nil }) else {
        continue
      }
      let known = modules.compactMap(\.self)
      guard known.count == modules.count, Set(known.map(\.rank)).count == 1 else {
        throw refusal(
          "the adapter changes some of the experts in '\(stored.name)' only, or by other ranks")
      }
      tensors += try pair(stored, known, adapter, alpha: alpha, format)
      count += known.reduce(0) { $0 + $1.inputSize * $1.outputSize }
    }
    let pairs = [
      GGUFPair("general.architecture", .string(architecture.name)),
      GGUFPair("general.type", .string("adapter")), GGUFPair(typeKey, .string("lora")),
      GGUFPair("general.name", .string(name)),
      GGUFPair("general.size_label", .string(GGUFExport.sizeLabel(count))),
      GGUFPair(alphaKey, .float32(alpha)),
      GGUFPair("general.quantization_version", .uint32(2)),
    ]
    return GGUFPlan(pairs: pairs + lineage, tensors: tensors)
  }

  /// What A B is multiplied with is this over the rank: the modules' own scaling where it is the
  /// same for all, so that B stays as it is.
  private static func alpha(of adapter: AdapterFiles) -> Double {
    let alphas = adapter.modules.map { $0.scaling * Double($0.rank) }
    guard let first = alphas.first, alphas.allSatisfy({ abs($0 / first - 1) < 1e-12 }) else {
      return adapter.configuration.alpha
    }
    return first
  }

  private static func pair(
    _ stored: GGUFLayout.Stored, _ modules: [AdapterFiles.Module], _ adapter: AdapterFiles,
    alpha: Double, _ format: BlockFormat
  ) throws -> [GGUFPlan.Tensor] {
    var (a, b): ([Float], [Float]) = ([], [])
    for module in modules {
      a += try adapter.a(module)
      var rows = try adapter.b(module)
      if let headSize = stored.interleavedHeadSize {
        rows = HeadRows.interleaved(rows, rows: module.outputSize, headSize: headSize)
      }
      let factor = Float(module.scaling * Double(module.rank) / alpha)
      b += factor == 1 ? rows : rows.map { $0 * factor }
    }
    let (rank, stacked) = (modules[0].rank, modules.count > 1 ? [modules.count] : [])
    return [
      GGUFPlan.Tensor(
        name: stored.name + ".lora_a", format: format,
        dimensions: [modules[0].inputSize, rank] + stacked, values: a),
      GGUFPlan.Tensor(
        name: stored.name + ".lora_b", format: format,
        dimensions: [rank, modules[0].outputSize] + stacked, values: b),
    ]
  }

  private static func check(_ adapter: AdapterFiles, _ base: ModelConfiguration) throws {
    if let name = adapter.replacements.first ?? adapter.baseLayers.first {
      throw refusal("the adapter holds a whole tensor ('\(SafeText.escaped(name))')")
    }
    if let module = adapter.modules.first(where: \.hasMagnitude) {
      throw refusal("the adapter is a DoRA ('\(module.path)' has magnitudes)")
    }
    if let module = adapter.modules.first(where: { $0.kind == .embedding }) {
      throw refusal("the adapter changes the embedding ('\(module.path)')")
    }
    if base.tiesWordEmbeddings, adapter.module(ModelConfiguration.headPath) != nil {
      throw refusal("the adapter changes the head of a model whose head is its embedding")
    }
    if adapter.scoreHeadShape != nil { throw refusal("the adapter has the head of a reward model") }
  }

  private static func refusal(_ what: String) -> Failure {
    Diagnostic(
      "gguf.adapter", "\(what), which llama.cpp's --lora cannot apply",
      fix: "merge it: 'adapter: merge'"
    ).failure(.badInput)
  }
}
