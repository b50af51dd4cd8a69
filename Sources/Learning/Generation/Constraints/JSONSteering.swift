/// Keeps a text on the way to one JSON value: which tokens may follow so that the value can still be
/// completed in the room that is left.
package struct JSONSteering: Sendable {
  private let vocabulary: JSONVocabulary
  private var state = JSONState()
  /// Keys of the objects that are open, innermost last.
  private var keys: [Set<String>] = []
  /// Bytes of the key that is being written.
  private var key: [UInt8] = []

  /// An object takes no further keys.
  static let keysMax = 500

  package init(_ vocabulary: JSONVocabulary) { self.vocabulary = vocabulary }

  /// Whether the value is complete and nothing can be added to it.
  package var isFinished: Bool { state.isClosed }

  /// Whether the text so far is a whole value.
  package var isComplete: Bool { state.isComplete }

  /// Takes a token that was allowed.
  package mutating func append(_ id: Int32) {
    let place = vocabulary.places[Int(id)]
    if place < 0 { return }
    for byte in vocabulary.bytes[vocabulary.starts[place]..<vocabulary.starts[place + 1]] {
      let before = state
      guard state.take(byte) else { return }
      note(byte, before)
    }
  }

  private mutating func note(_ byte: UInt8, _ before: JSONState) {
    if before.isInKey {
      if state.isInKey {
        key.append(byte)
      } else {
        keys[keys.count - 1].insert(String(decoding: key, as: UTF8.self))
      }
    } else if state.isInKey {
      key = []
    }
    if state.depth > before.depth {
      keys.append([])
    } else if state.depth < before.depth {
      keys.removeLast()
    }
  }

  // MARK: - Masks

  /// Sets logits of tokens that must not follow to -inf; one that may always stays.
  ///
  /// - Parameters:
  ///   - room: tokens that may still be added.
  ///   - stops: tokens that end a text: allowed where the value is complete.
  package func mask(_ logits: inout [Float], room: Int, stops: [Int32]) {
    let walk = Walk(vocabulary, room: room - 1, key: key, keys: keys)
    var allowed = [Bool](repeating: false, count: logits.count)
    if state.mode == .string, state.pending == 0 {
      if state.bytesToClose <= room - 1 { allowed = vocabulary.plain }
      walk.run(from: state, vocabulary.other, vocabulary.otherShared, &allowed)
    } else {
      walk.run(from: state, nil, vocabulary.shared, &allowed)
    }
    if state.isComplete {
      for id in stops where allowed.indices.contains(Int(id)) { allowed[Int(id)] = true }
    }
    for id in logits.indices where !allowed[id] { logits[id] = -.infinity }
  }
}

/// A walk over tokens in the order of their bytes: what neighbours share is looked at once, and what
/// begins with bytes that cannot follow is skipped.
private struct Walk {
  private let vocabulary: JSONVocabulary
  /// Tokens that may come after this one.
  private let room: Int
  private let key: [UInt8]
  private let keys: [Set<String>]

  init(_ vocabulary: JSONVocabulary, room: Int, key: [UInt8], keys: [Set<String>]) {
    self.vocabulary = vocabulary
    self.room = room
    self.key = key
    self.keys = keys
  }

  /// What a byte of a token leads to. A key that begins inside a token does not end in it, and
  /// the objects that are open before a token are the only ones whose keys are known.
  private struct Point {
    var state: JSONState
    /// Of the key in progress: how many bytes of it are in this token; nil: it began in this token.
    var keyStart: Int?
    /// How many of the objects open before are still open.
    var known: Int
    /// A key that ended in this token, of an object that was open before.
    var closed: String?
  }

  func run(
    from state: JSONState, _ places: [Int]?, _ shared: [Int], _ allowed: inout [Bool]
  ) {
    let (bytes, starts) = (vocabulary.bytes, vocabulary.starts)
    let count = places?.count ?? vocabulary.order.count
    var points = [Point(state: state, keyStart: 0, known: keys.count)]
    // Bytes at which the last token failed, or its length.
    var reached = 0
    var failed = Int.max
    for index in 0..<count {
      if shared[index] > failed { continue }
      let place = places?[index] ?? index
      reached = min(reached, shared[index])
      points.removeSubrange((reached + 1)...)
      failed = .max
      let token = starts[place]..<starts[place + 1]
      while reached < token.count {
        guard let next = step(points[reached], bytes, token, reached) else {
          failed = reached
          break
        }
        points.append(next)
        reached += 1
      }
      if failed == .max, closes(points[reached], bytes[token]) {
        allowed[Int(vocabulary.order[place])] = true
      }
    }
  }

  private func step(_ point: Point, _ bytes: [UInt8], _ token: Range<Int>, _ offset: Int)
    -> Point?
  {
    var next = point
    let byte = bytes[token.lowerBound + offset]
    guard next.state.take(byte) else { return nil }
    if next.state.depth < point.known { next.known = next.state.depth }
    if point.state.isInKey, !next.state.isInKey {
      guard point.keyStart != nil else { return nil }
      let whole = key + bytes[token.lowerBound..<token.lowerBound + offset]
      let text = String(decoding: whole, as: UTF8.self)
      if keys[keys.count - 1].contains(text) { return nil }
      next.closed = text
    } else if next.state.isInKey, !point.state.isInKey {
      next.keyStart = nil
    }
    if next.state.mode == .key, point.state.mode != .key, next.state.depth <= keys.count,
      next.known == next.state.depth,
      keys[next.state.depth - 1].count >= JSONSteering.keysMax
    {
      return nil
    }
    return next
  }

  /// Whether there is room to complete the value after the token.
  private func closes(_ point: Point, _ token: ArraySlice<UInt8>) -> Bool {
    let state = point.state
    var needed = state.bytesToClose
    if state.mode == .key || state.isInKey { needed += extra(point, token) }
    return needed <= room
  }

  /// Bytes that a key needs to be another one than those before it: at most 2.
  private func extra(_ point: Point, _ token: ArraySlice<UInt8>) -> Int {
    let state = point.state
    guard point.known == state.depth, state.depth > 0 else { return 0 }
    if state.pending > 0 { return 2 }
    var own: [UInt8] = []
    if state.isInKey {
      let quote = token.lastIndex(of: UInt8(ascii: "\""))
      own = point.keyStart != nil ? key + token : Array(token[((quote ?? token.startIndex) + 1)...])
    }
    var used = keys[state.depth - 1]
    if let closed = point.closed, state.depth == keys.count { used.insert(closed) }
    let text = String(decoding: own, as: UTF8.self)
    if !used.contains(text) { return 0 }
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    return letters.contains {
      !used.contains(String(decoding: own + [$0], as: UTF8.self))
    } ? 1 : 2
  }
}
