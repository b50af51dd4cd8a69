/// Runs a program over one path.
struct PatternMatcher {
  private let program: [PatternInstruction]
  private let text: [Unicode.Scalar]
  /// What look-aheads found, by instruction and position: each is asked once.
  private var found: [Int: [Int: Bool]] = [:]

  init(_ program: [PatternInstruction], _ text: [Unicode.Scalar]) {
    self.program = program
    self.text = text
  }

  /// Whether the program from `start` on accepts the text from `position` on: to its end, or a part
  /// of any length.
  mutating func matches(from start: Int, at position: Int, whole: Bool) -> Bool {
    var (states, accepts) = closure([start], position)
    var position = position
    while true {
      if accepts, !whole || position == text.count { return true }
      guard position < text.count, !states.isEmpty else { return false }
      let next = states.filter { state in
        if case .character(let set) = program[state] { return set.contains(text[position]) }
        return false
      }.map { $0 + 1 }
      position += 1
      (states, accepts) = closure(next, position)
    }
  }

  /// The character instructions that are reached from `starts` without reading, and whether the
  /// program can end here.
  private mutating func closure(_ starts: [Int], _ position: Int) -> ([Int], Bool) {
    var seen = [Bool](repeating: false, count: program.count)
    var pending = Array(starts.reversed())
    var states: [Int] = []
    var accepts = false
    while let state = pending.popLast() {
      if seen[state] { continue }
      seen[state] = true
      switch program[state] {
      case .character: states.append(state)
      case .split(let first, let second): pending += [second, first]
      case .jump(let target): pending.append(target)
      case .start: if position == 0 { pending.append(state + 1) }
      case .end: if position == text.count { pending.append(state + 1) }
      case .wordBoundary(let isNegated):
        if isBoundary(position) != isNegated { pending.append(state + 1) }
      case .look(let isNegated, let then):
        if looks(state, position) != isNegated { pending.append(then) }
      case .accept: accepts = true
      }
    }
    return (states, accepts)
  }

  private mutating func looks(_ state: Int, _ position: Int) -> Bool {
    if let known = found[state]?[position] { return known }
    let result = matches(from: state + 1, at: position, whole: false)
    found[state, default: [:]][position] = result
    return result
  }

  private func isBoundary(_ position: Int) -> Bool {
    let before = position > 0 && PatternSet.words.contains(text[position - 1])
    let after = position < text.count && PatternSet.words.contains(text[position])
    return before != after
  }
}
