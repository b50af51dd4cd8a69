internal import Diagnostics
internal import ModelFiles

/// What vLLM makes of an adapter: the ranks it has room for, and what it refuses.
struct VLLMAdapter {
  private let adapter: AdapterFiles

  init(_ adapter: AdapterFiles) { self.adapter = adapter }

  /// The values that `--max-lora-rank` takes.
  static let ranks = [1, 8, 16, 32, 64, 128, 256, 320, 512]

  /// The largest rank of a module.
  var rank: Int {
    adapter.modules.map(\.rank).max() ?? adapter.configuration.rank
  }

  /// The smallest room that holds it, or nil.
  var maxRank: Int? { Self.ranks.first { $0 >= max(rank, adapter.configuration.rank) } }

  /// The command, or nil where vLLM cannot serve it.
  func command(base: String, name: String, path: String) -> String? {
    guard problems(isRefusal: true).isEmpty, let maxRank else { return nil }
    return "vllm serve \(Self.quoted(base)) --enable-lora --max-lora-rank \(maxRank) "
      + "--lora-modules \(name)=\(path)"
  }

  /// - Parameter isRefusal: errors, or warnings where the adapter is not for vLLM.
  func problems(isRefusal: Bool) -> [Diagnostic] {
    let configuration = adapter.configuration
    var found: [(code: String, message: String)] = []
    if maxRank == nil {
      found.append(("rank", "its rank \(rank) is above \(Self.ranks.last ?? 0), vLLM's largest"))
    }
    if configuration.usesDoRA { found.append(("dora", "it is DoRA (use_dora)")) }
    if !configuration.modulesToSave.isEmpty || !adapter.replacements.isEmpty {
      found.append(("modules-to-save", "it replaces whole modules (modules_to_save)"))
    }
    if adapter.modules.contains(where: { $0.kind == .embedding }) || !adapter.baseLayers.isEmpty {
      found.append(("embedding", "it changes the embedding or the head"))
    }
    let scalings = Set(adapter.modules.map(\.scaling))
    let ranks = Set(adapter.modules.map(\.rank))
    if scalings.count > 1 || ranks.count > 1 {
      found.append(
        ("patterns", "its modules differ in rank or scaling (rank_pattern, alpha_pattern)"))
    }
    return found.map { code, message in
      Diagnostic(
        "hf.vllm-\(code)", "vLLM does not serve this adapter: \(message)",
        fix: "export form: merged for vLLM, or set check_vllm: false for PEFT alone",
        severity: isRefusal ? .error : .warning)
    }
  }

  /// A word of a shell's command.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy {
      $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || [0x2D, 0x2E, 0x2F, 0x5F, 0x7E].contains($0)
    }
    return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }
}
