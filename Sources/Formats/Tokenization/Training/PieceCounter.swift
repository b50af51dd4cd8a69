internal import Parallelism

/// Counts the pieces that a pre-tokenizer cuts texts into.
struct PieceCounter {
  /// Texts handed to the pool at a time, and in one task.
  private static let window = 8_192
  private static let batch = 256

  /// How texts are cut.
  enum Splitter: Sendable {
    case pattern(Pattern?)
    case preTokenizer(PreTokenizer)

    /// Llama 3's expression.
    static var llama3: Splitter { .pattern(try? Pattern(KnownExpression.llama3)) }

    /// Words that begin with `▁`, never across a newline.
    static var metaspaceWords: Splitter {
      .preTokenizer(
        PreTokenizer(steps: [
          .metaspace(replacement: Metaspace.mark, prepend: .first, split: true),
          .split(.text([0x0A]), .isolated, invert: false),
        ]))
    }
  }

  private let split: Splitter
  private let special: AddedTokenMatcher
  private var counts: [[UInt8]: Int] = [:]

  /// - Parameter special: cut out of the texts, never counted.
  init(_ special: [String], splitter: Splitter = .llama3) {
    split = splitter
    self.special = AddedTokenMatcher(
      special.map {
        AddedToken(
          id: 0, content: Array($0.utf8), isSpecial: true, singleWord: false, stripsLeft: false,
          stripsRight: false, isNormalized: false, pattern: Array($0.utf8))
      })
  }

  mutating func count(_ texts: some Sequence<String>, pool: ThreadPool) {
    var window: [String] = []
    for text in texts {
      window.append(text)
      if window.count == Self.window {
        count(window, pool)
        window.removeAll(keepingCapacity: true)
      }
    }
    count(window, pool)
  }

  /// Pieces in order of their bytes: the order of counting leaves no trace.
  func sorted() -> [(piece: [UInt8], count: Int)] {
    counts.map { (piece: $0.key, count: $0.value) }
      .sorted { $0.piece.lexicographicallyPrecedes($1.piece) }
  }

  private mutating func count(_ texts: [String], _ pool: ThreadPool) {
    let batches = stride(from: 0, to: texts.count, by: Self.batch).map {
      Array(texts[$0..<min($0 + Self.batch, texts.count)])
    }
    let (split, special) = (split, special)
    let counted = try? pool.map(batches) { batch in
      var counts: [[UInt8]: Int] = [:]
      for var text in batch {
        text.withUTF8 { Self.add($0, split, special, &counts) }
      }
      return counts
    }
    for part in counted ?? [] { counts.merge(part, uniquingKeysWith: +) }
  }

  private static func add(
    _ text: Bytes, _ split: Splitter, _ special: AddedTokenMatcher, _ counts: inout [[UInt8]: Int]
  ) {
    var start = 0
    func pieces(_ end: Int, _ counts: inout [[UInt8]: Int]) {
      let section = text.slice(start, end)
      switch split {
      case .pattern(let pattern):
        pattern?.forEachMatch(in: section) { from, to in
          if from < to { counts[Array(section.slice(from, to)), default: 0] += 1 }
        }
      case .preTokenizer(let preTokenizer):
        preTokenizer.forEachPiece(in: section, isStart: true, isFirst: start == 0) { piece in
          counts[Array(piece), default: 0] += 1
        }
      }
    }
    var matches: [AddedTokenMatcher.Match] = []
    special.forEachMatch(in: text) { _, _, _ in
      true
    } _: {
      matches.append($0)
    }
    for match in matches {
      pieces(match.start, &counts)
      start = match.end
    }
    pieces(text.count, &counts)
  }
}
