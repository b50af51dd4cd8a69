/// What is done to a detection, in Presidio's words.
package enum ScrubOperator: String, Sendable, Hashable, CaseIterable {
  /// `<EMAIL_ADDRESS>`
  case replace
  /// Nothing is left.
  case redact
  /// `***`, one per character.
  case mask
  /// 32 hexadecimal digits of a keyed hash of the normalised value.
  case hash
  /// An invented value of the same kind; the same value gets the same one everywhere.
  case pseudonym
  /// Found and counted, but left.
  case keep

  /// Whether the operator means nothing without a key.
  package var needsKey: Bool { self == .hash || self == .pseudonym }
}

/// Which characters ``ScrubOperator/mask`` covers.
package struct MaskStyle: Sendable, Hashable {
  package var character: String
  /// Nil: all.
  package var charactersToMask: Int?
  package var fromEnd: Bool

  package init(character: String = "*", charactersToMask: Int? = nil, fromEnd: Bool = false) {
    self.character = character
    self.charactersToMask = charactersToMask
    self.fromEnd = fromEnd
  }

  func apply(to value: String) -> String {
    let count = value.count
    let masked = min(count, charactersToMask ?? count)
    let cover = String(repeating: character, count: masked)
    return fromEnd ? value.prefix(count - masked) + cover : cover + value.dropFirst(masked)
  }
}
