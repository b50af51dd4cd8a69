/// A token that is found in text before any other step.
struct AddedToken: Sendable {
  var id: Int32
  var content: [UInt8]
  /// Control tokens: left out when decoding for people, not parsed from text of users.
  var isSpecial: Bool
  var singleWord: Bool
  /// Takes the blanks before (after) it along.
  var stripsLeft: Bool
  var stripsRight: Bool
  /// Looked for after normalization.
  var isNormalized: Bool
  /// What is looked for: the content, normalized where the text is.
  var pattern: [UInt8] = []

  func normalized(by normalizer: Normalizer) -> AddedToken {
    var token = self
    token.pattern =
      isNormalized
      ? content.withUnsafeBufferPointer { normalizer.apply($0, isStart: true) { Array($0) } }
      : content
    return token
  }
}
