/// Turns ids into text as they come; what it gives, joined, is what ``Tokenizer/decode(_:skipSpecialTokens:)``
/// gives for all of them. A character is given out once its last byte is there.
package struct StreamingDecoder {
  private let tokenizer: Tokenizer
  private let skipSpecialTokens: Bool
  private var state: DecoderState

  package init(_ tokenizer: Tokenizer, skipSpecialTokens: Bool) {
    self.tokenizer = tokenizer
    self.skipSpecialTokens = skipSpecialTokens
    state = DecoderState(tokenizer.decoder)
  }

  /// The text that became certain with `id`; ids without a token give nothing.
  package mutating func append(_ id: Int32) -> String {
    guard let token = tokenizer.bytes(of: id) else { return "" }
    if skipSpecialTokens, tokenizer.isSpecial(id) { return "" }
    return state.append(token, isLiteral: tokenizer.literals.contains(id))
  }

  /// The rest, when no more ids come.
  package mutating func finish() -> String { state.finish() }
}
