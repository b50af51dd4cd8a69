internal import Documents
package import Records

/// Makes the sketch of a chunk of rows.
package struct ChunkSketcher: Sendable {
  package let rules: DedupRules
  private let score: ColumnFinder?
  private let source: ColumnFinder
  /// The names of these.
  private let columns: [String]

  package init(_ rules: DedupRules) {
    self.rules = rules
    let score = rules.keep == .best ? rules.scoreColumn : nil
    self.score = score.map { ColumnFinder($0) }
    source = ColumnFinder(rules.sourceColumn)
    columns = [rules.sourceColumn] + (score.map { [$0] } ?? [])
  }

  /// - Throws: ``Failure`` of class `badInput` when a row is damaged.
  package func sketch(_ rows: [StoredRow]) throws -> ChunkSketch {
    var sketch = ChunkSketch()
    var reading = Reading()
    var work = Work(shingles: ShingleBuffer(keepsSequence: rules.method == .normalised))
    sketch.ids.reserveCapacity(rows.count)
    sketch.digests.reserveCapacity(rows.count)
    sketch.sequences.reserveCapacity(rows.count)
    sketch.counts.reserveCapacity(rows.count)
    sketch.textBytes.reserveCapacity(rows.count)
    sketch.sourceOf.reserveCapacity(rows.count)
    if rules.method == .minhash {
      sketch.keys = [UInt32](repeating: 0, count: rows.count * rules.minHash.bands)
      sketch.shingles.reserveCapacity(rows.reduce(0) { $0 + $1.line.count } / 7)
    }
    for (index, row) in rows.enumerated() {
      try read(row, &reading, &work)
      sketch.ids.append(row.key)
      sketch.textBytes.append(UInt32(clamping: work.textBytes))
      addColumns(&work, &sketch)
      if rules.method == .minhash {
        addShingles(index, rows.count, &work, &sketch)
      } else {
        addDigest(&work, &sketch)
      }
    }
    return sketch
  }

  /// What rows are read with, one after the other.
  private struct Reading: ~Copyable {
    var tape = JSONTape()
    var scratch: [UInt8] = []
  }

  /// What one row's texts and columns are read into.
  private struct Work {
    var shingles: ShingleBuffer
    var digest = Digest128()
    /// The texts one after the other, for digests that need no confirmation.
    var texts: [UInt8] = []
    var textCount = 0
    var textBytes = 0
    var source = ""
    var score: JSONValue?
    var sourceNumbers: [String: UInt32] = [:]
    /// Rows of one source mostly follow each other.
    var lastSource: (name: String, number: UInt32)?
  }

  private func read(_ row: StoredRow, _ reading: inout Reading, _ work: inout Work) throws {
    work.shingles.reset()
    work.digest = Digest128()
    work.texts.removeAll(keepingCapacity: true)
    work.textCount = 0
    work.textBytes = 0
    work.source = ""
    work.score = nil
    guard rules.texts == .all else {
      try rules.texts.forEach(of: row, &reading.scratch) { add($0, &work) }
      work.source = try source.value(in: row)?.stringValue ?? ""
      work.score = try score?.value(in: row)
      return
    }
    try row.read(&reading.tape, &reading.scratch, columns: columns) {
      add($0, &work)
    } column: { number, value in
      if number == 0 { work.source = value.stringValue ?? "" } else { work.score = value }
    }
  }

  private func add(_ text: UnsafeBufferPointer<UInt8>, _ work: inout Work) {
    work.textCount += 1
    work.textBytes += text.count
    work.digest.add(UnsafeRawBufferPointer(text))
    if rules.method != .exact { rules.shingler.append(text, to: &work.shingles) }
    if rules.method != .minhash {
      withUnsafeBytes(of: UInt64(text.count)) { work.texts.append(contentsOf: $0) }
      work.texts.append(contentsOf: text)
    }
  }

  private func addColumns(_ work: inout Work, _ sketch: inout ChunkSketch) {
    if score != nil {
      sketch.scores.append(work.score?.doubleValue ?? -Double.greatestFiniteMagnitude)
    }
    if let last = work.lastSource, last.name == work.source {
      sketch.sourceOf.append(last.number)
      return
    }
    let number = work.sourceNumbers[work.source] ?? UInt32(sketch.sources.count)
    if number == sketch.sources.count {
      work.sourceNumbers[work.source] = number
      sketch.sources.append(work.source)
    }
    work.lastSource = (work.source, number)
    sketch.sourceOf.append(number)
  }

  /// Without shingles digests alone are compared: SHA-256 of the texts, or of the units of a row
  /// that has any.
  private func addDigest(_ work: inout Work, _ sketch: inout ChunkSketch) {
    let isUnits = rules.method == .normalised && !work.shingles.shingles.isEmpty
    let digest = Digest128(sha256: isUnits ? work.shingles.sequenceBytes : work.texts)
    sketch.counts.append(0)
    sketch.digests.append(digest)
    sketch.sequences.append(work.textCount == 0 ? 0 : max(1, digest.low))
  }

  private func addShingles(
    _ index: Int, _ rows: Int, _ work: inout Work, _ sketch: inout ChunkSketch
  ) {
    sketch.digests.append(work.digest)
    let set = work.shingles.shingles
    sketch.counts.append(UInt32(clamping: set.count))
    if work.textCount == 0 {
      sketch.sequences.append(0)
    } else if set.isEmpty {
      sketch.sequences.append(max(1, work.digest.low))
    } else {
      sketch.sequences.append(max(1, work.shingles.sequence.low))
      sketch.shingles.append(contentsOf: set)
      set.withUnsafeBufferPointer { set in
        sketch.keys.withUnsafeMutableBufferPointer { keys in
          guard let base = keys.baseAddress else { return }
          rules.minHash.keys(of: set, to: base + index, stride: rows)
        }
      }
    }
  }
}

extension DedupRules.Texts {
  /// Calls `body` with each text that is compared.
  func forEach(
    of row: StoredRow, _ scratch: inout [UInt8],
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
  ) throws {
    switch self {
    case .all: try row.forEachText(&scratch, body)
    case .column(let name):
      guard case .string(var text)? = try row.field(name) else { return }
      try text.withUTF8(body)
    case .user, .assistant:
      for var text in Self.texts(of: try row.row().content, isUser: self == .user) {
        try text.withUTF8(body)
      }
    }
  }

  private static func texts(of content: RowContent, isUser: Bool) -> [String] {
    func said(_ turns: [Message]) -> [String] {
      turns.filter { $0.role == (isUser ? .user : .assistant) }.map(\.content)
    }
    switch content {
    case .text(let text): return [text]
    case .conversation(let turns, _): return said(turns)
    case .completion(let prompt, let completion): return [isUser ? prompt : completion]
    case .preference(let prompt, let chosen, let rejected):
      return isUser ? said(prompt) : said(chosen) + said(rejected)
    case .unpaired(let prompt, let completion, _):
      return isUser ? said(prompt) : said(completion)
    case .tokens: return []
    }
  }
}
