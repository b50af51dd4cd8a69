/// Runs a pattern over a text: one pass, all alternatives side by side in order of priority.
///
/// Cost: scalars × instructions at most.
struct PatternMachine {
  private let program: PatternProgram
  private let text: [Unicode.Scalar]
  private let slots: Int

  /// Alternatives that wait for a scalar, the most preferred first, each instruction once.
  private struct Threads {
    var places: [Int] = []
    var bounds: [[Int]] = []
    /// The step at which an instruction was last reached.
    var reached: [Int]

    init(_ instructions: Int) { reached = [Int](repeating: -1, count: instructions) }

    mutating func clear() {
      places.removeAll(keepingCapacity: true)
      bounds.removeAll(keepingCapacity: true)
    }
  }

  init(_ program: PatternProgram, _ text: [Unicode.Scalar], keepsGroups: Bool) {
    self.program = program
    self.text = text
    slots = keepsGroups ? 2 * (program.groups + 1) : 0
  }

  /// The bounds of the groups of the leftmost match, the preferred one at that place; empty when
  /// groups are not kept.
  ///
  /// - Parameter start: where the search begins, in scalars; `^` and `\b` see what stands before.
  mutating func run(whole: Bool, from start: Int = 0) -> [Int]? {
    var now = Threads(program.instructions.count)
    var next = Threads(program.instructions.count)
    var found: [Int]?
    for position in start...text.count {
      if found == nil, position == start || !whole {
        var bounds = [Int](repeating: -1, count: slots)
        if slots > 0 { bounds[0] = position }
        follow(0, position, bounds, into: &now)
      }
      next.clear()
      threads: for index in now.places.indices {
        let place = now.places[index]
        if case .match = program.instructions[place] {
          if whole, position < text.count { continue }
          found = now.bounds[index]
          if slots > 0 { found?[1] = position }
          // What is less preferred cannot win any more.
          break threads
        }
        guard position < text.count, takes(place, text[position]) else { continue }
        follow(place + 1, position + 1, now.bounds[index], into: &next)
      }
      swap(&now, &next)
      if now.places.isEmpty, found != nil || whole { break }
    }
    return found
  }

  private func takes(_ place: Int, _ scalar: Unicode.Scalar) -> Bool {
    switch program.instructions[place] {
    case .scalar(let wanted): scalar == wanted
    case .foldedScalar(let wanted): PatternFold.lower(scalar) == wanted
    case .any(let lineFeed): lineFeed || scalar != "\n"
    case .set(let index): program.sets[index].contains(scalar)
    default: false
    }
  }

  /// Adds what is reachable from `start` without a scalar, depth first so that priority is kept.
  /// A stack of its own: patterns may be deeper than the thread's.
  private func follow(
    _ start: Int, _ position: Int, _ bounds: [Int], into threads: inout Threads
  ) {
    var stack = [(place: start, bounds: bounds)]
    while let top = stack.popLast() {
      var (place, bounds) = top
      while threads.reached[place] != position {
        threads.reached[place] = position
        switch program.instructions[place] {
        case .jump(let target):
          place = target
          continue
        case .split(let first, let second):
          stack.append((second, bounds))
          place = first
          continue
        case .save(let slot):
          if slots > 0 { bounds[slot] = position }
          place += 1
          continue
        case .assertion(let assertion):
          if holds(assertion, position) {
            place += 1
            continue
          }
        default:
          threads.places.append(place)
          threads.bounds.append(bounds)
        }
        break
      }
    }
  }

  private func holds(_ assertion: PatternAssertion, _ position: Int) -> Bool {
    switch assertion {
    case .textStart: position == 0
    case .textEnd: position == text.count
    case .textEndOrLastLine:
      position == text.count || position == text.count - 1 && text[position] == "\n"
    case .lineStart: position == 0 || text[position - 1] == "\n"
    case .lineEnd: position == text.count || text[position] == "\n"
    case .wordBorder: isWord(position - 1) != isWord(position)
    case .noWordBorder: isWord(position - 1) == isWord(position)
    }
  }

  private func isWord(_ position: Int) -> Bool {
    position >= 0 && position < text.count
      && PatternSet.holds(.word, text[position], program.dialect)
  }
}
