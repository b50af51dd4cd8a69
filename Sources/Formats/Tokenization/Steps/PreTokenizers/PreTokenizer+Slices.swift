extension PreTokenizer {
  /// A piece of a text: bytes from `start` up to `end`.
  struct Piece {
    var start: Int
    var end: Int
  }

  /// Calls `body` with the pieces of `text`, in order; in byte-level tokenizers they are raw
  /// bytes where ``givesSlices``, else their spelling.
  ///
  /// - Parameters:
  ///   - isStart: whether the text begins a section, rather than going on in one.
  ///   - isFirst: whether that section begins the whole text.
  func forEachPiece(in text: Bytes, isStart: Bool, isFirst: Bool, _ body: (Bytes) -> Void) {
    if text.isEmpty { return }
    if !givesSlices {
      for piece in ownPieces(of: text, isStart: isStart, isFirst: isFirst) {
        piece.withUnsafeBufferPointer(body)
      }
      return
    }
    // Steps that rewrite the text come first in every known file; they see it whole.
    for step in steps {
      switch step {
      case .prefixSpace:
        if isStart, text[0] != 0x20 {
          return ([0x20] + Array(text)).withUnsafeBufferPointer { cut($0, body) }
        }
      case .metaspace(let mark, let scheme, _):
        let prepends = isStart && (scheme == .always || scheme == .first && isFirst)
        return Self.marked(text, mark, prepends: prepends).withUnsafeBufferPointer {
          cut($0, body)
        }
      case .split, .scalars, .byteLevel, .scripts, .fixedLength: continue
      }
    }
    cut(text, body)
  }

  private func cut(_ text: Bytes, _ body: (Bytes) -> Void) {
    var pieces = [Piece(start: 0, end: text.count)]
    var isMapped = false
    for step in steps {
      switch step {
      case .prefixSpace, .scripts, .fixedLength: continue
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

  static func marked(_ text: Bytes, _ mark: [UInt8], prepends: Bool) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count * 2)
    if prepends, text[0] != 0x20, !text.starts(with: mark) { out += mark }
    for byte in text { if byte == 0x20 { out += mark } else { out.append(byte) } }
    return out
  }

  // MARK: - Splitting

  static func refine(
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

  static func refine(
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
