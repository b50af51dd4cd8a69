import Diagnostics

/// Sorts an adapter's tensors into modules and replacements and checks them.
struct AdapterTensors {
  /// What a tensor is to its module.
  private enum Part: String, CaseIterable {
    case a = ".lora_A.weight"
    case b = ".lora_B.weight"
    case embeddingA = ".lora_embedding_A"
    case embeddingB = ".lora_embedding_B"
    case magnitude = ".lora_magnitude_vector"
    case base = ".base_layer.weight"
  }

  private(set) var modules: [AdapterFiles.Module] = []
  private(set) var replacements: [String] = []
  private(set) var baseLayers: [String] = []
  private(set) var scoreHead: [Int]?
  private var diagnostics: [Diagnostic] = []

  init(_ file: SafetensorsFile, _ configuration: AdapterConfiguration) throws {
    var parts: [String: [Part: [Int]]] = [:]
    for name in file.names {
      guard name.hasPrefix(AdapterFiles.prefix), let entry = file.entry(name) else {
        problem(
          "tensor",
          "the tensor '\(SafeText.escaped(name))' does not begin with '\(AdapterFiles.prefix)'")
        continue
      }
      checkValues(file, entry)
      sort(String(name.dropFirst(AdapterFiles.prefix.count)), entry.shape, &parts)
    }
    for path in parts.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      if parts[path]?[.base] != nil { baseLayers.append(path + ".weight") }
      addModule(path, parts[path] ?? [:], configuration)
    }
    if modules.isEmpty, replacements.isEmpty, scoreHead == nil, diagnostics.isEmpty {
      problem("empty", "the adapter has no tensors")
    }
    if !diagnostics.isEmpty { throw Failure(diagnostics, .badInput) }
  }

  private mutating func problem(_ code: String, _ message: String, fix: String? = nil) {
    diagnostics.append(Diagnostic("adapter.\(code)", message, fix: fix))
  }

  private mutating func checkValues(_ file: SafetensorsFile, _ entry: TensorEntry) {
    let shown = SafeText.escaped(entry.name)
    if entry.type.floatFormat == nil {
      problem("tensor", "the tensor '\(shown)' is \(entry.type.rawValue), expected a float type")
    } else if (try? file.checkFinite(entry.name)) == nil {
      problem(
        "not-finite", "the tensor '\(shown)' holds NaN or infinity",
        fix: "the training that made the adapter diverged; use an earlier checkpoint")
    }
  }

  private mutating func sort(_ path: String, _ shape: [Int], _ parts: inout [String: [Part: [Int]]])
  {
    if let part = Part.allCases.first(where: { path.hasSuffix($0.rawValue) }) {
      parts[String(path.dropLast(part.rawValue.count)), default: [:]][part] = shape
    } else if [".lora_", ".base_layer.", ".token_adapter."].contains(where: path.contains) {
      problem(
        "tensor",
        "the tensor '\(SafeText.escaped(AdapterFiles.prefix + path))' belongs to a kind of adapter "
          + "that is not supported")
    } else if path == AdapterFiles.scoreHeadName {
      scoreHead = shape
    } else {
      replacements.append(path)
    }
  }

  private mutating func addModule(
    _ path: String, _ parts: [Part: [Int]], _ configuration: AdapterConfiguration
  ) {
    let shown = SafeText.path(path)
    let isEmbedding = parts[.embeddingA] != nil || parts[.embeddingB] != nil
    let names = isEmbedding ? ("lora_embedding_A", "lora_embedding_B") : ("lora_A", "lora_B")
    let a = parts[isEmbedding ? .embeddingA : .a]
    let b = parts[isEmbedding ? .embeddingB : .b]
    guard let a, let b else {
      if a == nil, b == nil {
        problem("pair", "'\(shown)' has neither \(names.0) nor \(names.1)")
      } else {
        let (present, missing) = a == nil ? (names.1, names.0) : (names.0, names.1)
        problem("pair", "'\(shown)' has \(present) but no \(missing)")
      }
      return
    }
    guard a.count == 2, b.count == 2, a[0] == b[1], a[0] > 0, a[1] > 0, b[0] > 0 else {
      problem(
        "shape",
        "'\(shown)' has \(names.0) \(a) and \(names.1) \(b), expected [r, in] and [out, r]")
      return
    }
    let rank = configuration.rank(of: path)
    guard a[0] == rank else {
      problem(
        "rank", "'\(shown)' has rank \(a[0]), '\(AdapterFiles.configurationName)' says r \(rank)")
      return
    }
    let magnitude = parts[.magnitude]
    guard (magnitude != nil) == configuration.usesDoRA else {
      problem(
        "magnitude",
        configuration.usesDoRA
          ? "'\(shown)' has no lora_magnitude_vector, and 'use_dora' is true"
          : "'\(shown)' has a lora_magnitude_vector, and 'use_dora' is false")
      return
    }
    if let magnitude, magnitude != [b[0]] {
      problem("shape", "'\(shown)' has lora_magnitude_vector \(magnitude), expected [\(b[0])]")
      return
    }
    modules.append(
      AdapterFiles.Module(
        path: path, kind: isEmbedding ? .embedding : .linear, rank: rank, inputSize: a[1],
        outputSize: b[0], scaling: configuration.scaling(of: path), hasMagnitude: magnitude != nil))
  }
}
