/// Turns matches and the gaps between them into pieces, as `behavior` says.
struct PieceCutter {
  private let behavior: PreTokenizer.Behavior
  private let invert: Bool
  private(set) var pieces: [PreTokenizer.Piece] = []
  private var hasEmpty = false
  private var position = 0
  /// Pieces of earlier texts, which nothing merges with.
  private var floor = 0
  private var previousWasMatch = false

  init(_ behavior: PreTokenizer.Behavior, invert: Bool, capacity: Int) {
    self.behavior = behavior
    self.invert = invert
    pieces.reserveCapacity(capacity)
  }

  mutating func begin(at start: Int) {
    position = start
    floor = pieces.count
    previousWasMatch = false
  }

  /// An empty match ends the gap before it.
  mutating func match(_ start: Int, _ end: Int) {
    if start == end { hasEmpty = true }
    if start > position { add(position, start, isMatch: invert) }
    add(start, end, isMatch: !invert)
    position = end
  }

  mutating func finish(at end: Int) {
    if end > position { add(position, end, isMatch: invert) }
    if hasEmpty { pieces.removeAll { $0.start == $0.end } }
  }

  private mutating func add(_ start: Int, _ end: Int, isMatch: Bool) {
    let last = pieces.count - 1
    let hasLast = last >= floor
    defer { previousWasMatch = isMatch }
    switch behavior {
    case .removed where isMatch: return
    case .contiguous where isMatch == previousWasMatch && hasLast: pieces[last].end = end
    case .mergedWithPrevious where isMatch && hasLast && !previousWasMatch:
      pieces[last].end = end
    case .mergedWithNext where !isMatch && hasLast && previousWasMatch: pieces[last].end = end
    default: pieces.append(PreTokenizer.Piece(start: start, end: end))
    }
  }
}
