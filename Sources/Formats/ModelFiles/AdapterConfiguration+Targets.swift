package import Diagnostics

extension AdapterConfiguration {
  /// The modules of `model` that the adapter changes, in the model's order (PEFT's
  /// `check_target_module_exists`), with their rank and scale.
  ///
  /// - Throws: ``Failure`` of class `badInput` for a target that matches nothing, for patterns that
  ///   are not understood, for ranks out of range.
  package func targets(in model: ModelConfiguration) throws -> [AdapterTarget] {
    var diagnostics: [Diagnostic] = []
    let shapes = model.adaptableShapes
    let candidates =
      [ModelConfiguration.embeddingPath] + model.linearShapes.map(\.path)
      + [ModelConfiguration.headPath]
    let wanted = try matching(candidates, &diagnostics)
    let left = wanted.isEmpty ? [] : try excluding(wanted)
    if diagnostics.isEmpty, !wanted.isEmpty, left.isEmpty {
      diagnostics.append(
        Diagnostic(
          "adapter.target", "every target module is left out again",
          fix: "look at exclude_modules, layers_to_transform and modules_to_save"))
    }
    let targets = left.map { path in target(path, shapes[path] ?? [0, 0]) }
    if let bad = targets.first(where: { !(1...Self.rankMax).contains($0.rank) }) {
      diagnostics.append(
        Diagnostic(
          "adapter.rank",
          "the rank of '\(SafeText.escaped(bad.path))' is \(bad.rank), expected 1 to "
            + "\(Self.rankMax)"))
    }
    if !diagnostics.isEmpty { throw Failure(diagnostics, .badInput) }
    return targets
  }

  /// A warning for ranks above the smaller side of a matrix: they cost and add nothing.
  package static func rankWarnings(_ targets: [AdapterTarget]) -> [Diagnostic] {
    let beyond = targets.filter { $0.rank > min($0.inputSize, $0.outputSize) }
    guard let first = beyond.first else { return [] }
    return [
      Diagnostic(
        "adapter.rank",
        "the rank of \(beyond.count) modules is above the smaller side of their matrix, the first "
          + "is '\(SafeText.escaped(first.path))': \(first.rank) for \(first.outputSize) × "
          + "\(first.inputSize); a higher rank than that adds nothing", fix: "lower the rank",
        severity: .warning)
    ]
  }

  /// The tensors of `model` that `modules_to_save` names, in the model's order: those of every
  /// module whose path ends with a name, and of what is below it (PEFT's `_set_trainable`).
  ///
  /// The heads `score` and `classifier` are not the base's; PEFT lists both for a reward model.
  ///
  /// - Throws: ``Failure`` of class `badInput` for a name that matches nothing.
  package func replacedTensors(in model: ModelConfiguration) throws
    -> [(name: String, shape: [Int])]
  {
    var shapes = model.tensorShapes
    if model.tiesWordEmbeddings {
      shapes.append(
        (ModelConfiguration.headPath + ".weight", [model.vocabularySize, model.hiddenSize]))
    }
    var used: Set<String> = []
    let replaced = shapes.filter { name, _ in
      let parts = name.split(separator: ".")
      let modules = (1..<parts.count).map { parts[..<$0].joined(separator: ".") }
      let hits = modulesToSave.filter { key in modules.contains { $0.hasSuffix(key) } }
      used.formUnion(hits)
      return !hits.isEmpty
    }
    let heads: Set<String> = ["score", "classifier"]
    let unmatched = modulesToSave.filter { !used.contains($0) && !heads.contains($0) }
    if !unmatched.isEmpty {
      throw Failure(
        unmatched.map { name in
          Diagnostic(
            "adapter.target",
            "modules_to_save names '\(SafeText.escaped(name))', which the model does not have",
            fix: "usual modules are embed_tokens and lm_head")
        }, .badInput)
    }
    return replaced
  }

  /// The configuration that PEFT saves: `all-linear` as the paths it stands for, shortened to last
  /// names where these are enough and there are 20 or more (`_find_minimal_target_modules`).
  package func expanded(in model: ModelConfiguration) -> AdapterConfiguration {
    guard targetModules == .allLinear else { return self }
    var result = self
    let linears = model.linearShapes.map(\.path)
    result.targetModules = .names(
      linears.count < 20 ? linears : TargetNames.shortest(linears, in: model))
    return result
  }

  /// Whether the base's own weight of an embedding or head that is a target is saved with the
  /// adapter: PEFT does so when the last name, not the path, is among the targets.
  package func savesBaseLayers(_ targets: [AdapterTarget]) -> [AdapterTarget] {
    let ends = [
      (ModelConfiguration.embeddingPath, "embed_tokens"), (ModelConfiguration.headPath, "lm_head"),
    ]
    let isWanted: Bool =
      switch targetModules {
      case .names(let names): ends.contains { names.contains($0.1) }
      case .pattern: true
      case .allLinear: false
      }
    return isWanted ? targets.filter { target in ends.contains { $0.0 == target.path } } : []
  }

  private func target(_ path: String, _ shape: [Int]) -> AdapterTarget {
    let isEmbedding = path == ModelConfiguration.embeddingPath
    return AdapterTarget(
      path: path, kind: isEmbedding ? .embedding : .linear,
      inputSize: isEmbedding ? shape[0] : shape[1], outputSize: isEmbedding ? shape[1] : shape[0],
      rank: rank(of: path), scaling: scaling(of: path), hasMagnitude: usesDoRA)
  }

  // MARK: - Matching

  private func matching(_ candidates: [String], _ diagnostics: inout [Diagnostic]) throws
    -> [String]
  {
    let linears = candidates.dropFirst().dropLast()
    switch targetModules {
    case .allLinear: return Array(linears)
    case .pattern(let source):
      let pattern = try Self.pattern(source)
      let found = candidates.filter(pattern.matches)
      if found.isEmpty { diagnostics.append(Self.noMatch("the pattern '", source, candidates)) }
      return found
    case .names(let names):
      for name in names where !candidates.contains(where: { TargetNames.match($0, name) }) {
        diagnostics.append(Self.noMatch("the target module '", name, candidates))
      }
      if names.isEmpty {
        diagnostics.append(
          Diagnostic(
            "adapter.target", "there are no target modules",
            fix: "the model has \(TargetNames.last(candidates).joined(separator: ", "))"))
      }
      return candidates.filter { path in names.contains { TargetNames.match(path, $0) } }
    }
  }

  private func excluding(_ paths: [String]) throws -> [String] {
    var left = paths
    switch excludedModules {
    case .names(let names)?:
      left.removeAll { path in names.contains { TargetNames.match(path, $0) } }
    case .pattern(let source)?:
      let pattern = try Self.pattern(source)
      left.removeAll(where: pattern.matches)
    case .allLinear?, nil: break
    }
    for name in modulesToSave {
      let pattern = try Self.pattern("(^|.*\\.)\(name)($|\\..*)")
      left.removeAll(where: pattern.matches)
    }
    if let layersToTransform {
      let patterns = try layersPattern.map { try Self.pattern("(.*\\.)?\($0)") }
      left.removeAll { path in
        // PEFT asks for the layer only where a name is not the whole path.
        if case .names(let names) = targetModules, names.contains(path) { return false }
        return TargetNames.layer(of: path, patterns).map { !layersToTransform.contains($0) } ?? true
      }
    }
    return left
  }

  private static func pattern(_ source: String) throws -> PathPattern {
    do {
      return try PathPattern(source)
    } catch {
      throw Diagnostic(
        "adapter.pattern",
        "the pattern '\(SafeText.escaped(source))' has \(error.message)",
        fix: "give a list of module names instead"
      ).failure(.badInput)
    }
  }

  private static func noMatch(_ what: String, _ name: String, _ paths: [String]) -> Diagnostic {
    let names = TargetNames.last(paths)
    let nearest =
      NearestName.suggestion(for: name, among: names).map { "did you mean '\($0)'? " } ?? ""
    return Diagnostic(
      "adapter.target", "\(what)\(SafeText.escaped(name))' matches no linear of the model",
      fix: nearest + "the model has \(names.joined(separator: ", "))")
  }
}
