/// Finds personal data in texts. Immutable; shared between threads.
package struct Detector: Sendable {
  private let tables: DispatchTables
  private let whole: [@Sendable (ByteText, inout [Detection]) -> Void]
  private let scoreThreshold: Double
  private let allowed: Set<String>
  private let denied: [[UInt8]]

  /// - Parameters:
  ///   - entities: what to look for.
  ///   - scoreThreshold: detections below it are dropped.
  ///   - allowList: values that are never personal data, compared by ``NormalizedValue``.
  ///   - denyList: texts that always are (entity `DENY_LIST`), as whole words in any ASCII case.
  package init(
    entities: [Entity] = Entity.known, scoreThreshold: Double = 0.4, allowList: [String] = [],
    denyList: [String] = []
  ) {
    let wanted = Set(entities)
    let recognizers = RecognizerList.all.filter { wanted.contains($0.entity) }
    tables = DispatchTables(recognizers)
    whole = recognizers.compactMap {
      if case .whole(let scan) = $0.search { scan } else { nil }
    }
    self.scoreThreshold = scoreThreshold
    allowed = Set(allowList.map { NormalizedValue.of($0) })
    denied = denyList.filter { !$0.isEmpty }.map { Array($0.utf8) }
  }

  /// Personal data in `text`, in order, without overlaps. One pass over the bytes; recognizers are
  /// asked only at bytes that can begin or mark what they find.
  package func detections(in text: String) -> [Detection] {
    var text = text
    return text.withUTF8 { detections(in: ByteText($0)) }
  }

  package func detections(in text: ByteText) -> [Detection] {
    var found: [Detection] = []
    for index in 0..<text.count {
      var mask = tables.masks[Int(text.bytes[index])]
      while mask != 0 {
        let slot = mask.trailingZeroBitCount
        mask &= mask - 1
        if let detection = tables.matches[slot](text, index) { found.append(detection) }
      }
    }
    for scan in whole { scan(text, &found) }
    for value in denied { appendDenied(value, in: text, to: &found) }
    found.removeAll { detection in
      detection.score < scoreThreshold
        || (!allowed.isEmpty
          && allowed.contains(
            NormalizedValue.of(String(decoding: text.bytes[detection.range], as: UTF8.self))))
    }
    return found.count < 2 ? found : found.resolved()
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

/// Which recognizers to ask at which byte.
private struct DispatchTables: Sendable {
  /// Bit i of entry b: recognizer i wants byte b.
  var masks = [UInt32](repeating: 0, count: 256)
  var matches: [@Sendable (ByteText, Int) -> Detection?] = []

  init(_ recognizers: [Recognizer]) {
    for recognizer in recognizers {
      guard case .at(let bytes, let match) = recognizer.search else { continue }
      precondition(matches.count < 32, "more than 32 recognizers by byte")
      for byte in bytes { masks[Int(byte)] |= 1 << UInt32(matches.count) }
      matches.append(match)
    }
  }
}
