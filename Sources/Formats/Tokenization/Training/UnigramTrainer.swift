internal import Diagnostics
package import Documents
package import Parallelism

/// Learns a unigram vocabulary (Kudo 2018) over words that begin with `▁`, as SentencePiece does.
///
/// The same texts give the same vocabulary with any number of threads. Memory: the distinct words
/// of the corpus and their repeated substrings.
package enum UnigramTrainer {
  /// With ``train(_:vocabularySize:specialTokens:pool:bos:byteFallback:)`` and byte fallback, the
  /// rarest characters that make up this share of the text are left to bytes.
  static let rareShare = 0.0005
  /// What tokens that stand in no text are scored, so that no text is ever cut into them.
  static let unusableScore = -1000.0
  static let unknown = "<unk>"

  /// - Parameters:
  ///   - vocabularySize: including special tokens, `<unk>` and, with byte fallback, 256 bytes.
  ///   - specialTokens: take the first ids, in this order; repeated ones count once.
  ///   - bos: one of them that the tokenizer puts before every text.
  ///   - byteFallback: characters without a token become bytes; else they are `<unk>`.
  /// - Returns: a tokenizer.json.
  /// - Throws: ``Failure`` when there is no room for the characters of the texts.
  package static func train(
    _ texts: some Sequence<String>, vocabularySize: Int, specialTokens: [String],
    pool: ThreadPool, bos: String? = nil, byteFallback: Bool = true
  ) throws -> JSONValue {
    var special: [String] = []
    for token in [unknown] + specialTokens where !token.isEmpty && !special.contains(token) {
      special.append(token)
    }
    var counter = PieceCounter(special, splitter: .metaspaceWords)
    counter.count(texts, pool: pool)
    let words = counter.sorted().map { piece, count in
      (text: String(decoding: piece, as: UTF8.self).unicodeScalars.map(\.value), count: count)
    }
    let room = vocabularySize - special.count - (byteFallback ? 256 : 0)
    let required = try requiredScalars(words, room: room, mayDrop: byteFallback)
    var learner = UnigramLearner(split(words, at: required), pool: pool)
    learner.learn(size: room)
    let pieces = choose(learner.pieces, required: required, room: room)
    return TrainedUnigram(
      special: special, pieces: pieces, bos: bos, byteFallback: byteFallback
    ).json
  }

  /// The scalars that get a token of their own, in order.
  private static func requiredScalars(
    _ words: [(text: [UInt32], count: Int)], room: Int, mayDrop: Bool
  ) throws -> Set<UInt32> {
    var counts: [UInt32: Int] = [:]
    var total = 0
    for word in words {
      for scalar in word.text { counts[scalar, default: 0] += word.count }
      total += word.text.count * word.count
    }
    var sorted = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    if mayDrop {
      var dropped = 0
      while let last = sorted.last,
        sorted.count > room || Double(dropped + last.value) <= rareShare * Double(total)
      {
        dropped += last.value
        sorted.removeLast()
      }
    }
    guard sorted.count <= room else {
      throw Diagnostic(
        "tokenizer_train.too-small",
        "the texts have \(sorted.count) different characters, a vocabulary of this size has room for \(max(0, room))",
        fix: "raise 'vocab_size', or set 'byte_fallback: true'"
      ).failure(.badInput)
    }
    return Set(sorted.map(\.key))
  }

  /// Words without the scalars that have no token, in the parts between them.
  private static func split(
    _ words: [(text: [UInt32], count: Int)], at known: Set<UInt32>
  ) -> [(text: [UInt32], count: Int)] {
    words.flatMap { word in
      word.text.split { !known.contains($0) }.map { (text: Array($0), count: word.count) }
    }
  }

  /// All required scalars, then the best pieces, as many as there is room for; best first.
  private static func choose(
    _ pieces: [UnigramLearner.Piece], required: Set<UInt32>, room: Int
  ) -> [UnigramLearner.Piece] {
    let own = pieces.dropFirst()
    let lowest = own.map(\.score).min() ?? 0
    let singles = Dictionary(
      own.filter { $0.text.count == 1 }.map { ($0.text[0], $0.score) }
    ) { first, _ in first }
    var chosen = required.sorted().map {
      UnigramLearner.Piece(text: [$0], score: singles[$0] ?? lowest)
    }
    let others = own.filter { $0.text.count > 1 }.sorted {
      $0.score != $1.score ? $0.score > $1.score : $0.text.lexicographicallyPrecedes($1.text)
    }
    chosen += others.prefix(max(0, room - chosen.count))
    return chosen.sorted {
      $0.score != $1.score ? $0.score > $1.score : $0.text.lexicographicallyPrecedes($1.text)
    }
  }
}
