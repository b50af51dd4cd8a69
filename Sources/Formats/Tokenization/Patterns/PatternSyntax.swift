/// What is wrong with a regular expression.
struct PatternProblem: Error, Equatable {
  var message: String
  /// In Unicode scalars from the start of the expression.
  var offset: Int
}

/// A set of scalars: ranges, general categories and their complements, perhaps negated as a whole.
struct ScalarSet: Hashable {
  enum Item: Hashable {
    case range(UInt32, UInt32)
    case categories(UInt32)
    case notCategories(UInt32)
    case notWhitespace
    /// In all of these.
    case all([ScalarSet])
  }
  var items: [Item] = []
  var isNegated = false

  static let whitespace = ScalarSet(
    items: ScalarCategories.whitespace.map { .range($0.lowerBound, $0.upperBound) })
  static let newline = ScalarSet(items: [.range(0x0A, 0x0A)])

  func contains(_ scalar: UInt32, category: Int) -> Bool {
    let bit = UInt32(1) << UInt32(category)
    let found = items.contains { item in
      switch item {
      case .range(let low, let high): scalar >= low && scalar <= high
      case .categories(let mask): mask & bit != 0
      case .notCategories(let mask): mask & bit == 0
      case .notWhitespace: !ScalarCategories.isWhitespace(scalar)
      case .all(let sets): sets.allSatisfy { $0.contains(scalar, category: category) }
      }
    }
    return found != isNegated
  }

  /// The scalar of a literal (its other cases may follow), or nil.
  var single: UInt32? {
    if case .range(let low, let high)? = items.first, low == high, !isNegated { low } else { nil }
  }

  /// Scalars at which membership can change for one and the same category.
  var borders: [UInt32] {
    items.flatMap { item -> [UInt32] in
      switch item {
      case .range(let low, let high): [low, high + 1]
      case .notWhitespace:
        ScalarCategories.whitespace.flatMap { [$0.lowerBound, $0.upperBound + 1] }
      case .all(let sets): sets.flatMap(\.borders)
      case .categories, .notCategories: []
      }
    }
  }
}

/// The syntax tree of the subset of regular expressions that tokenizer files use: alternation,
/// classes, `\p{…}`, `\s`, quantifiers, `(?i:…)`, one-scalar lookahead, possessive sets and `$`.
indirect enum PatternNode {
  case empty
  case set(ScalarSet)
  case sequence([PatternNode])
  case alternatives([PatternNode])
  case repetition(PatternNode, min: Int, max: Int?, greedy: Bool)
  case lookahead(ScalarSet, negative: Bool)
  /// Before a newline or at the end, as Oniguruma's Ruby syntax has it.
  case lineEnd
  case textEnd
}
