internal import Diagnostics

/// A regular expression as instructions of a machine that follows all alternatives at once.
struct PatternProgram: Sendable {
  enum Instruction: Sendable {
    case scalar(Unicode.Scalar)
    /// Compared after lower-casing.
    case foldedScalar(Unicode.Scalar)
    case any(lineFeed: Bool)
    case set(Int)
    case assertion(PatternAssertion)
    /// Continues at both, the first with priority.
    case split(Int, Int)
    case jump(Int)
    /// Remembers the place in a slot.
    case save(Int)
    case match
  }

  private(set) var instructions: [Instruction] = []
  private(set) var sets: [PatternSet] = []
  /// Nodes written out so far: repetitions of nothing cost no instructions and must end too.
  private var visits = 0
  let groups: Int
  let dialect: Pattern.Dialect

  init(_ tree: PatternNode, groups: Int, source: String, dialect: Pattern.Dialect) throws {
    self.groups = groups
    self.dialect = dialect
    try emit(tree)
    instructions.append(.match)
  }

  private mutating func add(_ instruction: Instruction) throws {
    guard instructions.count < Pattern.instructionsMax else { throw tooLarge }
    instructions.append(instruction)
  }

  private var tooLarge: Failure {
    Diagnostic(
      "regex.too-large",
      "the regular expression needs more than \(Pattern.instructionsMax) steps once its counts "
        + "are written out",
      fix: "use smaller counts in {n,m}"
    ).failure(.badInput)
  }

  private mutating func emit(_ node: PatternNode) throws {
    visits += 1
    guard visits <= 16 * Pattern.instructionsMax else { throw tooLarge }
    switch node {
    case .empty: break
    case .scalar(let scalar, let folds): try add(folds ? .foldedScalar(scalar) : .scalar(scalar))
    case .any(let lineFeed): try add(.any(lineFeed: lineFeed))
    case .set(let set):
      try add(.set(sets.count))
      sets.append(set)
    case .assertion(let assertion): try add(.assertion(assertion))
    case .group(let inner, let number):
      try add(.save(2 * number))
      try emit(inner)
      try add(.save(2 * number + 1))
    case .sequence(let parts): for part in parts { try emit(part) }
    case .choice(let branches): try emit(branches)
    case .repeated(let inner, let min, let max, let lazy):
      try emit(inner, min: min, max: max, lazy: lazy)
    }
  }

  private mutating func emit(_ branches: [PatternNode]) throws {
    var ends: [Int] = []
    for (index, branch) in branches.enumerated() {
      if index == branches.count - 1 {
        try emit(branch)
        continue
      }
      let split = instructions.count
      try add(.split(split + 1, 0))
      try emit(branch)
      ends.append(instructions.count)
      try add(.jump(0))
      instructions[split] = .split(split + 1, instructions.count)
    }
    for end in ends { instructions[end] = .jump(instructions.count) }
  }

  private mutating func emit(_ inner: PatternNode, min: Int, max: Int?, lazy: Bool) throws {
    for _ in 0..<min { try emit(inner) }
    func choice(_ inside: Int, _ outside: Int) -> Instruction {
      lazy ? .split(outside, inside) : .split(inside, outside)
    }
    guard let max else {
      let split = instructions.count
      try add(.split(0, 0))
      try emit(inner)
      try add(.jump(split))
      instructions[split] = choice(split + 1, instructions.count)
      return
    }
    // Each optional copy may leave to the end of all of them.
    var splits: [Int] = []
    for _ in min..<max {
      splits.append(instructions.count)
      try add(.split(0, 0))
      try emit(inner)
    }
    for split in splits { instructions[split] = choice(split + 1, instructions.count) }
  }
}
