import Documents

/// One architecture as `config.json` knows it: how its keys are called, what transformers takes for
/// a key that is absent, and what it adds to the decoder of Llama.
///
/// Defaults are those of transformers 5.23's configuration classes.
struct ModelFamily: Sendable {
  /// Where the biases of attention's linears are said.
  enum AttentionBias: Sendable {
    case none
    /// `attention_bias`: on q, k, v and o.
    case asSaid
    /// On q, k and v, without a key (qwen2).
    case queryKeyValue
  }

  let modelType: String
  /// The class that `architectures` names.
  let architecture: String

  // What absent keys mean.
  var contextLength = 2048
  var rmsNormEpsilon = 1e-6
  var ropeTheta = 10_000.0
  /// Of the sliding layers' own table (gemma3); nil: all layers share one.
  var localRopeTheta: Double?
  /// nil: as many as query heads.
  var keyValueHeadCount: Int?
  /// nil: hidden size / heads.
  var headSize: Int?
  var tiesWordEmbeddings = false
  var paddingTokenID: Int?

  var activationKey = "hidden_act"
  var activation = DecoderFlags.Activation.silu
  var attentionBias = AttentionBias.none
  /// Whether `mlp_bias` is read.
  var hasFeedForwardBiasKey = false
  /// Whether `partial_rotary_factor` is followed; elsewhere it must be 1.
  var rotatesPart = false
  /// The rope types of the architecture, when it has not all of them; others' names for them.
  var ropeTypes: [String: String]?
  /// Where the original context length stands outside the rope's table and has force (phi3).
  var originalContextLength: Int?

  /// Reads what the family adds.
  var read: @Sendable (inout ModelConfiguration, inout ConfigurationReader) -> Void = { _, _ in }
  /// The members of a `config.json` that ``read`` reads.
  var members: @Sendable (ModelConfiguration) -> [JSONMember] = { _ in [] }

  init(_ modelType: String, _ architecture: String) {
    self.modelType = modelType
    self.architecture = architecture
  }

  /// The families, in the order that messages list them.
  static let all = [
    llama, mistral, mixtral, qwen2, qwen3, qwen3MoE, gemma, gemma2, gemma3, phi3, smollm3, olmo2,
    granite,
  ]

  static func named(_ modelType: String) -> ModelFamily? { all.first { $0.modelType == modelType } }
}
