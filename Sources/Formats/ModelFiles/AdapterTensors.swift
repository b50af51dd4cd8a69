import Diagnostics

/// Sorts an adapter's tensors into pairs and replacements and checks them.
struct AdapterTensors {
  private(set) var modules: [AdapterFiles.Module] = []
  private(set) var replacements: [String] = []

  init(_ file: SafetensorsFile, _ configuration: AdapterConfiguration) throws {
    var diagnostics: [Diagnostic] = []
    func problem(_ code: String, _ message: String, fix: String? = nil) {
      diagnostics.append(Diagnostic("adapter.\(code)", message, fix: fix))
    }
    var matrices: [String: [String: [Int]]] = [:]
    for name in file.names {
      let shown = SafeText.escaped(name)
      guard name.hasPrefix(AdapterFiles.prefix), let entry = file.entry(name) else {
        problem("tensor", "the tensor '\(shown)' does not begin with '\(AdapterFiles.prefix)'")
        continue
      }
      let path = String(name.dropFirst(AdapterFiles.prefix.count))
      if entry.type.floatFormat == nil {
        problem("tensor", "the tensor '\(shown)' is \(entry.type.rawValue), expected a float type")
      } else if try !Self.isFinite(file, name) {
        problem(
          "not-finite", "the tensor '\(shown)' holds NaN or infinity",
          fix: "the training that made the adapter diverged; use an earlier checkpoint")
      }
      if let (module, side) = Self.split(path) {
        matrices[module, default: [:]][side] = entry.shape
      } else if path.contains(".lora_") || path.contains(".base_layer.") {
        problem(
          "tensor", "the tensor '\(shown)' belongs to a kind of adapter that is not supported")
      } else {
        replacements.append(path)
      }
    }
    for path in matrices.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let shown = SafeText.path(path)
      guard let a = matrices[path]?["A"], let b = matrices[path]?["B"] else {
        let present = matrices[path]?["A"] == nil ? ("B", "A") : ("A", "B")
        problem("pair", "'\(shown)' has lora_\(present.0) but no lora_\(present.1)")
        continue
      }
      guard a.count == 2, b.count == 2, a[0] == b[1], a[1] > 0, b[0] > 0 else {
        problem(
          "shape", "'\(shown)' has lora_A \(a) and lora_B \(b), expected [r, in] and [out, r]")
        continue
      }
      let rank = configuration.rank(of: path)
      guard a[0] == rank else {
        problem(
          "rank", "'\(shown)' has rank \(a[0]), '\(AdapterFiles.configurationName)' says r \(rank)")
        continue
      }
      modules.append(
        AdapterFiles.Module(
          path: path, rank: rank, inputSize: a[1], outputSize: b[0],
          scaling: configuration.scaling(of: path)))
    }
    if modules.isEmpty, replacements.isEmpty, diagnostics.isEmpty {
      problem("empty", "the adapter has no tensors")
    }
    if !diagnostics.isEmpty { throw Failure(diagnostics, .badInput) }
  }

  private static func split(_ path: String) -> (module: String, side: String)? {
    for side in ["A", "B"] where path.hasSuffix(".lora_\(side).weight") {
      return (String(path.dropLast(".lora_A.weight".count)), side)
    }
    return nil
  }

  private static func isFinite(_ file: SafetensorsFile, _ name: String) throws -> Bool {
    try file.floats(name).allSatisfy { $0.isFinite }
  }
}
