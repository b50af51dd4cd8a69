/// How the values of several models become one, by mergekit's names.
///
/// Formulas: linear, Wortsman et al. 2022 (arXiv 2203.05482); slerp, Shoemake 1985; task
/// arithmetic, Ilharco et al. 2022 (2212.04089); TIES, Yadav et al. 2023 (2306.01708); DARE, Yu et
/// al. 2023 (2311.03099); breadcrumbs, Davari & Belilovsky 2023 (2312.06795); DELLA, Deep et al.
/// 2024 (2406.11617). Defaults and order of operations are mergekit 0.1.5's.
package enum MergeMethod: String, Sendable, Hashable, CaseIterable {
  case linear, slerp, ties
  case taskArithmetic = "task_arithmetic"
  case dareLinear = "dare_linear"
  case dareTIES = "dare_ties"
  case breadcrumbs
  case breadcrumbsTIES = "breadcrumbs_ties"
  case della
  case dellaLinear = "della_linear"
  case passthrough

  /// What is left of a difference from the base.
  package enum Sparsification: Sendable, Hashable {
    /// The largest magnitudes.
    case magnitude
    /// The largest but the very largest.
    case outliers
    /// A draw, the same chance for each.
    case random
    /// A draw, larger magnitudes more likely.
    case rankedRandom
  }

  /// Whether values are differences from a base.
  package var isTaskArithmetic: Bool {
    switch self {
    case .linear, .slerp, .passthrough: false
    default: true
    }
  }

  package var needsBase: Bool { isTaskArithmetic || self == .slerp }

  package var sparsification: Sparsification? {
    switch self {
    case .linear, .slerp, .passthrough, .taskArithmetic: nil
    case .ties: .magnitude
    case .dareLinear, .dareTIES: .random
    case .breadcrumbs, .breadcrumbsTIES: .outliers
    case .della, .dellaLinear: .rankedRandom
    }
  }

  /// Whether differences against the elected sign are left out.
  package var electsSigns: Bool {
    switch self {
    case .ties, .dareTIES, .breadcrumbsTIES, .della: true
    default: false
    }
  }

  package var normalizes: Bool {
    switch self {
    case .linear, .ties, .della: true
    default: false
    }
  }

  package var rescales: Bool {
    sparsification == .random || sparsification == .rankedRandom
  }

  /// Parameters that hold for all models of a tensor, by name.
  package var sharedParameters: [String] {
    switch self {
    case .passthrough: []
    case .slerp: ["t"]
    case .linear: ["normalize"]
    default: ["normalize", "rescale", "lambda", "int8_mask"]
    }
  }

  /// Parameters that each model has, by name.
  package var modelParameters: [String] {
    switch self {
    case .passthrough: ["scale"]
    case .slerp: []
    case .linear: ["weight"]
    default:
      ["weight", "density"] + (sparsification == .outliers ? ["gamma"] : [])
        + (sparsification == .rankedRandom ? ["epsilon"] : [])
    }
  }

  /// Parameters of any method that are true or false.
  static let flagNames = ["normalize", "rescale", "int8_mask"]
  /// Parameters of any method.
  static let parameterNames = Set(allCases.flatMap { $0.sharedParameters + $0.modelParameters })
    .sorted()
}
