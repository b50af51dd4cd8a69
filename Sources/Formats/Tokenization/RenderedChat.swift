/// A rendered conversation. Offsets are UTF-8 bytes of `text`.
package struct RenderedChat: Sendable {
  /// A message's place in the text.
  package struct Turn: Sendable, Hashable {
    /// Index into the messages.
    package var message: Int
    /// What the turn's author produced: for an assistant turn all the model generates, from after
    /// the generation prompt through the end-of-turn token.
    package var span: Range<Int>
  }

  package var text: String
  /// One per message that left text, in order of place.
  package var turns: [Turn]
  /// Text that came from messages and tools, where control tokens are text.
  package var contentSpans: [Range<Int>]
  /// Spans of assistant turns.
  package var assistantSpans: [Range<Int>]

  init(text: String, turns: [(turn: Turn, isAssistant: Bool)], contentSpans: [Range<Int>]) {
    self.text = text
    self.turns = turns.map(\.turn)
    self.contentSpans = contentSpans
    assistantSpans = turns.filter(\.isAssistant).map(\.turn.span)
  }
}
