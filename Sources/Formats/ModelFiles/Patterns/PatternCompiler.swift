/// Turns a parsed expression into a program.
struct PatternCompiler {
  private var program: [PatternInstruction] = []

  /// Longer programs are refused: `{1000}` inside `{1000}` is small to write.
  private static let sizeMax = 20_000

  var finished: [PatternInstruction] { program + [.accept] }

  mutating func append(_ node: PatternNode) throws(PathPattern.Problem) {
    guard program.count < Self.sizeMax else {
      throw PathPattern.Problem(message: "repetitions that multiply beyond \(Self.sizeMax) steps")
    }
    switch node {
    case .characters(let set): program.append(.character(set))
    case .sequence(let items): for item in items { try append(item) }
    case .either(let branches): try append(either: branches[...])
    case .repeated(let inner, let low, let high): try append(inner, low, high)
    case .assertion(let instruction): program.append(instruction)
    case .look(let inner, let isNegated):
      let place = program.count
      program.append(.accept)
      try append(inner)
      program.append(.accept)
      program[place] = .look(isNegated: isNegated, then: program.count)
    }
  }

  private mutating func append(either branches: ArraySlice<PatternNode>)
    throws(PathPattern.Problem)
  {
    guard let first = branches.first else { return }
    guard branches.count > 1 else { return try append(first) }
    let split = program.count
    program.append(.accept)
    try append(first)
    let jump = program.count
    program.append(.accept)
    program[split] = .split(split + 1, program.count)
    try append(either: branches.dropFirst())
    program[jump] = .jump(program.count)
  }

  private mutating func append(_ inner: PatternNode, _ low: Int, _ high: Int?)
    throws(PathPattern.Problem)
  {
    for _ in 0..<low { try append(inner) }
    guard let high else {
      let split = program.count
      program.append(.accept)
      try append(inner)
      program.append(.jump(split))
      program[split] = .split(split + 1, program.count)
      return
    }
    var splits: [Int] = []
    for _ in low..<max(low, high) {
      splits.append(program.count)
      program.append(.accept)
      try append(inner)
    }
    for split in splits { program[split] = .split(split + 1, program.count) }
  }
}
