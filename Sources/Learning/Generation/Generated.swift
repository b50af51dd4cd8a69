/// A text that a model wrote.
package struct Generated: Sendable, Hashable {
  package enum Finish: String, Sendable, Hashable {
    /// By a stop token or a stop string.
    case stop
    /// By the limit of new tokens, or the end of the model's context.
    case length
  }

  /// What was chosen, without the stop token.
  package var ids: [Int32]
  /// `ids` decoded without special tokens, cut before a stop string.
  package var text: String
  package var finish: Finish
  /// The stop token that ended it, if one did.
  package var stopTokenID: Int32?
  /// Per step, the best logit minus the second best; the step that chose a stop token included.
  /// Where a gap is tiny, another implementation may well choose the other token.
  package var topGaps: [Float]
  /// Per step, all logits; empty unless they are asked for.
  package var logits: [[Float]] = []

  package init(
    ids: [Int32], text: String, finish: Finish, topGaps: [Float], stopTokenID: Int32? = nil
  ) {
    self.ids = ids
    self.text = text
    self.finish = finish
    self.topGaps = topGaps
    self.stopTokenID = stopTokenID
  }
}
