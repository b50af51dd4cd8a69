private import Foundation
internal import Parallelism

/// Learns the pieces of a unigram language model from counted words by expectation maximization with
/// pruning (Kudo 2018, as SentencePiece and `tokenizers` do it): seeds of frequent substrings, a
/// sparse prior by digamma in the M step, and every round the quarter of pieces dropped whose loss
/// costs the likelihood least.
///
/// Work is cut into a fixed number of blocks whose sums are added in order: the result does not
/// depend on threads.
struct UnigramLearner {
  struct Piece {
    var text: [UInt32]
    var score: Double
  }

  static let pieceMax = 16
  static let shrinkingFactor = 0.75
  static let subIterations = 2
  /// Pieces expected less often than this leave the vocabulary.
  static let expectedMin = 0.5
  static let seedsMax = 1_000_000
  private static let blocks = 8

  private let words: [(text: [UInt32], count: Int)]
  private let pool: ThreadPool
  private(set) var pieces: [Piece] = []

  init(_ words: [(text: [UInt32], count: Int)], pool: ThreadPool) {
    self.words = words
    self.pool = pool
    // The first piece stands for unknown characters.
    pieces = [Piece(text: [], score: 0)] + Self.seeds(words)
  }

  /// Learns until at most a tenth more pieces than `size` are left.
  mutating func learn(size: Int) {
    let desired = size * 11 / 10
    while true {
      for _ in 0..<Self.subIterations { maximize(expected()) }
      if pieces.count <= desired { return }
      let before = pieces.count
      prune(to: max(desired, Int(Double(pieces.count) * Self.shrinkingFactor)))
      // Pieces without alternatives cannot go.
      if pieces.count == before { return }
    }
  }

  private static func seeds(_ words: [(text: [UInt32], count: Int)]) -> [Piece] {
    var counts: [UInt32: Int] = [:]
    for word in words { for scalar in word.text { counts[scalar, default: 0] += word.count } }
    var pieces = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key > $1.key }
      .map { Piece(text: [$0.key], score: Double($0.value)) }
    let room = max(0, seedsMax - pieces.count)
    for seed in RepeatedSubstrings.seeds(words, lengthMax: pieceMax, countMax: room) {
      pieces.append(Piece(text: seed.text, score: Double(seed.score)))
    }
    let total = log(pieces.reduce(0) { $0 + $1.score })
    for index in pieces.indices { pieces[index].score = log(pieces[index].score) - total }
    return pieces
  }

  // MARK: - Expectation and maximization

  private var model: (trie: ScalarTrie, scores: [Double], unknown: Double) {
    let scores = pieces.map(\.score)
    let lowest = scores.dropFirst().min() ?? 0
    return (ScalarTrie(pieces.map(\.text)), scores, lowest - UnigramModel.unknownPenalty)
  }

  private func sums(_ body: @Sendable (Int, inout [Double]) -> Void) -> [Double] {
    let (words, count) = (words.count, pieces.count)
    let parts = try? pool.map(Array(0..<Self.blocks)) { block in
      var sums = [Double](repeating: 0, count: count)
      for word in (words * block / Self.blocks)..<(words * (block + 1) / Self.blocks) {
        body(word, &sums)
      }
      return sums
    }
    var total = [Double](repeating: 0, count: count)
    for part in parts ?? [] { for index in total.indices { total[index] += part[index] } }
    return total
  }

  private func expected() -> [Double] {
    let (trie, scores, unknown) = model
    let words = words
    return sums { index, sums in
      let lattice = UnigramLattice(
        words[index].text, trie, scores: scores, unknownScore: unknown)
      lattice.addExpected(Double(words[index].count), to: &sums)
    }
  }

  private mutating func maximize(_ expected: [Double]) {
    var kept = [pieces[0]]
    var sum = 0.0
    for (index, piece) in pieces.enumerated().dropFirst()
    where expected[index] >= Self.expectedMin {
      kept.append(Piece(text: piece.text, score: expected[index]))
      sum += expected[index]
    }
    let total = Self.digamma(sum)
    for index in kept.indices.dropFirst() {
      kept[index].score = Self.digamma(kept[index].score) - total
    }
    pieces = kept
  }

  /// The logarithmic derivative of the gamma function: recurrence up to 7, then the asymptotic series
  /// in (x − ½)⁻² (Bernardo 1976).
  static func digamma(_ value: Double) -> Double {
    var x = value
    var result = 0.0
    while x < 7 {
      result -= 1 / x
      x += 1
    }
    x -= 0.5
    let square = 1 / (x * x)
    let fourth = square * square
    return result + log(x) + square / 24 - 7.0 / 960 * fourth + 31.0 / 8064 * fourth * square
      - 127.0 / 30720 * fourth * fourth
  }

  // MARK: - Pruning

  private mutating func prune(to size: Int) {
    let (trie, scores, unknown) = model
    let words = words
    let counts = sums { index, sums in
      let lattice = UnigramLattice(
        words[index].text, trie, scores: scores, unknownScore: unknown)
      for piece in lattice.best()?.pieces ?? [] { sums[piece] += Double(words[index].count) }
    }
    let alternatives = alternatives(trie, scores, unknown)
    let sentences = words.reduce(0) { $0 + Double($1.count) }
    let sum = counts.reduce(0, +)
    var kept = [0]
    var candidates: [(piece: Int, loss: Double)] = []
    for index in pieces.indices.dropFirst() {
      guard let others = alternatives[index] else {
        // Not the best way to write itself: goes unless some word uses it.
        if counts[index] > 0 { kept.append(index) }
        continue
      }
      if others.isEmpty {
        kept.append(index)
        continue
      }
      if counts[index] == 0 { continue }
      let own = log(counts[index]) - log(sum)
      let total = log(sum + counts[index] * Double(others.count - 1))
      let other = others.reduce(0) { $0 + log(counts[$1] + counts[index]) - total }
      candidates.append((index, counts[index] / sentences * (own - other)))
    }
    candidates.sort { $0.loss != $1.loss ? $0.loss > $1.loss : $0.piece < $1.piece }
    for candidate in candidates {
      if kept.count >= size { break }
      kept.append(candidate.piece)
    }
    pieces = kept.map { pieces[$0] }
  }

  /// For each piece the pieces that would stand for it; empty where there is no other way, nil where
  /// another way is better already.
  private func alternatives(_ trie: ScalarTrie, _ scores: [Double], _ unknown: Double)
    -> [[Int]?]
  {
    let pieces = pieces
    let found = try? pool.map(Array(pieces.indices)) { index -> [Int]? in
      if index == 0 { return [] }
      let lattice = UnigramLattice(
        pieces[index].text, trie, scores: scores, unknownScore: unknown, skipsWhole: true)
      guard let other = lattice.best() else { return [] }
      return other.score > scores[index] ? nil : other.pieces
    }
    return found ?? []
  }
}
