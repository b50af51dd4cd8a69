/// Finds added tokens: leftmost, longest, none overlapping.
struct AddedTokenMatcher: Sendable {
  struct Match {
    var start: Int
    var end: Int
    var token: Int
  }

  enum Order: Sendable {
    /// As `tokenizers` does.
    case leftmostLongest
    /// As llama.cpp does: all places of the longest token, then of the next in what is left.
    case longestFirst
  }

  let tokens: [AddedToken]
  let order: Order
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

  /// Tokens with empty patterns match nowhere; of two with one pattern the first counts.
  init(_ tokens: [AddedToken], _ order: Order = .leftmostLongest) {
    self.tokens = tokens
    self.order = order
    var children: [[UInt8: Int32]] = [[:]]
    var ends: [Int32] = [-1]
    for (number, token) in tokens.enumerated() where !token.pattern.isEmpty {
      var node = 0
      for byte in token.pattern {
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
    if order == .longestFirst { return longestFirst(in: text, accept).forEach(body) }
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
    return !(match.start > 0 && ScalarCategories.isWord(text.scalar(before: match.start).value))
      && !(match.end < text.count && ScalarCategories.isWord(text.scalar(at: match.end).value))
  }

  // MARK: - Longest first

  private func longestFirst(in text: Bytes, _ accept: (AddedToken, Int, Int) -> Bool) -> [Match] {
    var found: [Match] = []
    for start in 0..<text.count where roots[Int(text[start])] >= 0 {
      var node = Int(roots[Int(text[start])])
      var index = start + 1
      while true {
        let token = Int(nodes[node].token)
        if token >= 0, accept(tokens[token], start, index) {
          found.append(Match(start: start, end: index, token: token))
        }
        guard index < text.count, let next = child(node, text[index]) else { break }
        node = next
        index += 1
      }
    }
    found.sort {
      let (left, right) = ($0.end - $0.start, $1.end - $1.start)
      return left != right ? left > right : ($0.token, $0.start) < ($1.token, $1.start)
    }
    var taken: [Match] = []
    for match in found { place(match, in: text, &taken) }
    return taken
  }

  /// Keeps a match that meets no other, with the white space it takes along; `taken` is sorted.
  private func place(_ match: Match, in text: Bytes, _ taken: inout [Match]) {
    let at = taken.firstIndex { $0.end > match.start } ?? taken.count
    if at < taken.count, taken[at].start < match.end { return }
    var match = match
    let floor = at > 0 ? taken[at - 1].end : 0
    let ceiling = at < taken.count ? taken[at].start : text.count
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }
    if tokens[match.token].stripsLeft {
      while match.start > floor, isSpace(text[match.start - 1]) { match.start -= 1 }
    }
    if tokens[match.token].stripsRight {
      while match.end < ceiling, isSpace(text[match.end]) { match.end += 1 }
    }
    taken.insert(match, at: at)
  }
}
