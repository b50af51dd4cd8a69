/// A token that a tokenizer gives a role: beginning, end, padding, unknown.
package struct SpecialToken: Sendable, Hashable {
  package var id: Int32
  package var text: String

  package init(id: Int32, text: String) {
    self.id = id
    self.text = text
  }
}
