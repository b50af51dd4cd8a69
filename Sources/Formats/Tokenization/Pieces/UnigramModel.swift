/// The unigram language model (Kudo 2018): of all ways to cut a piece into tokens, the one with the
/// highest sum of scores, found by Viterbi's algorithm from the left; of equals the one found first.
struct UnigramModel: Sendable {
  let trie: ByteTrie
  let table: ByteStringTable
  /// Log probabilities by id.
  let scores: FrozenBuffer<Double>
  let unknown: Int32
  /// What a character without a token costs: the lowest score minus 10.
  let unknownScore: Double
  let byteFallback: Bool
  let byteIDs: FrozenBuffer<Int32>
  /// Subtracted from the lowest score (`kUnkPenalty` of SentencePiece).
  static let unknownPenalty = 10.0

  @inline(__always)
  func encode(_ piece: Bytes, _ cache: PieceCache, to ids: inout [Int32]) {
    cache.encode(piece, to: &ids) { encodeUncached($0, to: &$1) }
  }

  private struct Step: BitwiseCopyable {
    var score = 0.0
    var start: Int32 = -1
    var id: Int32 = -1
  }

  private func encodeUncached(_ piece: Bytes, to ids: inout [Int32]) {
    if piece.isEmpty { return }
    withUnsafeTemporaryAllocation(of: Step.self, capacity: piece.count + 1) { steps in
      steps.initialize(repeating: Step())
      defer { steps.deinitialize() }
      forward(piece, steps)
      backward(piece, steps, to: &ids)
    }
  }

  private func forward(_ piece: Bytes, _ steps: UnsafeMutableBufferPointer<Step>) {
    var start = 0
    while start < piece.count {
      let base = steps[start].score
      let length = piece.scalar(at: start).length
      var hasSingle = false
      var node = ByteTrie.root
      var end = start
      while end < piece.count {
        node = trie.child(node, piece[end])
        if node < 0 { break }
        end += 1
        let id = trie.value(node)
        if id < 0 { continue }
        let score = base + scores[Int(id)]
        if steps[end].start < 0 || score > steps[end].score {
          steps[end] = Step(score: score, start: Int32(start), id: id)
        }
        if end - start == length { hasSingle = true }
      }
      if !hasSingle {
        let score = base + unknownScore
        let end = start + length
        if steps[end].start < 0 || score > steps[end].score {
          steps[end] = Step(score: score, start: Int32(start), id: unknown)
        }
      }
      start += length
    }
  }

  /// Follows the best path from its end; unknown characters side by side are one token.
  private func backward(
    _ piece: Bytes, _ steps: UnsafeMutableBufferPointer<Step>, to ids: inout [Int32]
  ) {
    let first = ids.count
    var end = piece.count
    while end > 0 {
      let step = steps[end]
      var start = Int(step.start)
      if step.id == unknown {
        while start > 0, steps[start].id == unknown { start = Int(steps[start].start) }
        appendUnknown(piece.slice(start, end), to: &ids)
      } else {
        ids.append(step.id)
      }
      end = start
    }
    ids[first...].reverse()
  }

  /// Appends what stands for a run of unknown characters, last id first.
  private func appendUnknown(_ run: Bytes, to ids: inout [Int32]) {
    let known = table.find(run)
    if known >= 0 { return ids.append(known) }
    if byteFallback, run.allSatisfy({ byteIDs[Int($0)] >= 0 }) {
      for byte in run.reversed() { ids.append(byteIDs[Int(byte)]) }
    } else {
      ids.append(unknown)
    }
  }
}
