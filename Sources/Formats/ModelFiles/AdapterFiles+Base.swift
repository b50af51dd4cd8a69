import Diagnostics

extension AdapterFiles {
  /// Whether the adapter changes the embedding or the head of a tied model, which become two
  /// matrices by that.
  package func unties(_ model: ModelConfiguration) -> Bool {
    guard model.tiesWordEmbeddings else { return false }
    let ends = [ModelConfiguration.embeddingPath, ModelConfiguration.headPath]
    return modules.contains { ends.contains($0.path) }
      || (replacements + baseLayers).contains { name in ends.contains { name == $0 + ".weight" } }
  }

  /// Checks that every module and replacement is there in a model of this configuration, with the
  /// same sizes.
  package func check(against model: ModelConfiguration) throws {
    var diagnostics: [Diagnostic] = []
    func problem(_ message: String) {
      diagnostics.append(
        Diagnostic(
          "adapter.mismatch", message, fix: "use the base model that the adapter was trained on"))
    }
    let shapes = model.adaptableShapes
    for module in modules {
      let path = SafeText.escaped(module.path)
      guard let shape = shapes[module.path] else {
        problem("the adapter changes '\(path)', which the model does not have")
        continue
      }
      let isEmbedding = module.path == ModelConfiguration.embeddingPath
      guard isEmbedding == (module.kind == .embedding) else {
        problem(
          "the adapter takes '\(path)' for \(isEmbedding ? "a linear" : "an embedding"), the model "
            + "for \(isEmbedding ? "an embedding" : "a linear")")
        continue
      }
      let (rows, columns) =
        isEmbedding
        ? (module.inputSize, module.outputSize) : (module.outputSize, module.inputSize)
      if shape != [rows, columns] {
        problem(
          "the adapter's '\(path)' is \(rows) × \(columns), the model's \(shape[0]) × \(shape[1])")
      }
    }
    var tensors = Dictionary(uniqueKeysWithValues: model.tensorShapes.map { ($0.name, $0.shape) })
    tensors[ModelConfiguration.headPath + ".weight"] = [model.vocabularySize, model.hiddenSize]
    for name in replacements + baseLayers {
      let stored = replacements.contains(name) ? Self.prefix + name : Self.baseLayerName(name)
      let shape = self.tensors.entry(stored)?.shape ?? []
      guard let expected = tensors[name] else {
        problem("the adapter replaces '\(SafeText.escaped(name))', which the model does not have")
        continue
      }
      if shape != expected {
        problem("the adapter's '\(SafeText.escaped(name))' is \(shape), the model's \(expected)")
      }
    }
    if let shape = scoreHeadShape, shape.count != 2 || shape[1] != model.hiddenSize {
      problem("the adapter's score head is \(shape), expected [outputs, \(model.hiddenSize)]")
    }
    if configuration.ensuresWeightTying, unties(model) {
      diagnostics.append(
        Diagnostic(
          "adapter.unsupported",
          "'ensure_weight_tying' is true and the adapter changes a tied embedding or head",
          fix: "merge the adapter into its base with the library that made it"))
    }
    if !diagnostics.isEmpty { throw Failure(diagnostics, .badInput) }
  }
}

extension ModelConfiguration {
  /// Every module that an adapter may change, with the shape of its weight: linears, embedding and
  /// head, also a tied one.
  var adaptableShapes: [String: [Int]] {
    var shapes = Dictionary(uniqueKeysWithValues: linearShapes.map { ($0.path, $0.shape) })
    shapes[Self.embeddingPath] = [vocabularySize, hiddenSize]
    shapes[Self.headPath] = [vocabularySize, hiddenSize]
    return shapes
  }
}
