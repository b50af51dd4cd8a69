import Documents

/// One architecture of llama.cpp, as its converter writes it and its loader computes it (commit
/// 0c1e57098): which families of Hugging Face's it holds, its keys in their order, what is done to
/// weights.
///
/// Names of tensors follow from the decoder's flags, see ``GGUFLayout``.
struct GGUFArchitecture: Sendable {
  /// `general.architecture`, and the prefix of its keys.
  let name: String
  /// The families it holds; the first is what a file is read back as.
  let modelTypes: [String]
  /// Whether rotary neighbours stand next to each other: the rows of q and k change places.
  var interleavesHeads = false
  /// Whether 1 is added to every norm (gemma's files hold w of 1 + w).
  var addsOneToNorms = false
  /// Whether the head size is written although config.json does not name it.
  var saysHeadSize = false
  /// Whether attention's output and the feed-forward block may have biases.
  var loadsOutputBiases = false
  /// Whether the loader takes the head to be the embedding, whatever the file holds.
  var isAlwaysTied = false
  /// Whether the loader needs `output.weight`.
  var isNeverTied = false
  /// Whether heads together must be as wide as the model.
  var headsFillWidth = false
  /// Whether layers may attend to a window only; elsewhere the loader attends to everything.
  var hasWindows = false
  /// Whether the layer's number decides that it does not rotate.
  var rotates: @Sendable (_ layer: Int) -> Bool = { _ in true }
  /// The scalings of rotary angles the loader knows for it.
  var scalings: Set<GGUFRope.Kind> = [.linear, .yarn]
  var activation = DecoderFlags.Activation.silu

  /// Appends the keys between `general.size_label` and `general.quantization_version`.
  var write: @Sendable (ModelConfiguration, inout GGUFKeys) -> Void = { $1.addCommon($0) }
  /// What else the loader would compute otherwise; nil when it would not.
  var refusal: @Sendable (ModelConfiguration) -> String? = { _ in nil }
  /// Members of a config.json beyond those that every architecture's keys give.
  var read: @Sendable (GGUFKeyReader) throws -> [JSONMember] = { _ in [] }

  init(_ name: String, _ modelTypes: String...) {
    self.name = name
    self.modelTypes = modelTypes
  }

  /// In the order that messages list them.
  static let all = [
    llama, qwen2, qwen3, qwen3MoE, gemma, gemma2, gemma3, phi3, smollm3, olmo2, granite,
  ]

  static func named(_ name: String) -> GGUFArchitecture? { all.first { $0.name == name } }

  static func holding(_ modelType: String) -> GGUFArchitecture? {
    all.first { $0.modelTypes.contains(modelType) }
  }
}
