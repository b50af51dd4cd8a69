/// Finds personal data in texts. Immutable; shared between threads.
package struct Detector: Sendable {
  private let tables: DispatchTables
  private let whole: [@Sendable (ByteText, inout [Detection]) -> Void]
  private let ofWords: [@Sendable (TextWords, inout [Detection]) -> Void]
  private let rules: FinderRules
  private let thresholds: Thresholds
  private let custom: [CustomRecognizer]
  private let allowed: Set<String>
  private let denied: [[UInt8]]

  /// - Parameters:
  ///   - entities: what to look for.
  ///   - scoreThreshold: detections below it are dropped.
  ///   - thresholds: the same for single entities.
  ///   - allowList: values that are never personal data, compared by ``NormalizedValue``.
  ///   - denyList: texts that always are (entity `DENY_LIST`), as whole words in any ASCII case.
  ///   - custom: the user's own recognizers, always looked for.
  package init(
    entities: [Entity] = Entity.standard, scoreThreshold: Double = 0.4,
    thresholds byEntity: [Entity: Double] = [:], allowList: [String] = [], denyList: [String] = [],
    custom: [CustomRecognizer] = []
  ) {
    let wanted = Set(entities)
    let thresholds = Thresholds(standard: scoreThreshold, byEntity: byEntity)
    let recognizers = RecognizerList.all.filter { wanted.contains($0.entity) }
    tables = DispatchTables(recognizers)
    whole = recognizers.compactMap {
      if case .whole(let scan) = $0.search { scan } else { nil }
    }
    ofWords = recognizers.compactMap {
      if case .words(let scan) = $0.search { scan } else { nil }
    }
    rules = FinderRules { wanted.contains($0) ? thresholds[$0] : nil }
    self.thresholds = thresholds
    self.custom = custom
    allowed = Set(allowList.map { NormalizedValue.of($0) })
    denied = denyList.filter { !$0.isEmpty }.map { Array($0.utf8) }
  }

  /// Personal data in `text`, in order, without overlaps.
  package func detections(in text: String) -> [Detection] {
    var text = text
    return text.withUTF8 { detections(in: ByteText($0)) }
  }

  package func detections(in text: ByteText) -> [Detection] {
    var scratch = DetectorScratch()
    return detections(in: text, &scratch)
  }

  /// The same with buffers that a caller keeps from text to text.
  package func detections(in text: ByteText, _ scratch: inout DetectorScratch) -> [Detection] {
    // The kernel's offsets have 32 bits.
    guard text.count > 0, text.count < 1 << 31 else { return [] }
    let words = scratch.read(text, rules, cutsWords: !ofWords.isEmpty)
    var found = scratch.takeFound()
    if !tables.isEmpty { dispatch(text, &found) }
    for scan in whole { scan(text, &found) }
    if let words {
      for scan in ofWords { scan(words, &found) }
    }
    for recognizer in custom { recognizer.scan(text, &found) }
    for value in denied { appendDenied(value, in: text, to: &found) }
    if !found.isEmpty { leaveOut(text, &found) }
    found.resolve()
    scratch.found = found
    return found
  }

  /// Takes out what is not sure enough, and what is allowed.
  private func leaveOut(_ text: ByteText, _ found: inout [Detection]) {
    if thresholds.areMet(by: found), allowed.isEmpty { return }
    found.removeAll { detection in
      detection.score < thresholds[detection.entity]
        || (!allowed.isEmpty
          && allowed.contains(
            NormalizedValue.of(String(decoding: text.bytes[detection.range], as: UTF8.self))))
    }
  }

  private func dispatch(_ text: ByteText, _ found: inout [Detection]) {
    for index in 0..<text.count {
      var mask = tables.masks[Int(text.bytes[index])]
      while mask != 0 {
        let slot = mask.trailingZeroBitCount
        mask &= mask - 1
        if let detection = tables.matches[slot](text, index) { found.append(detection) }
      }
    }
  }

  private func appendDenied(_ value: [UInt8], in text: ByteText, to found: inout [Detection]) {
    guard text.count >= value.count else { return }
    let first = ByteText.lower(value[0])
    var index = 0
    while index + value.count <= text.count {
      if ByteText.lower(text.bytes[index]) == first,
        value.indices.allSatisfy({
          ByteText.lower(text.bytes[index + $0]) == ByteText.lower(value[$0])
        }), !text.isWord(before: index), !text.isWord(at: index + value.count)
      {
        found.append(
          Detection(.denyList, index..<index + value.count, score: 1, verified: true))
        index += value.count
      } else {
        index += 1
      }
    }
  }
}

/// The score that an entity must reach.
struct Thresholds: Sendable {
  var standard: Double
  var byEntity: [Entity: Double]

  subscript(entity: Entity) -> Double {
    byEntity.isEmpty ? standard : byEntity[entity] ?? standard
  }

  /// Whether every detection reaches its entity's score.
  func areMet(by found: [Detection]) -> Bool {
    for detection in found where detection.score < self[detection.entity] { return false }
    return true
  }
}

/// Buffers of one thread, kept from text to text.
package struct DetectorScratch: ~Copyable {
  private var marks = MarkScan()
  private var words = WordCut()
  private let run = NumberRun()
  /// What was found in the last text: its storage serves the next one, unless the caller still
  /// holds it.
  fileprivate var found: [Detection] = []

  package init() {}

  deinit { run.free() }

  /// Reads the text, and looks at its marks: what they are is ``found``.
  ///
  /// - Returns: its words where they are asked for, valid until the next text.
  mutating func read(_ text: ByteText, _ rules: FinderRules, cutsWords: Bool) -> TextWords? {
    var read: TextWords?
    if cutsWords {
      read = marks.scan(text, rules.cueTable, &words)
    } else {
      marks.scan(text, rules.cueTable)
    }
    var kept = takeFound()
    kept.removeAll(keepingCapacity: true)
    if marks.markCount == 0 {
      found = kept
      return read
    }
    var finder = Finder(
      text, marks: UnsafeBufferPointer(rebasing: marks.marks[..<marks.markCount]),
      cues: UnsafeBufferPointer(rebasing: marks.cues[..<marks.cueCount]), rules: rules, run: run,
      found: kept)
    kept = []
    finder.lookAtAll()
    found = finder.found
    return read
  }

  /// ``found``, so that its storage has one owner.
  fileprivate mutating func takeFound() -> [Detection] {
    var taken: [Detection] = []
    swap(&taken, &found)
    return taken
  }
}

/// Which recognizers to ask at which byte.
private struct DispatchTables: Sendable {
  /// Bit i of entry b: recognizer i wants byte b.
  var masks = [UInt64](repeating: 0, count: 256)
  var matches: [@Sendable (ByteText, Int) -> Detection?] = []

  var isEmpty: Bool { matches.isEmpty }

  init(_ recognizers: [Recognizer]) {
    for recognizer in recognizers {
      guard case .at(let bytes, let match) = recognizer.search else { continue }
      precondition(matches.count < 64, "more than 64 recognizers by byte")
      for byte in bytes { masks[Int(byte)] |= 1 << UInt64(matches.count) }
      matches.append(match)
    }
  }
}
