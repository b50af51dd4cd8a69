/// A compiled regular expression over UTF-8 bytes with leftmost-first matches, as Oniguruma and
/// Perl find them, and without backtracking.
///
/// Compiled to a deterministic automaton where that stays small, and run as a list of threads
/// otherwise. One match costs time linear in the text it looks at.
struct Pattern: Sendable {
  private let program: PatternProgram
  /// state × (classes + end) → (next state + 1) << 1 | matched-before-this-symbol; 0: dead.
  private let transitions: FrozenBuffer<UInt32>?
  /// Whether it matches at the end of a text.
  private let matchesEmpty: Bool
  private static let statesMax = 2_000

  /// - Throws: ``PatternProblem`` for a malformed expression or one outside the subset.
  init(_ source: String) throws(PatternProblem) {
    var parser = PatternParser(source)
    program = try PatternProgram(try parser.parse())
    transitions = Self.determinize(program)
    var visited = [Bool](repeating: false, count: program.instructions.count)
    var reached: [Int] = []
    matchesEmpty = program.closure(
      from: 0, symbol: program.alphabet.endSymbol, visited: &visited, threads: &reached)
  }

  /// Calls `body` with start and end of every match, left to right, none overlapping. A match may be
  /// empty, but not where the one before it ends.
  func forEachMatch(in text: Bytes, _ body: (Int, Int) -> Void) {
    guard let transitions else { return slowMatches(in: text, from: 0, body) }
    var position = 0
    var lastEnd = -1
    // Failed attempts may look far ahead; past this many symbols the thread list takes over, whose
    // search for one match never looks at a scalar twice.
    var budget = 8 * text.count + 1024
    while position < text.count {
      let (end, seen) = longest(transitions, text, from: position)
      if end > position {
        body(position, end)
        position = end
        lastEnd = end
      } else {
        if end == position, end != lastEnd { body(end, end) }
        position += text.scalar(at: position).length
      }
      budget -= seen
      if budget < 0 { return slowMatches(in: text, from: position, body) }
    }
    if matchesEmpty, lastEnd != text.count { body(text.count, text.count) }
  }

  /// The end of the preferred match that starts at `start` (−1: none) and the symbols looked at.
  @inline(__always)
  private func longest(_ table: FrozenBuffer<UInt32>, _ text: Bytes, from start: Int)
    -> (end: Int, seen: Int)
  {
    let alphabet = program.alphabet
    let width = alphabet.endSymbol + 1
    var state = 0
    var index = start
    var end = -1
    while true {
      let atEnd = index == text.count
      let (scalar, length) = atEnd ? (0, 0) : text.scalar(at: index)
      let symbol = atEnd ? alphabet.endSymbol : alphabet.symbol(scalar)
      let entry = table[state * width + symbol]
      if entry & 1 == 1 { end = index }
      if entry < 2 || atEnd { return (end, index - start + 1) }
      state = Int(entry >> 1) - 1
      index += length
    }
  }

  private static func determinize(_ program: PatternProgram) -> FrozenBuffer<UInt32>? {
    let width = program.alphabet.endSymbol + 1
    var numbers: [[Int]: Int] = [[0]: 0]
    var states: [[Int]] = [[0]]
    var table: [UInt32] = []
    var next = 0
    while next < states.count {
      for symbol in 0..<width {
        let (threads, matched) = step(program, states[next], symbol)
        var target = 0
        if !threads.isEmpty {
          if let known = numbers[threads] {
            target = known + 1
          } else {
            numbers[threads] = states.count
            states.append(threads)
            target = states.count
          }
        }
        table.append(UInt32(target) << 1 | (matched ? 1 : 0))
      }
      next += 1
      if states.count > statesMax { return nil }
    }
    return FrozenBuffer(table)
  }

  /// Threads after `symbol`, in order of preference, and whether a match was complete before it.
  private static func step(_ program: PatternProgram, _ state: [Int], _ symbol: Int)
    -> ([Int], Bool)
  {
    var visited = [Bool](repeating: false, count: program.instructions.count)
    var reached: [Int] = []
    var matched = false
    for thread in state {
      matched = program.closure(
        from: thread, symbol: symbol, visited: &visited, threads: &reached)
      if matched { break }
    }
    guard symbol < program.alphabet.endSymbol else { return ([], matched) }
    var next: [Int] = []
    for at in reached {
      if case .take(let set) = program.instructions[at],
        program.alphabet.isMember(symbol, of: set), !next.contains(at + 1)
      {
        next.append(at + 1)
      }
    }
    return (next, matched)
  }

  // MARK: - Thread list

  private func slowMatches(in text: Bytes, from start: Int, _ body: (Int, Int) -> Void) {
    var position = start
    var lastEnd = -1
    while position <= text.count, let match = search(text, from: position) {
      if match.end > match.start || match.end != lastEnd {
        body(match.start, match.end)
        lastEnd = match.end
        position = match.end
      } else {
        guard match.end < text.count else { return }
        position = match.end + text.scalar(at: match.end).length
      }
    }
  }

  /// The leftmost match at or after `from`: one pass, at most one thread per instruction.
  private func search(_ text: Bytes, from: Int) -> (start: Int, end: Int)? {
    var threads: [(at: Int, start: Int)] = []
    var found: (start: Int, end: Int)?
    var index = from
    var visited = [Bool](repeating: false, count: program.instructions.count)
    while true {
      let atEnd = index >= text.count
      let (scalar, length) = atEnd ? (0, 0) : text.scalar(at: index)
      let symbol = atEnd ? program.alphabet.endSymbol : program.alphabet.symbol(scalar)
      if found == nil { threads.append((0, index)) }
      for slot in visited.indices { visited[slot] = false }
      var next: [(at: Int, start: Int)] = []
      for thread in threads {
        var reached: [Int] = []
        let matched = program.closure(
          from: thread.at, symbol: symbol, visited: &visited, threads: &reached)
        for at in reached {
          if case .take(let set) = program.instructions[at], !atEnd,
            program.alphabet.isMember(symbol, of: set)
          {
            next.append((at + 1, thread.start))
          }
        }
        if matched {
          // Threads kept in `next` are preferred to this one; those after it are not.
          found = (thread.start, index)
          break
        }
      }
      threads = next
      if atEnd || threads.isEmpty && found != nil { return found }
      index += length
    }
  }
}
