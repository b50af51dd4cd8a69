import Diagnostics

/// A regular expression of Python's `re` over a module path, as PEFT's configurations hold them.
///
/// Supported: literals, `.`, classes, `\d \w \s` and their opposites, groups, `|`, `* + ?` and
/// `{m,n}` (lazy or not: only whether a path matches counts), `^ $ \b`, `(?=…)` and `(?!…)`. Not
/// supported, and refused: back references, look-behind, flags, possessive repetition.
///
/// Matching walks all alternatives at once (Thompson 1968): the time is at most proportional to the
/// length of the path times that of the program, times the path's again for look-aheads, whatever
/// the expression.
struct PathPattern: Sendable, Hashable {
  /// Why an expression is refused.
  struct Problem: Error, Hashable {
    var message: String
  }

  let source: String
  private let program: [PatternInstruction]

  init(_ source: String) throws(Problem) {
    self.source = source
    var parser = PatternParser(source)
    var compiler = PatternCompiler()
    try compiler.append(parser.parse())
    program = compiler.finished
  }

  /// The expression that `rank_pattern` and `alpha_pattern` make of a key (PEFT's
  /// `get_pattern_key`): the end of a path, after a dot or from its beginning.
  init(ending key: String) throws(Problem) { try self.init("(.*\\.)?(\(key))") }

  /// Whether the whole of `path` matches.
  func matches(_ path: String) -> Bool {
    var matcher = PatternMatcher(program, Array(path.unicodeScalars))
    return matcher.matches(from: 0, at: 0, whole: true)
  }
}

/// What a pattern is compiled to; targets are indices in the program.
enum PatternInstruction: Sendable, Hashable {
  case character(PatternSet)
  case split(Int, Int)
  case jump(Int)
  case start
  case end
  case wordBoundary(isNegated: Bool)
  /// Goes on when what follows up to the next `accept` matches (or not) from here; then at the
  /// target.
  case look(isNegated: Bool, then: Int)
  case accept
}

/// A set of characters.
struct PatternSet: Sendable, Hashable {
  var ranges: [ClosedRange<UInt32>] = []
  var isNegated = false

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    ranges.contains { $0.contains(scalar.value) } != isNegated
  }

  static let any = PatternSet(ranges: [10...10], isNegated: true)
  static let digits = PatternSet(ranges: [0x30...0x39])
  static let words = PatternSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
  static let spaces = PatternSet(ranges: [0x09...0x0D, 0x20...0x20])
}
