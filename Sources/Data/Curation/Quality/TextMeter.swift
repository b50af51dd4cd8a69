internal import CKernels

/// Measures one text after another; keeps its memory, so one for each thread or chunk.
package final class TextMeter {
  /// Measures that cost more than the rest, made only where a rule asks.
  package struct Wanted: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    /// Repeated n-grams.
    package static let grams = Wanted(rawValue: 1)
    /// Distinct words, median length, repeats in a row.
    package static let distinct = Wanted(rawValue: 2)
    /// What C4's rules for lines leave.
    package static let lines = Wanted(rawValue: 4)
  }

  /// Characters of a short line, at most: FineWeb's 30.
  package var shortLine = 30
  package var lineRules = C4LineRules()

  private let scratch: OpaquePointer

  package init() {
    guard let scratch = orc_text_scratch_create() else { fatalError("no memory for a text meter") }
    self.scratch = scratch
  }

  deinit { orc_text_scratch_destroy(scratch) }

  /// - Parameter text: valid UTF-8.
  package func measure(_ text: UnsafeBufferPointer<UInt8>, _ wanted: Wanted) -> TextMeasures {
    var measures = TextMeasures()
    let base = text.baseAddress ?? UnsafePointer(Self.nothing)
    TextClasses.entries.withUnsafeBufferPointer { classes in
      let status = orc_text_measure(
        &measures.counts, base, text.count, classes.baseAddress, classes.count, Int64(shortLine),
        wanted.rawValue & 3, scratch)
      precondition(status == 0, "no memory to measure a text of \(text.count) bytes")
      if wanted.contains(.lines) {
        var rules = lineRules.values
        orc_c4_lines(
          &measures.lines, base, text.count, classes.baseAddress, classes.count, &rules, scratch,
          nil, nil)
      }
    }
    return measures
  }

  /// The text as C4's rules for lines leave it.
  package func lines(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var measures = TextMeasures()
    let base = text.baseAddress ?? UnsafePointer(Self.nothing)
    return TextClasses.entries.withUnsafeBufferPointer { classes in
      let status = orc_text_measure(
        &measures.counts, base, text.count, classes.baseAddress, classes.count, Int64(shortLine),
        0, scratch)
      precondition(status == 0, "no memory to measure a text of \(text.count) bytes")
      var rules = lineRules.values
      return [UInt8](unsafeUninitializedCapacity: text.count + 1) { buffer, count in
        orc_c4_lines(
          &measures.lines, base, text.count, classes.baseAddress, classes.count, &rules, scratch,
          buffer.baseAddress, &count)
      }
    }
  }

  /// A place to point at for a text without bytes.
  private nonisolated(unsafe) static let nothing = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
}

/// Counts of one text: what ``QualitySignal`` divides.
package struct TextMeasures {
  var counts = orc_text_measures()
  var lines = orc_c4_result()

  package init() {}
}

/// C4's rules for single lines (Raffel et al. 2020, §2.2, and the published code).
package struct C4LineRules: Sendable, Hashable {
  /// A line with a longer word goes.
  package var wordCharactersMax = 1000
  /// A line of fewer words goes.
  package var wordsMin = 3
  /// Whether a line must end in . ? ! " or ' and not in "...".
  package var needsTerminal = true
  package var dropsJavaScript = true
  package var dropsPolicy = true

  package init() {}

  var values: orc_c4_rules {
    orc_c4_rules(
      word_length_max: Int64(wordCharactersMax), line_words_min: Int64(wordsMin),
      terminal: needsTerminal ? 1 : 0, javascript: dropsJavaScript ? 1 : 0,
      policy: dropsPolicy ? 1 : 0)
  }
}
