internal import CKernels
private import Foundation

/// The words of a text as contamination is looked for: lower case, numbers as 0, marks dropped,
/// everything between words forgotten (datatrove's `simplify_text`, and close to the janitor of
/// lm-evaluation-harness).
package enum NormalWords {
  /// What is compared, in one sentence, for reports.
  package static let normalisation =
    "lower case, each number as 0, accents dropped, punctuation and white space between words "
    + "forgotten; each character by itself in scripts written without spaces"

  /// The hash of each word of `text`, valid UTF-8, in order.
  package static func hashes(_ text: UnsafeBufferPointer<UInt8>) -> [UInt64] {
    guard let base = text.baseAddress else { return [] }
    return table.withUnsafeBufferPointer { table in
      [UInt64](unsafeUninitializedCapacity: text.count + 1) { out, count in
        guard let to = out.baseAddress else { return }
        count = orc_normal_words(to, base, text.count, table.baseAddress, table.count)
      }
    }
  }

  package static func hashes(_ text: String) -> [UInt64] {
    var text = text
    return text.withUTF8 { hashes($0) }
  }

  /// Calls `body` with the hash and the bytes of each word, in order: the same words as
  /// ``hashes(_:)``, for texts that are looked at closely. Zero-width characters are passed over.
  static func forEachWord(
    _ text: UnsafeBufferPointer<UInt8>, _ body: (_ hash: UInt64, _ start: Int, _ end: Int) -> Void
  ) {
    guard let base = text.baseAddress else { return }
    var start = 0
    while start < text.count {
      // A run without white space at a time; a run of several words has one place.
      while start < text.count, text[start] <= 0x20 { start += 1 }
      var end = start
      while end < text.count, text[end] > 0x20 { end += 1 }
      if end > start {
        let run = UnsafeBufferPointer(start: base + start, count: end - start)
        for hash in hashes(run) { body(hash, start, end) }
      }
      start = end
    }
  }

  private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// Calls `body` with the hash and place of every window of `size` words.
  static func forEachGram(
    _ words: [UInt64], size: Int, _ body: (_ key: UInt64, _ place: Int) -> Void
  ) {
    guard size > 0, words.count >= size else { return }
    var power: UInt64 = 1
    for _ in 0..<size { power = power &* base }
    words.withUnsafeBufferPointer { words in
      var value: UInt64 = 0
      for index in words.indices {
        value = value &* base &+ words[index]
        if index >= size { value = value &- words[index - size] &* power }
        if index >= size - 1 {
          body((value ^ value >> 31) &* 0xBF58_476D_1CE4_E5B9, index - size + 1)
        }
      }
    }
  }

  /// What each scalar below U+20000 is; made once, 512 KiB.
  private static let table: [UInt32] = (0..<0x20000).map { entry(UInt32($0)) }

  private static func entry(_ value: UInt32) -> UInt32 {
    guard let scalar = Unicode.Scalar(value) else { return 0 }
    switch scalar.properties.generalCategory {
    // Marks, and format characters such as zero-width ones: read as if they were not there.
    case .nonspacingMark, .format: return ORC_NORMAL_SKIP
    case .decimalNumber: return ORC_NORMAL_DIGIT
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .letterNumber, .otherNumber, .spacingMark, .enclosingMark:
      let lower = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
      let isHangul = (0xAC00...0xD7A3).contains(value)
      let first =
        value < 0xC0 || isHangul
        ? lower : String(lower).decomposedStringWithCanonicalMapping.unicodeScalars.first ?? lower
      return first.value | (ScalarTable.isUnspaced(value) ? ORC_NORMAL_ALONE : ORC_NORMAL_WORD)
    default: return 0
    }
  }
}
