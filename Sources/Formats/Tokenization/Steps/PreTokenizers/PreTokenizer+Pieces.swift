extension PreTokenizer {
  /// A piece with text of its own.
  private struct OwnPiece {
    var text: [UInt8]
    /// Whether it begins where the whole text begins.
    var isFirst: Bool
  }

  /// The pieces of `text` in any order of steps: the reference for ``forEachPiece(in:isStart:isFirst:_:)``.
  func ownPieces(of text: Bytes, isStart: Bool, isFirst: Bool) -> [[UInt8]] {
    var pieces = [OwnPiece(text: Array(text), isFirst: isFirst)]
    for step in steps {
      var next: [OwnPiece] = []
      for (index, piece) in pieces.enumerated() where !piece.text.isEmpty {
        // Text that goes on in a section begun before has nothing put before it.
        let continues = !isStart && index == 0
        next += Self.apply(step, piece, continues: continues)
      }
      pieces = next
    }
    return pieces.map(\.text).filter { !$0.isEmpty }
  }

  private static func apply(_ step: Step, _ piece: OwnPiece, continues: Bool) -> [OwnPiece] {
    switch step {
    case .split(let pattern, let behavior, let invert):
      return cut(piece) { refine([$0], $1, pattern, behavior, invert) }
    case .scalars(let kind, let behavior): return cut(piece) { refine([$0], $1, kind, behavior) }
    case .scripts: return cut(piece) { _, text in ScriptTable.pieces(text) }
    case .fixedLength(let length): return cut(piece) { _, text in chunks(text, length) }
    case .prefixSpace:
      if continues || piece.text[0] == 0x20 { return [piece] }
      return [OwnPiece(text: [0x20] + piece.text, isFirst: piece.isFirst)]
    case .byteLevel:
      let spelled = Array(ByteAlphabet.encode(piece.text).utf8)
      return [OwnPiece(text: spelled, isFirst: piece.isFirst)]
    case .metaspace(let mark, let scheme, let split):
      let prepends = !continues && (scheme == .always || scheme == .first && piece.isFirst)
      let marked = piece.text.withUnsafeBufferPointer { Self.marked($0, mark, prepends: prepends) }
      let whole = OwnPiece(text: marked, isFirst: piece.isFirst)
      return split
        ? cut(whole) { Self.refine([$0], $1, .text(mark), .mergedWithNext, false) } : [whole]
    }
  }

  private static func cut(_ piece: OwnPiece, _ split: (Piece, Bytes) -> [Piece]) -> [OwnPiece] {
    piece.text.withUnsafeBufferPointer { text in
      split(Piece(start: 0, end: text.count), text).map {
        OwnPiece(
          text: Array(text.slice($0.start, $0.end)), isFirst: piece.isFirst && $0.start == 0)
      }
    }
  }

  private static func chunks(_ text: Bytes, _ length: Int) -> [Piece] {
    var pieces: [Piece] = []
    var start = 0
    var count = 0
    var index = 0
    while index < text.count {
      index += text.scalar(at: index).length
      count += 1
      if count == length || index == text.count {
        pieces.append(Piece(start: start, end: index))
        (start, count) = (index, 0)
      }
    }
    return pieces
  }
}
