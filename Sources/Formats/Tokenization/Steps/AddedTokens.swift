/// A token that is found in text before any other step.
struct AddedToken: Sendable {
  var id: Int32
  var content: [UInt8]
  /// Control tokens: left out when decoding for people, not parsed from text of users.
  var isSpecial: Bool
  var singleWord: Bool
  /// Takes the blanks before (after) it along.
  var stripsLeft: Bool
  var stripsRight: Bool
  /// Looked for after normalization.
  var isNormalized: Bool
}

/// Finds added tokens: leftmost, longest, none overlapping.
struct AddedTokenMatcher: Sendable {
  struct Match {
    var start: Int
    var end: Int
    var token: Int
  }

  let tokens: [AddedToken]
  /// A trie with dense first level: node → children as sorted runs in `edges`.
  private let roots: [Int32]
  private let nodes: [Node]
  private let edges: [Edge]

  private struct Node {
    var firstEdge: Int32 = 0
    var edgeCount: Int32 = 0
    var token: Int32 = -1
  }
  private struct Edge {
    var byte: UInt8
    var node: Int32
  }

  /// Tokens with empty content match nowhere; of two with one content the first counts.
  init(_ tokens: [AddedToken]) {
    self.tokens = tokens
    var children: [[UInt8: Int32]] = [[:]]
    var ends: [Int32] = [-1]
    for (number, token) in tokens.enumerated() where !token.content.isEmpty {
      var node = 0
      for byte in token.content {
        if let next = children[node][byte] {
          node = Int(next)
        } else {
          children[node][byte] = Int32(children.count)
          node = children.count
          children.append([:])
          ends.append(-1)
        }
      }
      if ends[node] < 0 { ends[node] = Int32(number) }
    }
    var nodes: [Node] = []
    var edges: [Edge] = []
    for (index, map) in children.enumerated() {
      nodes.append(
        Node(firstEdge: Int32(edges.count), edgeCount: Int32(map.count), token: ends[index]))
      edges += map.sorted { $0.key < $1.key }.map { Edge(byte: $0.key, node: $0.value) }
    }
    var roots = [Int32](repeating: -1, count: 256)
    for (byte, node) in children[0] { roots[Int(byte)] = node }
    self.roots = roots
    self.nodes = nodes
    self.edges = edges
  }

  var isEmpty: Bool { nodes.count <= 1 }

  /// Calls `body` with every match, left to right. A candidate that `accept` refuses is stepped over.
  func forEachMatch(
    in text: Bytes, accept: (AddedToken, Int, Int) -> Bool, _ body: (Match) -> Void
  ) {
    if isEmpty { return }
    roots.withUnsafeBufferPointer { roots in
      var position = 0
      var floor = 0
      while position < text.count {
        let root = roots[Int(text[position])]
        guard root >= 0, let found = longest(text, position, Int(root)) else {
          position += 1
          continue
        }
        let token = tokens[found.token]
        position = found.end
        guard accept(token, found.start, found.end), isWordAlone(token, text, found) else {
          continue
        }
        var match = found
        match.start = max(match.start, floor)
        if token.stripsLeft {
          while match.start > floor {
            let (scalar, length) = text.scalar(before: match.start)
            guard ScalarCategories.isWhitespace(scalar) else { break }
            match.start -= length
          }
        }
        if token.stripsRight {
          while match.end < text.count {
            let (scalar, length) = text.scalar(at: match.end)
            guard ScalarCategories.isWhitespace(scalar) else { break }
            match.end += length
          }
        }
        body(match)
        floor = match.end
        position = max(position, match.end)
      }
    }
  }

  private func longest(_ text: Bytes, _ start: Int, _ root: Int) -> Match? {
    var node = root
    var index = start + 1
    var found: Match?
    while true {
      if nodes[node].token >= 0 {
        found = Match(start: start, end: index, token: Int(nodes[node].token))
      }
      guard index < text.count, let next = child(node, text[index]) else { return found }
      node = next
      index += 1
    }
  }

  private func child(_ node: Int, _ byte: UInt8) -> Int? {
    let first = Int(nodes[node].firstEdge)
    for edge in first..<(first + Int(nodes[node].edgeCount)) where edges[edge].byte == byte {
      return Int(edges[edge].node)
    }
    return nil
  }

  private func isWordAlone(_ token: AddedToken, _ text: Bytes, _ match: Match) -> Bool {
    guard token.singleWord else { return true }
    func isWord(_ scalar: UInt32) -> Bool {
      let mask =
        ScalarCategories.letters | ScalarCategories.marks | ScalarCategories.numbers
        | ScalarCategories.mask(.connectorPunctuation)
      return mask >> UInt32(ScalarCategories.index(of: scalar)) & 1 == 1
    }
    return !(match.start > 0 && isWord(text.scalar(before: match.start).value))
      && !(match.end < text.count && isWord(text.scalar(at: match.end).value))
  }
}
