internal import Patterns

/// A recognizer that the user wrote: patterns with scores, words that raise them, and a check.
///
/// The scores follow Presidio: a passed check gives 1, a failed one drops the match; a context word
/// among the five words before adds 0.35 and gives at least 0.4.
package struct CustomRecognizer: Sendable {
  package enum Check: String, Sendable, CaseIterable {
    /// ISO/IEC 7812-1.
    case luhn
    /// ISO/IEC 7064 mod 97-10 as in IBANs: the first four characters go to the end.
    case iban
    /// ISO/IEC 7064 mod 97-10 over the characters as they stand.
    case mod97
    case verhoeff
  }

  package let name: String
  package let entity: Entity
  private let patterns: [(pattern: Pattern, score: Double)]
  private let context: Set<UInt64>
  private let check: Check?

  /// - Parameter patterns: regular expressions (case is ignored, `.` takes line feeds, `^` and `$`
  ///   stand at every line) and their scores.
  /// - Throws: ``Failure`` of class `badInput` that says at which character a pattern is wrong.
  package init(
    name: String, entity: Entity, patterns: [(regex: String, score: Double)],
    context: [String] = [],
    check: Check? = nil
  ) throws {
    self.name = name
    self.entity = entity
    self.patterns = try patterns.map {
      (try Pattern($0.regex, flags: [.ignoreCase, .multiline, .dotAll]), $0.score)
    }
    self.context = Set(context.map { WordHash.of($0.lowercased()) })
    self.check = check
  }

  func scan(_ text: ByteText, _ found: inout [Detection]) {
    for (pattern, score) in patterns {
      for range in pattern.matches(in: text.bytes) where range.upperBound <= text.count {
        if let check, !Self.passes(text.bytes[range], check) { continue }
        var score = check == nil ? score : 1
        if !context.isEmpty, text.hasCue(before: range.lowerBound, in: context, limit: 5) {
          score = min(1, max(0.4, score + 0.35))
        }
        found.append(Detection(entity, range, score: score, verified: check != nil))
      }
    }
  }

  private static func passes(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ check: Check) -> Bool {
    let characters = bytes.filter(ByteText.isAlphanumeric)
    let digits = characters.map { $0 &- 0x30 }
    switch check {
    case .luhn: return digits.allSatisfy { $0 < 10 } && !digits.isEmpty && Checksum.luhn(digits)
    case .verhoeff:
      return digits.allSatisfy { $0 < 10 } && !digits.isEmpty && Checksum.verhoeff(digits)
    case .mod97: return Checksum.mod97(characters) == 1
    case .iban: return Checksum.mod97(characters.dropFirst(4), characters.prefix(4)) == 1
    }
  }
}
