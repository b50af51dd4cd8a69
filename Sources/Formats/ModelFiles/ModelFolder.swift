import BlockFormats
package import Diagnostics
import Documents
package import Reproducibility

/// A model in Hugging Face's layout: configuration and weights, or an adapter and the base it
/// refers to. A GGUF file is read as if it were such a folder.
///
/// Opening reads configurations and tensor headers and checks that every tensor of the architecture
/// is there with its shape; weights are read when asked for.
///
/// ```swift
/// let folder = try ModelFolder(artifact.tree, reference: artifact.reference)
/// let embedding = try folder.floats("model.embed_tokens.weight")
/// ```
package struct ModelFolder: Sendable {
  /// The folder that was opened: tokenizer and template files are here.
  package let tree: FileTree
  /// The tree that holds `config.json` and the weights, or a GGUF file: `tree`, or an adapter's base.
  package let weightsTree: FileTree
  package let manifest: ModelManifest
  package let configuration: ModelConfiguration
  /// The adapter in the folder; not applied to what ``floats(_:)`` returns.
  package let adapter: AdapterFiles?
  /// What a user should know of a folder that is otherwise good.
  package let warnings: [Diagnostic]

  private let weights: ModelWeights
  var ggufWeights: GGUFModel? { if case .gguf(let model) = weights { model } else { nil } }

  /// - Parameter reference: finds the base of an adapter by its digest.
  /// - Throws: ``Failure`` of class `badInput` with every problem found.
  package init(_ tree: FileTree, reference: (Digest) -> FileTree?) throws {
    self.tree = tree
    manifest = try Self.manifest(of: tree)
    switch manifest.form {
    case .full, .merged:
      adapter = nil
      weightsTree = tree
    case .adapter:
      adapter = try AdapterFiles(tree)
      weightsTree = try Self.base(of: manifest, adapter, reference)
    case .gguf:
      adapter = nil
      weightsTree = tree
    case .tokenizer:
      throw Diagnostic(
        "model.no-weights",
        "the model has the form 'tokenizer', expected one with weights",
        fix: "use a model that a training stage made, a Hugging Face folder or a GGUF file"
      ).failure(.badInput)
    }
    (weights, configuration) = try ModelWeights.open(weightsTree)
    try adapter?.check(against: configuration)
    warnings = try weights.warnings(for: configuration) + (adapter?.warnings ?? [])
  }

  /// A tree without references.
  package init(_ tree: FileTree) throws { try self.init(tree) { _ in nil } }

  /// Names of the architecture's tensors, in order of their bytes. A tied head is not among them.
  package var tensorNames: [String] {
    configuration.tensorShapes.map(\.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  package func shape(of tensor: String) -> [Int]? {
    if case .shards(let shards) = weights { return shards.entry(stored(tensor))?.shape }
    return configuration.tensorShapes.first { $0.name == stored(tensor) }?.shape
  }

  /// The type that a safetensors file has it in; nil in a GGUF file, whose tensors may be stored in
  /// another order and form.
  package func type(of tensor: String) -> TensorType? {
    guard case .shards(let shards) = weights else { return nil }
    return shards.entry(stored(tensor))?.type
  }

  /// What a tensor is stored as, for people: `BF16`, `Q4_K`.
  package func typeName(of tensor: String) -> String {
    switch weights {
    case .shards(let shards): shards.entry(stored(tensor))?.type.rawValue ?? ""
    case .gguf(let model): (try? model.format(of: stored(tensor)).name) ?? ""
    }
  }

  /// The values of a base tensor in row-major order, from whatever shard and float type. The head
  /// of a tied model is its embedding; what the adapter's file holds of its base has precedence, as
  /// in PEFT.
  package func floats(_ tensor: String) throws -> [Float] {
    if let adapter, adapter.baseLayers.contains(tensor) { return try adapter.baseLayer(tensor) }
    return try weights.floats(stored(tensor))
  }

  /// The same, written to memory of the caller: no array beside it, and the file's pages are given
  /// back as they are read.
  ///
  /// - Parameters:
  ///   - elements: where it ``isReadInParts(_:)``; nil: all.
  ///   - values: as many as are asked for.
  /// - Throws: ``Failure`` of class `badInput` when a value is NaN or infinite.
  package func read(
    _ tensor: String, elements: Range<Int>? = nil,
    into values: UnsafeMutableBufferPointer<Float>
  ) throws {
    precondition(elements == nil || isReadInParts(tensor), "a tensor that is read as a whole")
    if let adapter, adapter.baseLayers.contains(tensor) {
      return try adapter.tensors.read(AdapterFiles.baseLayerName(tensor), into: values)
    }
    try weights.read(stored(tensor), elements: elements, into: values)
  }

  /// The same as bfloat16: copied where the file holds it, else rounded to nearest, ties to even.
  package func bfloat16(
    _ tensor: String, elements: Range<Int>? = nil,
    into values: UnsafeMutableBufferPointer<UInt16>
  ) throws {
    precondition(elements == nil || isReadInParts(tensor), "a tensor that is read as a whole")
    if let adapter, adapter.baseLayers.contains(tensor) {
      return try adapter.tensors.bfloat16(AdapterFiles.baseLayerName(tensor), into: values)
    }
    try weights.bfloat16(stored(tensor), elements: elements, into: values)
  }

  /// Whether parts of a tensor cost no more than their share: those of the base's safetensors.
  package func isReadInParts(_ tensor: String) -> Bool {
    guard case .shards = weights else { return false }
    return adapter?.baseLayers.contains(tensor) != true
  }

  /// Copies elements of a tensor that ``isReadInParts(_:)`` as they are stored.
  ///
  /// - Throws: ``Failure`` of class `badInput` when a value is NaN or infinite.
  package func copy(
    _ tensor: String, elements: Range<Int>, into target: UnsafeMutableRawBufferPointer
  ) throws {
    guard case .shards(let shards) = weights, isReadInParts(tensor) else {
      preconditionFailure("stored elements of a tensor in safetensors")
    }
    try shards.copy(stored(tensor), elements: elements, into: target)
  }

  /// Calls `body` with the stored bytes of elements `range` of a base tensor.
  ///
  /// - Throws: ``Failure`` when there is no such tensor, and what `body` throws.
  func withBytes(
    of tensor: String, elements range: Range<Int>,
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard case .shards(let shards) = weights else {
      preconditionFailure("bytes of a tensor without a type")
    }
    try shards.withBytes(of: stored(tensor), elements: range, body)
  }

  /// The place of the file that holds the tensor among the files in order of name.
  package func shard(of tensor: String) -> Int {
    if case .shards(let shards) = weights { return shards.place(of: stored(tensor)) }
    return 0
  }

  /// Reads all weights through, without keeping them, and refuses NaN and infinities; ``read`` and
  /// ``bfloat16`` look by themselves. An adapter's tensors were checked when it was opened.
  ///
  /// - Throws: ``Failure`` of class `badInput` with the first tensors that hold any.
  package func checkFinite() throws { try weights.checkFinite(tensorNames) }

  /// The configuration of what ``mergedFloats(_:)`` gives: a tied model whose embedding or head the
  /// adapter changes has two tensors afterwards.
  package var mergedConfiguration: ModelConfiguration {
    var merged = configuration
    if let adapter, adapter.unties(configuration) { merged.tiesWordEmbeddings = false }
    return merged
  }

  /// The values with the folder's adapter merged: W + s · B A in binary32, rows in order, or DoRA's
  /// (m / ‖V‖) · V.
  package func mergedFloats(_ tensor: String) throws -> [Float] {
    guard let adapter else { return try floats(tensor) }
    if adapter.replacements.contains(tensor) { return try adapter.replacement(tensor) }
    let values = try floats(tensor)
    guard tensor.hasSuffix(".weight"),
      let module = adapter.module(String(tensor.dropLast(".weight".count)))
    else { return values }
    return AdapterMerge.merge(
      values, a: try adapter.a(module), b: try adapter.b(module),
      magnitude: try adapter.magnitude(module), module)
  }

  /// A warning when the files of a tied model hold a head that is not its embedding: the
  /// configuration has force, as in transformers.
  package func tiedHeadWarning() throws -> Diagnostic? {
    guard configuration.tiesWordEmbeddings, case .shards(let shards) = weights,
      shards.entry("lm_head.weight") != nil,
      try shards.floats("lm_head.weight") != shards.floats("model.embed_tokens.weight")
    else { return nil }
    return Diagnostic(
      "model.tied-head",
      "'lm_head.weight' differs from the embedding, but config.json ties them: it is not used",
      fix: "set \"tie_word_embeddings\": false in config.json if the head is right",
      severity: .warning)
  }

  private func stored(_ tensor: String) -> String {
    configuration.tiesWordEmbeddings && tensor == "lm_head.weight"
      ? "model.embed_tokens.weight" : tensor
  }

  private static func manifest(of tree: FileTree) throws -> ModelManifest {
    if let path = tree[ModelManifest.fileName] { return try ModelManifest(path: path) }
    if tree["config.json"] != nil { return ModelManifest(form: .full) }
    if tree.names.contains(where: { $0.hasPrefix("adapter_") }) {
      return ModelManifest(form: .adapter)
    }
    return ModelManifest(form: tree.ggufName == nil ? .full : .gguf)
  }

  private static func base(
    of manifest: ModelManifest, _ adapter: AdapterFiles?, _ reference: (Digest) -> FileTree?
  ) throws -> FileTree {
    // A PEFT folder knows its base by name: whoever was given the base answers to any digest.
    let wanted = manifest.base ?? Digest(of: (adapter?.configuration.baseName ?? "").utf8)
    if let tree = reference(wanted) { return tree }
    let name = SafeText.escaped(adapter?.configuration.baseName ?? "")
    throw Diagnostic(
      "model.no-base",
      manifest.base.map { "the adapter's base \($0.short) is not among the inputs" }
        ?? "the adapter's base '\(name)' is known by name only",
      fix: "give the merged model, or the stage that made the adapter"
    ).failure(.badInput)
  }
}
