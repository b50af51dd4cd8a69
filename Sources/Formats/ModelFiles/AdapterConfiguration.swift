/// The `adapter_config.json` of PEFT for a LoRA adapter.
///
/// y = W x + s · B (A x), with s = alpha / r, or alpha / √r with `use_rslora` (Hu et al. 2021;
/// Kalajdzievski 2023), and DoRA's magnitudes with `use_dora` (Liu et al. 2024).
package struct AdapterConfiguration: Sendable, Hashable {
  /// Which modules the adapter changes, or leaves out.
  package enum TargetModules: Sendable, Hashable {
    /// Last names (`q_proj`) or whole paths.
    case names([String])
    /// PEFT's regular expression over whole paths.
    case pattern(String)
    /// `all-linear`: every linear of the layers, not the head.
    case allLinear
  }

  /// R
  package var rank: Int
  /// `lora_alpha`
  package var alpha: Double
  /// `lora_dropout`
  package var dropout: Double
  package var targetModules: TargetModules
  /// `exclude_modules`
  package var excludedModules: TargetModules?
  /// `layers_to_transform`: only layers of these numbers; nil: all.
  package var layersToTransform: [Int]?
  /// `layers_pattern`: what stands before a layer's number.
  package var layersPattern: [String]
  package var usesRSLoRA: Bool
  package var usesDoRA: Bool
  /// `rank_pattern` and `alpha_pattern`: exceptions; the first rule that matches has force.
  package var rankPattern: [PatternRule<Int>]
  package var alphaPattern: [PatternRule<Double>]
  /// `modules_to_save`: modules that the adapter replaces as a whole (`lm_head`, `embed_tokens`).
  package var modulesToSave: [String]
  /// `ensure_weight_tying`
  package var ensuresWeightTying: Bool
  /// `task_type`: `CAUSAL_LM`, or `SEQ_CLS` for a reward model.
  package var taskType: String
  /// `base_model_name_or_path`: for people and PEFT; never opened or fetched.
  package var baseName: String
  /// Fields that name code to load, ignored.
  package var ignoredCodeFields: [String]

  package init(
    rank: Int, alpha: Double, dropout: Double = 0, targetModules: TargetModules,
    usesRSLoRA: Bool = false, usesDoRA: Bool = false, baseName: String = ""
  ) {
    self.rank = rank
    self.alpha = alpha
    self.dropout = dropout
    self.targetModules = targetModules
    self.usesRSLoRA = usesRSLoRA
    self.usesDoRA = usesDoRA
    self.baseName = baseName
    excludedModules = nil
    layersToTransform = nil
    layersPattern = []
    rankPattern = []
    alphaPattern = []
    modulesToSave = []
    ensuresWeightTying = false
    taskType = "CAUSAL_LM"
    ignoredCodeFields = []
  }

  package init(
    rank: Int, alpha: Double, dropout: Double = 0, targetModules: [String],
    usesRSLoRA: Bool = false, usesDoRA: Bool = false, baseName: String = ""
  ) {
    self.init(
      rank: rank, alpha: alpha, dropout: dropout, targetModules: .names(targetModules),
      usesRSLoRA: usesRSLoRA, usesDoRA: usesDoRA, baseName: baseName)
  }

  /// s of the module at `path`.
  package func scaling(of path: String) -> Double {
    let (rank, alpha) = (Double(rank(of: path)), alpha(of: path))
    return usesRSLoRA ? alpha / rank.squareRoot() : alpha / rank
  }

  /// R of the module at `path`.
  package func rank(of path: String) -> Int {
    rankPattern.first { $0.matches(path) }?.value ?? rank
  }

  /// Alpha of the module at `path`.
  package func alpha(of path: String) -> Double {
    alphaPattern.first { $0.matches(path) }?.value ?? alpha
  }

  /// Ranks beyond this are refused: no layer of a published model has so many rows.
  package static let rankMax = 65536
}
