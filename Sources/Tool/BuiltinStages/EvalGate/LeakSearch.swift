internal import Curation
internal import Evaluation
internal import Parallelism
internal import Records
internal import Reproducibility
internal import Scoring
internal import StageKit

/// Looks for rows of a test set among the rows that a model was trained on.
///
/// A row leaks when a training row says the same words (case, marks and white space aside), asks
/// the same question that the test set asks once only, or is nearly the same: Jaccard similarity
/// of word 5-shingles of at least ``similarityMin``, as `split` knows a row on another side, of what
/// is not a system prompt.
struct LeakSearch {
  static let similarityMin = 0.8
  /// Training rows beyond which only equal rows are looked for.
  static let nearRowsMax = 300_000

  enum Kind: Int, Comparable {
    case equal, question, near
    static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
  }

  private let rows: [Row]
  private var whole: [[UInt8]: Int] = [:]
  private var questions: [[UInt8]: Int] = [:]
  private var near = NearItems(shingler: Shingler(.words, size: 5))
  private var found: [Int: Kind] = [:]

  init(test rows: [Row]) {
    self.rows = rows
    var asked: [[UInt8]: Int] = [:]
    for (index, row) in rows.enumerated() {
      let words = Self.words(Self.spoken(row.content))
      if whole[words] == nil { whole[words] = index }
      let question = Self.words(Self.question(row.content))
      if !question.isEmpty {
        asked[question, default: 0] += 1
        questions[question] = index
      }
      near.add(Self.spoken(row.content), set: 0, item: index)
    }
    for (question, count) in asked where count > 1 { questions[question] = nil }
  }

  /// Looks through training rows.
  mutating func search(_ training: RecordsReader, _ pool: ThreadPool, _ stop: () throws -> Void)
    throws
  {
    let looksNear = training.rowCount <= Self.nearRowsMax
    let (whole, questions, near) = (whole, questions, near)
    for start in stride(from: 0, to: training.chunkCount, by: 16) {
      try stop()
      let chunks = Array(start..<min(start + 16, training.chunkCount))
      let hits = try pool.map(chunks) { chunk in
        try training.chunk(chunk).compactMap { row -> (Int, Kind)? in
          let spoken = Self.spoken(row.content)
          if let index = whole[Self.words(spoken)] { return (index, .equal) }
          let question = Self.words(Self.question(row.content))
          if !question.isEmpty, let index = questions[question] { return (index, .question) }
          guard looksNear else { return nil }
          return near.hit(in: spoken, threshold: Self.similarityMin).map { ($0.item, .near) }
        }
      }
      for (index, kind) in hits.joined() {
        found[index] = min(found[index] ?? kind, kind)
      }
    }
  }

  /// Nil where there is nothing to tell.
  func verdict(allowed: Int) -> RuleVerdict {
    let rule = "no test row among the training rows"
    guard found.count > allowed else {
      let seen = found.isEmpty ? "none" : "\(found.count), as many as allowed or fewer,"
      return RuleVerdict(
        rule: rule, decision: .pass,
        sentence: "\(seen) of \(Evaluation.Figures.rows(rows.count)) of the test set occur among "
          + "the rows that the candidate was trained on")
    }
    func count(_ kind: Kind) -> Int { found.values.count { $0 == kind } }
    let kinds = [
      (count(.equal), "the same words"), (count(.question), "the same question"),
      (count(.near), "nearly the same words"),
    ].filter { $0.0 > 0 }.map { "\($0.0) with \($0.1)" }.joined(separator: ", ")
    let ids = found.keys.sorted().prefix(3).map { rows[$0].id.description }
    return RuleVerdict(
      rule: rule, decision: .refused,
      sentence: "\(found.count) of \(Evaluation.Figures.rows(rows.count)) of the test set occur "
        + "among the rows that the candidate was trained on (\(kinds)), such as \(ids.joined(separator: ", ")): "
        + "what is measured on them is memory; split by clusters, or remove them with "
        + "'decontaminate'")
  }

  /// What a text says: letters and digits, ASCII in lower case, anything else between words as one
  /// space. Numbers stay, as questions may differ in nothing else.
  static func words(_ texts: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    for text in texts {
      var isBetween = true
      for byte in text.utf8 {
        let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        let isWord =
          byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(lower)
        if isWord { bytes.append(lower) } else if !isBetween { bytes.append(0x20) }
        isBetween = !isWord
      }
      if !isBetween { bytes.append(0x20) }
    }
    return bytes
  }

  /// Texts that are not a system prompt.
  private static func spoken(_ content: RowContent) -> [String] {
    switch content {
    case .conversation(let turns, _):
      turns.filter { $0.role != .system }.map(\.content)
    case .preference(let prompt, let chosen, let rejected):
      (prompt.filter { $0.role != .system } + chosen + rejected).map(\.content)
    default: content.texts
    }
  }

  /// What is asked; empty where nothing is.
  private static func question(_ content: RowContent) -> [String] {
    switch content {
    case .conversation(let turns, _):
      turns.last?.role == .assistant
        ? turns.dropLast().filter { $0.role != .system }.map(\.content) : []
    case .completion(let prompt, _): [prompt]
    case .preference(let prompt, _, _): prompt.filter { $0.role != .system }.map(\.content)
    default: []
    }
  }
}
