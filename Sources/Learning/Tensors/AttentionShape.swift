/// The sizes of one attention layer.
package struct AttentionShape: Sendable, Hashable {
  package let headCount: Int
  package let keyValueHeadCount: Int
  package let headSize: Int
  package let scale: Float
  /// A query sees this many keys, its own included.
  package let window: Int
  /// Scores become cap · tanh(score / cap); 0: they stay.
  package let softcap: Float

  package init(
    headCount: Int, keyValueHeadCount: Int, headSize: Int, scale: Float, window: Int = .max,
    softcap: Float = 0
  ) {
    precondition(window > 0, "a query sees its own key")
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount
    self.headSize = headSize
    self.scale = scale
    self.window = window
    self.softcap = softcap
  }

  package var group: Int { headCount / keyValueHeadCount }
  package var queryWidth: Int { headCount * headSize }
  package var keyWidth: Int { keyValueHeadCount * headSize }
  /// Columns of the fused projection: queries, keys, values.
  package var width: Int { queryWidth + 2 * keyWidth }
  package var queries: Range<Int> { 0..<queryWidth }
  package var keys: Range<Int> { queryWidth..<queryWidth + keyWidth }
  package var values: Range<Int> { queryWidth + keyWidth..<width }
}
