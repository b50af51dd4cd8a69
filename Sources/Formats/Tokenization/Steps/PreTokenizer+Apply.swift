extension PreTokenizer {
  /// A piece of a text: bytes from `start` up to `end`.
  struct Piece {
    var start: Int
    var end: Int
  }

  /// Calls `body` with the pieces of `text`, in order; in byte-level tokenizers they are raw bytes.
  ///
  /// - Parameters:
  ///   - isStart: whether the text begins a section, rather than going on in one.
  ///   - isFirst: whether that section begins the whole text.
  func forEachPiece(in text: Bytes, isStart: Bool, isFirst: Bool, _ body: (Bytes) -> Void) {
    if text.isEmpty { return }
    // Steps that rewrite the text come first in every known file; they see it whole.
    for step in steps {
      switch step {
      case .prefixSpace:
        if isStart, !ScalarCategories.isWhitespace(text.scalar(at: 0).value) {
          return ([0x20] + Array(text)).withUnsafeBufferPointer { cut($0, body) }
        }
      case .metaspace(let mark, let scheme, _):
        let prepends = isStart && (scheme == .always || scheme == .first && isFirst)
        return Self.marked(text, mark, prepends: prepends).withUnsafeBufferPointer {
          cut($0, body)
        }
      case .split, .scalars, .byteLevel: continue
      }
    }
    cut(text, body)
  }

  private func cut(_ text: Bytes, _ body: (Bytes) -> Void) {
    var pieces = [Piece(start: 0, end: text.count)]
    var isMapped = false
    for step in steps {
      switch step {
      case .prefixSpace: continue
      case .byteLevel: isMapped = true
      case .metaspace(let mark, _, let split):
        if split { pieces = Self.refine(pieces, text, .text(mark), .mergedWithNext, false) }
      case .split(let pattern, let behavior, let invert):
        pieces =
          isMapped
          ? Self.refineMapped(pieces, text) { Self.refine($0, $1, pattern, behavior, invert) }
          : Self.refine(pieces, text, pattern, behavior, invert)
      case .scalars(let kind, let behavior):
        pieces =
          isMapped
          ? Self.refineMapped(pieces, text) { Self.refine($0, $1, kind, behavior) }
          : Self.refine(pieces, text, kind, behavior)
      }
    }
    for piece in pieces { body(text.slice(piece.start, piece.end)) }
  }

  private static func marked(_ text: Bytes, _ mark: [UInt8], prepends: Bool) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count * 2)
    if prepends, text[0] != 0x20, !text.starts(with: mark) { out += mark }
    for byte in text { if byte == 0x20 { out += mark } else { out.append(byte) } }
    return out
  }

  // MARK: - Splitting

  private static func refine(
    _ pieces: [Piece], _ text: Bytes, _ pattern: SplitPattern, _ behavior: Behavior,
    _ invert: Bool
  ) -> [Piece] {
    var cutter = PieceCutter(behavior, invert: invert, capacity: text.count / 3)
    for piece in pieces {
      cutter.begin(at: piece.start)
      pattern.forEachMatch(in: text.slice(piece.start, piece.end)) { start, end in
        cutter.match(piece.start + start, piece.start + end)
      }
      cutter.finish(at: piece.end)
    }
    return cutter.pieces
  }

  private static func refine(
    _ pieces: [Piece], _ text: Bytes, _ kind: Class, _ behavior: Behavior
  ) -> [Piece] {
    var cutter = PieceCutter(behavior, invert: false, capacity: text.count / 3)
    for piece in pieces {
      cutter.begin(at: piece.start)
      var index = piece.start
      while index < piece.end {
        let (scalar, length) = text.scalar(at: index)
        if kind.contains(scalar) { cutter.match(index, index + length) }
        index += length
      }
      cutter.finish(at: piece.end)
    }
    return cutter.pieces
  }

  /// Splits pieces by their spelling in the byte alphabet, as a step after `ByteLevel` sees them.
  private static func refineMapped(
    _ pieces: [Piece], _ text: Bytes, _ split: ([Piece], Bytes) -> [Piece]
  ) -> [Piece] {
    var out: [Piece] = []
    out.reserveCapacity(pieces.count)
    for piece in pieces {
      let spelled = Array(ByteAlphabet.encode(text.slice(piece.start, piece.end)).utf8)
      spelled.withUnsafeBufferPointer { spelled in
        // Every byte is spelled as one scalar: count scalars to come back.
        var position = piece.start
        var counted = 0
        for part in split([Piece(start: 0, end: spelled.count)], spelled) {
          func advance(to end: Int) {
            while counted < end {
              if spelled[counted] & 0xC0 != 0x80 { position += 1 }
              counted += 1
            }
          }
          advance(to: part.start)
          let start = position
          advance(to: part.end)
          out.append(Piece(start: start, end: position))
        }
      }
    }
    return out
  }
}

extension PreTokenizer.Class {
  func contains(_ scalar: UInt32) -> Bool {
    switch self {
    case .whitespace: return ScalarCategories.isWhitespace(scalar)
    case .numeric:
      if scalar < 0x80 { return scalar &- 0x30 < 10 }
      return ScalarCategories.numbers >> UInt32(ScalarCategories.index(of: scalar)) & 1 == 1
    case .punctuation:
      if scalar < 0x80 {
        return scalar > 0x20 && scalar < 0x7F && !(scalar &- 0x30 < 10)
          && !((scalar | 0x20) &- 0x61 < 26)
      }
      return ScalarCategories.punctuation >> UInt32(ScalarCategories.index(of: scalar)) & 1 == 1
    }
  }
}

/// Turns matches and the gaps between them into pieces, as `behavior` says.
private struct PieceCutter {
  private let behavior: PreTokenizer.Behavior
  private let invert: Bool
  private(set) var pieces: [PreTokenizer.Piece] = []
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

  mutating func match(_ start: Int, _ end: Int) {
    if start > position { add(position, start, isMatch: invert) }
    add(start, end, isMatch: !invert)
    position = end
  }

  mutating func finish(at end: Int) {
    if end > position { add(position, end, isMatch: invert) }
  }

  private mutating func add(_ start: Int, _ end: Int, isMatch: Bool) {
    let last = pieces.count - 1
    let hasLast = last >= floor
    defer { previousWasMatch = isMatch }
    switch behavior {
    case .removed where isMatch: return
    case .contiguous where isMatch && previousWasMatch && hasLast: pieces[last].end = end
    case .mergedWithPrevious where isMatch && hasLast && !previousWasMatch:
      pieces[last].end = end
    case .mergedWithNext where !isMatch && hasLast && previousWasMatch: pieces[last].end = end
    default: pieces.append(PreTokenizer.Piece(start: start, end: end))
    }
  }
}
