package import Diagnostics
package import Documents

/// Reads mergekit's configuration from a document, with the place of every problem.
package struct MergeRecipeReader {
  package private(set) var diagnostics: [Diagnostic] = []
  var warnings: [Diagnostic] = []
  var method = MergeMethod.linear

  private let defaultBase: String?

  /// - Parameter defaultBase: the base of a method that needs one, where none is named.
  package init(defaultBase: String? = nil) { self.defaultBase = defaultBase }

  /// The keys of the file.
  static let keys = [
    "merge_method", "models", "slices", "base_model", "parameters", "dtype", "out_dtype",
    "tokenizer_source", "tokenizer", "chat_template", "modules", "name",
  ]

  /// - Returns: nil when there were problems; ``diagnostics`` has them all.
  package mutating func read(_ document: Node) -> MergeRecipe? {
    guard let entries = document.mapping else {
      problem("'merge' is \(document.kindName), expected a mapping", at: document.span)
      return nil
    }
    checkKeys(entries, Self.keys, of: "a mergekit file")
    guard let method = readMethod(document["merge_method"], in: document) else { return nil }
    self.method = method
    var recipe = MergeRecipe(
      method, base: document["base_model"].flatMap { reference($0, "base_model") },
      slices: readSlices(document), parameters: readShared(document))
    if recipe.base == nil, method.needsBase, let defaultBase {
      let sources = recipe.slices.first?.sources ?? []
      recipe.base =
        method == .slerp && sources.count == 2
        ? sources[0].model : MergeRecipe.Reference(defaultBase, at: document.span)
    }
    // mergekit computes in 'dtype'; here sums are binary32 and only the result is rounded.
    let type = document["dtype"].flatMap { readType($0, "dtype") }
    recipe.type = document["out_dtype"].flatMap { readType($0, "out_dtype") } ?? type
    readTokenizer(document, into: &recipe)
    if let modules = document["modules"], !modules.isNull {
      problem(
        "'modules' is for models of several modules, which are not supported", at: modules.span,
        fix: "write 'models:' or 'slices:' at the top")
    }
    addBase(to: &recipe)
    checkInputs(recipe, at: document.span)
    recipe.warnings = warnings
    return diagnostics.isEmpty ? recipe : nil
  }

  // MARK: - Parts

  private mutating func readMethod(_ node: Node?, in document: Node) -> MergeMethod? {
    let names = MergeMethod.allCases.map(\.rawValue)
    guard let node, let text = node.scalar?.text else {
      problem(
        node == nil ? "'merge_method' is missing" : "'merge_method' is no text",
        at: (node ?? document).span, fix: "one of \(names.joined(separator: ", "))")
      return nil
    }
    if let method = MergeMethod(rawValue: text) { return method }
    let nearest = NearestName.suggestion(for: text, among: names)
    problem(
      Self.otherMethods.contains(text)
        ? "the method '\(text)' of mergekit is not supported"
        : "there is no method '\(SafeText.escaped(text, limit: 40))'", at: node.span,
      fix: (nearest.map { "did you mean '\($0)'? " } ?? "")
        + "known: \(names.joined(separator: ", "))")
    return nil
  }

  private static let otherMethods = [
    "arcee_fusion", "karcher", "model_stock", "multislerp", "nearswap", "nuslerp", "ram",
    "ramplus_tl", "sce",
  ]

  private mutating func readSlices(_ document: Node) -> [MergeRecipe.Slice] {
    let models = document["models"].flatMap { $0.isNull ? nil : $0 }
    let slices = document["slices"].flatMap { $0.isNull ? nil : $0 }
    switch (models, slices) {
    case (nil, nil):
      if document["modules"] == nil {
        problem("there is neither 'models' nor 'slices'", at: document.span)
      }
      return []
    case (.some, let slices?):
      problem("'models' and 'slices' are both there, expected one of them", at: slices.span)
      return []
    case (let models?, nil):
      let sources = items(models, "models").compactMap { readSource($0, isSlice: false) }
      return [MergeRecipe.Slice(sources: sources, span: models.span)]
    case (nil, let slices?): return items(slices, "slices").compactMap { readSlice($0) }
    }
  }

  private mutating func readSlice(_ node: Node) -> MergeRecipe.Slice? {
    guard let entries = node.mapping else {
      problem("a slice is \(node.kindName), expected a mapping with 'sources'", at: node.span)
      return nil
    }
    checkKeys(
      entries, ["sources", "base_model", "parameters", "residual_weight"], of: "a slice")
    if let weight = node["residual_weight"], !weight.isNull {
      warn("'residual_weight' has no effect, nor has it in mergekit", at: weight.span)
    }
    guard let sources = node["sources"] else {
      problem("a slice has no 'sources'", at: node.span)
      return nil
    }
    return MergeRecipe.Slice(
      sources: items(sources, "sources").compactMap { readSource($0, isSlice: true) },
      base: node["base_model"].flatMap { reference($0, "base_model") },
      parameters: readShared(node), span: node.span)
  }

  private mutating func readSource(_ node: Node, isSlice: Bool) -> MergeRecipe.Source? {
    guard let entries = node.mapping else {
      problem("a model is \(node.kindName), expected a mapping with 'model'", at: node.span)
      return nil
    }
    // Beside mergekit's 'parameters', they may stand in the entry itself.
    let keys = ["model", "parameters"] + (isSlice ? ["layer_range"] : [])
    checkKeys(entries, keys + MergeMethod.parameterNames, of: isSlice ? "a source" : "a model")
    guard let model = node["model"] else {
      problem("an entry has no 'model'", at: node.span)
      return nil
    }
    guard let reference = reference(model, "model") else { return nil }
    var source = MergeRecipe.Source(reference)
    for entry in entries where MergeMethod.parameterNames.contains(entry.name) {
      add(entry, forModel: true, to: &source.parameters)
    }
    for entry in parameterEntries(node) { add(entry, forModel: true, to: &source.parameters) }
    if isSlice { source.layers = readRange(node["layer_range"], in: node) }
    return source
  }

  private mutating func readRange(_ node: Node?, in source: Node) -> Range<Int>? {
    let bounds = node?.sequence?.map(CoreSchema.integer) ?? []
    if bounds.count == 2, let low = bounds[0], let high = bounds[1], low >= 0, high > low,
      high <= 65536
    {
      return low..<high
    }
    problem(
      node == nil
        ? "a source of a slice has no 'layer_range'"
        : "'layer_range' is expected to be [first, last + 1] with 0 <= first < last + 1",
      at: (node ?? source).span)
    return nil
  }

  private mutating func readShared(_ node: Node) -> MergeRecipe.Parameters {
    var parameters: MergeRecipe.Parameters = [:]
    for entry in parameterEntries(node) { add(entry, forModel: false, to: &parameters) }
    return parameters
  }

  /// mergekit takes the base into the merge when a method is given one that the models lack.
  private func addBase(to recipe: inout MergeRecipe) {
    for index in recipe.slices.indices {
      let slice = recipe.slices[index]
      guard let base = recipe.base(of: slice), slice.sources.allSatisfy({ $0.layers == nil }),
        !slice.sources.contains(where: { $0.model.name == base.name })
      else { continue }
      recipe.slices[index].sources.append(MergeRecipe.Source(base))
    }
  }

  /// What the method asks of its models.
  private mutating func checkInputs(_ recipe: MergeRecipe, at span: SourceSpan) {
    for slice in recipe.slices {
      let names = slice.sources.map(\.model.name)
      let place = slice.span ?? span
      if Set(names).count != names.count {
        problem("a model is named twice in one merge", at: place)
      }
      if names.isEmpty { problem("there is no model to merge", at: place) }
      let base = recipe.base(of: slice)
      if recipe.method.needsBase {
        if let base, !names.contains(base.name) {
          problem(
            "the base '\(SafeText.escaped(base.name))' is not among the sources of a slice",
            at: place)
        } else if base == nil {
          problem(
            "\(recipe.method.rawValue) needs a base", at: place, fix: "add 'base_model: MODEL'")
        }
      }
      if recipe.method == .slerp, names.count != 2 {
        problem("slerp merges two models, found \(names.count)", at: place)
      }
      if recipe.method == .passthrough, names.count > 1 {
        problem("passthrough takes one model for each slice, found \(names.count)", at: place)
      }
    }
  }
}

// MARK: - Nodes

extension MergeRecipeReader {
  mutating func problem(_ message: String, at span: SourceSpan?, fix: String? = nil) {
    diagnostics.append(Diagnostic("merge.recipe", message, at: span, fix: fix))
  }

  mutating func warn(_ message: String, at span: SourceSpan?) {
    warnings.append(Diagnostic("merge.no-effect", message, at: span, severity: .warning))
  }

  private mutating func checkKeys(_ entries: [Node.Entry], _ known: [String], of owner: String) {
    for entry in entries where !known.contains(entry.name) {
      let nearest = NearestName.suggestion(for: entry.name, among: known)
      problem(
        "\(owner) has no key '\(SafeText.escaped(entry.name, limit: 40))'", at: entry.key.span,
        fix: nearest.map { "did you mean '\($0)'?" }
          ?? "known: \(known.sorted().joined(separator: ", "))")
    }
  }

  private mutating func items(_ node: Node, _ name: String) -> [Node] {
    if let items = node.sequence, !items.isEmpty { return items }
    problem("'\(name)' is \(node.kindName), expected a list of mappings", at: node.span)
    return []
  }

  private mutating func parameterEntries(_ node: Node) -> [Node.Entry] {
    guard let parameters = node["parameters"], !parameters.isNull else { return [] }
    if let entries = parameters.mapping { return entries }
    problem("'parameters' is \(parameters.kindName), expected a mapping", at: parameters.span)
    return []
  }

  /// A model's name; mergekit also writes it as a mapping of `model` and `lora`.
  mutating func reference(_ node: Node, _ key: String) -> MergeRecipe.Reference? {
    if node.isNull { return nil }
    guard let text = node.scalar?.text, !text.isEmpty else {
      problem("'\(key)' is \(node.kindName), expected a model's name", at: node.span)
      return nil
    }
    if text.contains("+") {
      problem(
        "'\(SafeText.escaped(text, limit: 60))' is a model with a LoRA, which is merged first here",
        at: node.span, fix: "make the adapter an input of its own and name that")
      return nil
    }
    return MergeRecipe.Reference(text, at: node.span)
  }
}
