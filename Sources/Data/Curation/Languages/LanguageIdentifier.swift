internal import CKernels
private import Foundation

/// Tells which of 81 languages a text is in, by the letters that follow each other in it.
///
/// A 4-gram model of each language and a prior (Scripts/languages/make_table.py says how it is
/// made). Scripts that one language has to itself decide by the letters alone. Cost: about 100 ns a
/// letter, whatever the text; the first ``lettersMax`` letters are looked at.
///
/// ```swift
/// let (code, confidence) = LanguageIdentifier.shared.identify(bytes)
/// ```
package final class LanguageIdentifier: Sendable {
  package static let shared = LanguageIdentifier()
  package static let lettersMax = 1000
  /// The code of a text that is in no language of the table, or has too few letters to tell.
  package static let unknown = "und"
  /// Fewer letters are no text.
  static let lettersMin = 2

  /// Codes (BCP 47) of all languages, in order.
  package let codes: [String]
  /// Row of the table → index into ``codes``.
  private let codeOf: [Int]
  private nonisolated(unsafe) let model: OpaquePointer
  /// Nats a step of a score, flattened: letters of one word do not speak for themselves.
  private let scale: Double

  private init() {
    guard let model = orc_language_model_create() else {
      fatalError("the language table is damaged")
    }
    self.model = model
    let rows = (0..<orc_language_rows(model)).map { String(cString: orc_language_code(model, $0)) }
    let codes = Set(rows).sorted()
    self.codes = codes
    codeOf = rows.map { row in codes.firstIndex(of: row) ?? 0 }
    scale = Self.flattening / Double(orc_language_steps(model))
  }

  /// Evidence is multiplied by this before it becomes a probability: n-grams that overlap repeat
  /// each other. Of sample sentences with confidence 0.9 and more about nine in ten are right; below
  /// that confidences are too high.
  static let flattening = 0.35

  /// The most probable language of `text`, valid UTF-8, and the probability given to it, 0 to 1.
  package func identify(_ text: UnsafeBufferPointer<UInt8>) -> (code: String, confidence: Double) {
    identify(text, among: nil)
  }

  /// - Parameter candidates: codes that come into question; nil for all.
  package func identify(_ text: UnsafeBufferPointer<UInt8>, among candidates: Set<String>?) -> (
    code: String, confidence: Double
  ) {
    guard let base = text.baseAddress else { return (Self.unknown, 0) }
    var result = orc_language_result()
    LanguageScalars.entries.withUnsafeBufferPointer { lower in
      orc_language_score(
        &result, model, base, text.count, Self.lettersMax, lower.baseAddress, lower.count)
    }
    guard result.letters >= Self.lettersMin, 2 * result.foreign <= result.letters else {
      return (Self.unknown, 0)
    }
    return withUnsafeBytes(of: &result.scores) { raw in
      best(raw.bindMemory(to: Int32.self), candidates)
    }
  }

  private func best(_ scores: UnsafeBufferPointer<Int32>, _ candidates: Set<String>?) -> (
    code: String, confidence: Double
  ) {
    var top = -1
    for row in codeOf.indices {
      if let candidates, !candidates.contains(codes[codeOf[row]]) { continue }
      if top < 0 || scores[row] > scores[top] { top = row }
    }
    if top < 0 { return (Self.unknown, 0) }
    var all = 0.0
    var same = 0.0
    for row in codeOf.indices {
      if let candidates, !candidates.contains(codes[codeOf[row]]) { continue }
      let below = Double(scores[row] - scores[top]) * scale
      if below < -30 { continue }
      let weight = exp(below)
      all += weight
      if codeOf[row] == codeOf[top] { same += weight }
    }
    return (codes[codeOf[top]], same / all)
  }

  /// The same for a string.
  package func identify(_ text: String) -> (code: String, confidence: Double) {
    var text = text
    return text.withUTF8 { identify($0) }
  }
}
