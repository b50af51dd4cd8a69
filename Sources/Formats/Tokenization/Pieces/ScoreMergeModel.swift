/// SentencePiece's BPE as llama.cpp applies it to a GGUF vocabulary: of all neighbours whose text
/// together is a token, those with the highest score merge first, the leftmost among equals.
/// Characters without a token become bytes.
struct ScoreMergeModel: Sendable {
  let table: ByteStringTable
  let scores: FrozenBuffer<Float>
  let byteIDs: FrozenBuffer<Int32>
  let unknown: Int32
  /// Where texts may be cut without changing ids; nil: nowhere.
  let cuts: SafeCuts?

  @inline(__always)
  func encode(_ piece: Bytes, _ cache: PieceCache, to ids: inout [Int32]) {
    if piece.isEmpty { return }
    guard let cuts else { return encodeUncached(piece, to: &ids) }
    cuts.forEachPart(of: piece) { part in
      cache.encode(part, to: &ids) { encodeUncached($0, to: &$1) }
    }
  }

  private func encodeUncached(_ piece: Bytes, to ids: inout [Int32]) {
    var run = ScoreMergeRun(self, piece)
    run.merge()
    run.append(to: &ids)
  }

  fileprivate func appendBytes(_ text: Bytes, to ids: inout [Int32]) {
    for byte in text {
      var id = byteIDs[Int(byte)]
      if id < 0 { id = withUnsafeBytes(of: byte) { table.find($0.bindMemory(to: UInt8.self)) } }
      if id >= 0 || unknown >= 0 { ids.append(id >= 0 ? id : unknown) }
    }
  }
}

/// The symbols of one text as a linked list, and the merges that wait.
private struct ScoreMergeRun {
  private struct Symbol {
    var start: Int
    /// 0: merged into its left neighbour.
    var length: Int
    var previous: Int
    var next: Int
  }
  private struct Candidate {
    var score: Float
    var left: Int
    var right: Int
    var length: Int

    func precedes(_ other: Candidate) -> Bool {
      score != other.score ? score > other.score : left < other.left
    }
  }

  private let model: ScoreMergeModel
  private let text: Bytes
  private var symbols: [Symbol] = []
  private var queue = Heap<Candidate> { $0.precedes($1) }

  init(_ model: ScoreMergeModel, _ text: Bytes) {
    self.model = model
    self.text = text
    var index = 0
    while index < text.count {
      let length = text.scalar(at: index).length
      symbols.append(
        Symbol(
          start: index, length: length, previous: symbols.count - 1, next: symbols.count + 1))
      index += length
    }
    for index in 0..<max(0, symbols.count - 1) { offer(index, index + 1) }
  }

  mutating func merge() {
    while let best = queue.pop() {
      let (left, right) = (symbols[best.left], symbols[best.right])
      if left.length == 0 || right.length == 0 || left.length + right.length != best.length {
        continue
      }
      symbols[best.left].length = best.length
      symbols[best.left].next = right.next
      symbols[best.right].length = 0
      if right.next < symbols.count { symbols[right.next].previous = best.left }
      offer(left.previous, best.left)
      offer(best.left, right.next)
    }
  }

  func append(to ids: inout [Int32]) {
    for symbol in symbols where symbol.length > 0 {
      let part = text.slice(symbol.start, symbol.start + symbol.length)
      let id = model.table.find(part)
      if id >= 0 { ids.append(id) } else { model.appendBytes(part, to: &ids) }
    }
  }

  private mutating func offer(_ left: Int, _ right: Int) {
    if left < 0 || right >= symbols.count { return }
    let start = symbols[left].start
    let length = symbols[left].length + symbols[right].length
    let id = model.table.find(text.slice(start, start + length))
    if id < 0 { return }
    queue.push(
      Candidate(score: model.scores[Int(id)], left: left, right: right, length: length))
  }
}
