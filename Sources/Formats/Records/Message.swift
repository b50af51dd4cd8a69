package import Documents

/// One turn of a conversation.
package struct Message: Sendable, Hashable {
  package enum Role: String, Sendable, Hashable, CaseIterable {
    case system, user, assistant, tool
  }

  package var role: Role
  package var content: String
  /// Whether the turn is trained on; nil leaves it to the stage (`roles_to_train`).
  package var train: Bool?
  /// What else the row said of this turn (`tool_calls`, `name`, …), in its order.
  package var extra: [JSONMember]

  package init(_ role: Role, _ content: String, train: Bool? = nil, extra: [JSONMember] = []) {
    self.role = role
    self.content = content
    self.train = train
    self.extra = extra
  }
}
