/// A pattern as instructions of a backtracking-free matcher, and the alphabet its sets cut the
/// scalars into.
struct PatternProgram: Sendable {
  enum Instruction: Sendable {
    /// Takes one scalar of the set and goes on to the next instruction.
    case take(set: Int)
    case jump(Int)
    /// The first target is preferred.
    case split(Int, Int)
    case require(Condition)
    case match
  }

  /// On the next scalar, or the end.
  enum Condition: Sendable {
    case inSet(Int)
    case notInSet(Int)
    case lineEnd(newline: Int)
    case textEnd
  }

  private(set) var instructions: [Instruction] = []
  let alphabet: PatternAlphabet
  static let instructionsMax = 4_000

  init(_ node: PatternNode) throws(PatternProblem) {
    var sets: [ScalarSet] = []
    Self.collect(node, into: &sets)
    guard sets.count <= 60 else {
      throw PatternProblem(message: "\(sets.count) character sets, at most 60", offset: 0)
    }
    alphabet = PatternAlphabet(sets)
    try emit(node, sets)
    instructions.append(.match)
  }

  private static func collect(_ node: PatternNode, into sets: inout [ScalarSet]) {
    func add(_ set: ScalarSet) { if !sets.contains(set) { sets.append(set) } }
    switch node {
    case .empty, .textEnd: break
    case .set(let set), .lookahead(let set, _): add(set)
    case .lineEnd: add(.newline)
    case .sequence(let parts), .alternatives(let parts):
      for part in parts { collect(part, into: &sets) }
    case .repetition(let body, _, _, _): collect(body, into: &sets)
    }
  }

  private mutating func emit(_ node: PatternNode, _ sets: [ScalarSet]) throws(PatternProblem) {
    guard instructions.count < Self.instructionsMax else {
      throw PatternProblem(message: "an expression that is too large", offset: 0)
    }
    func index(_ set: ScalarSet) -> Int { sets.firstIndex(of: set) ?? 0 }
    switch node {
    case .empty: break
    case .set(let set): instructions.append(.take(set: index(set)))
    case .lookahead(let set, let negative):
      instructions.append(.require(negative ? .notInSet(index(set)) : .inSet(index(set))))
    case .lineEnd: instructions.append(.require(.lineEnd(newline: index(.newline))))
    case .textEnd: instructions.append(.require(.textEnd))
    case .sequence(let parts): for part in parts { try emit(part, sets) }
    case .alternatives(let branches): try emitAlternatives(branches, sets)
    case .repetition(let body, let min, let max, let greedy):
      try emitRepetition(body, min, max, greedy, sets)
    }
  }

  private mutating func emitAlternatives(_ branches: [PatternNode], _ sets: [ScalarSet])
    throws(PatternProblem)
  {
    var exits: [Int] = []
    for (number, branch) in branches.enumerated() {
      if number == branches.count - 1 {
        try emit(branch, sets)
        break
      }
      let split = instructions.count
      instructions.append(.match)
      try emit(branch, sets)
      exits.append(instructions.count)
      instructions.append(.match)
      instructions[split] = .split(split + 1, instructions.count)
    }
    for exit in exits { instructions[exit] = .jump(instructions.count) }
  }

  private mutating func emitRepetition(
    _ body: PatternNode, _ min: Int, _ max: Int?, _ greedy: Bool, _ sets: [ScalarSet]
  ) throws(PatternProblem) {
    func choice(_ enter: Int, _ leave: Int) -> Instruction {
      greedy ? .split(enter, leave) : .split(leave, enter)
    }
    for _ in 0..<min { try emit(body, sets) }
    guard let max else {
      let loop = instructions.count
      instructions.append(.match)
      try emit(body, sets)
      instructions.append(.jump(loop))
      instructions[loop] = choice(loop + 1, instructions.count)
      return
    }
    var splits: [Int] = []
    for _ in 0..<(max - min) {
      splits.append(instructions.count)
      instructions.append(.match)
      try emit(body, sets)
    }
    for split in splits { instructions[split] = choice(split + 1, instructions.count) }
  }

  /// Follows everything that takes no scalar from `start`, in order of preference, knowing the next
  /// symbol. Appends the reached `take` instructions to `threads`; returns true when a match was
  /// reached, which hides everything after it.
  func closure(
    from start: Int, symbol: Int, visited: inout [Bool], threads: inout [Int]
  ) -> Bool {
    var stack = [start]
    while let at = stack.popLast() {
      if visited[at] { continue }
      visited[at] = true
      switch instructions[at] {
      case .match: return true
      case .take: threads.append(at)
      case .jump(let target): stack.append(target)
      case .split(let first, let second):
        stack.append(second)
        stack.append(first)
      case .require(let condition): if holds(condition, symbol) { stack.append(at + 1) }
      }
    }
    return false
  }

  private func holds(_ condition: Condition, _ symbol: Int) -> Bool {
    let atEnd = symbol == alphabet.endSymbol
    switch condition {
    case .inSet(let set): return !atEnd && alphabet.isMember(symbol, of: set)
    case .notInSet(let set): return atEnd || !alphabet.isMember(symbol, of: set)
    case .lineEnd(let newline): return atEnd || alphabet.isMember(symbol, of: newline)
    case .textEnd: return atEnd
    }
  }
}
