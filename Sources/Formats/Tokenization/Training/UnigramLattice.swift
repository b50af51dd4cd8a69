private import Foundation

/// The ways to cut one word into pieces, with the pieces' log probabilities.
struct UnigramLattice {
  struct Node {
    var start: Int
    var end: Int
    /// Index of the piece; 0 is the unknown one.
    var piece: Int
    var score: Double
  }

  /// Scalars of the word.
  let count: Int
  /// Sorted by start, then by end.
  private(set) var nodes: [Node] = []

  /// - Parameter skipsWhole: leaves out the piece that is the whole word.
  init(
    _ word: [UInt32], _ trie: ScalarTrie, scores: [Double], unknownScore: Double,
    skipsWhole: Bool = false
  ) {
    count = word.count
    for start in word.indices {
      var node = ScalarTrie.root
      var hasSingle = false
      var end = start
      while end < word.count {
        guard let next = trie.child(node, word[end]) else { break }
        node = next
        end += 1
        guard let piece = trie.value(node) else { continue }
        if end == start + 1 { hasSingle = true }
        if skipsWhole, start == 0, end == word.count { continue }
        nodes.append(Node(start: start, end: end, piece: piece, score: scores[piece]))
      }
      if !hasSingle {
        nodes.append(Node(start: start, end: start + 1, piece: 0, score: unknownScore))
      }
    }
  }

  /// The pieces of the best path, and its score; nil when there is no path.
  func best() -> (pieces: [Int], score: Double)? {
    var scores = [Double](repeating: -.infinity, count: count + 1)
    var from = [Int](repeating: -1, count: count + 1)
    scores[0] = 0
    for (index, node) in nodes.enumerated() where scores[node.start] > -.infinity {
      let score = scores[node.start] + node.score
      if score > scores[node.end] {
        scores[node.end] = score
        from[node.end] = index
      }
    }
    guard scores[count] > -.infinity else { return nil }
    var pieces: [Int] = []
    var end = count
    while end > 0 {
      pieces.append(nodes[from[end]].piece)
      end = nodes[from[end]].start
    }
    return (pieces.reversed(), scores[count])
  }

  /// Adds to `expected`, by piece, how often each is expected in `times` of the word (the E step;
  /// forward and backward sums in logarithms).
  func addExpected(_ times: Double, to expected: inout [Double]) {
    var forward = [Double](repeating: -.infinity, count: count + 1)
    var backward = forward
    forward[0] = 0
    backward[count] = 0
    for node in nodes {
      forward[node.end] = Self.logAdd(forward[node.end], forward[node.start] + node.score)
    }
    for node in nodes.reversed() {
      backward[node.start] = Self.logAdd(backward[node.start], backward[node.end] + node.score)
    }
    let total = forward[count]
    for node in nodes {
      let share = forward[node.start] + node.score + backward[node.end] - total
      expected[node.piece] += times * exp(share)
    }
  }

  private static func logAdd(_ left: Double, _ right: Double) -> Double {
    let (low, high) = left < right ? (left, right) : (right, left)
    return low == -.infinity ? high : high + log1p(exp(low - high))
  }
}

/// Texts in scalars → numbers, walked scalar by scalar.
struct ScalarTrie {
  private struct Edge: Hashable {
    var node: Int32
    var scalar: UInt32
  }
  private var edges: [Edge: Int32] = [:]
  private var values: [Int32] = [-1]
  static let root: Int32 = 0

  init(_ texts: [[UInt32]]) {
    edges.reserveCapacity(texts.count * 2)
    for (number, text) in texts.enumerated() {
      var node = Self.root
      for scalar in text {
        let edge = Edge(node: node, scalar: scalar)
        if let next = edges[edge] {
          node = next
        } else {
          node = Int32(values.count)
          edges[edge] = node
          values.append(-1)
        }
      }
      if node != Self.root { values[Int(node)] = Int32(number) }
    }
  }

  func child(_ node: Int32, _ scalar: UInt32) -> Int32? { edges[Edge(node: node, scalar: scalar)] }

  func value(_ node: Int32) -> Int? {
    let value = values[Int(node)]
    return value < 0 ? nil : Int(value)
  }
}
