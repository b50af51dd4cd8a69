internal import Documents

/// Which column of a source holds what. Keys are Axolotl's.
package struct ColumnNames: Sendable, Hashable {
  package enum Column: String, Sendable, CaseIterable {
    case text = "field"
    case messages = "field_messages"
    case tools = "field_tools"
    case system = "field_system"
    case instruction = "field_instruction"
    case input = "field_input"
    case output = "field_output"
    case prompt = "field_prompt"
    case completion = "field_completion"
    case chosen = "field_chosen"
    case rejected = "field_rejected"
    case label = "field_label"
    case history, segments, completions, inputIDs, labels, attentionMask
  }

  /// Names the user gave.
  package var given: [Column: String]
  /// The members of a message that hold its role and its content, where given.
  package var roleKey: String?
  package var contentKey: String?
  /// Their names of roles → ours.
  package var roles: [String: Message.Role]

  package init(
    _ given: [Column: String] = [:], roleKey: String? = nil, contentKey: String? = nil,
    roles: [String: Message.Role] = [:]
  ) {
    self.given = given
    self.roleKey = roleKey
    self.contentKey = contentKey
    self.roles = roles
  }

  /// The names to look for, the first one first.
  func candidates(_ column: Column, _ shape: RowShape) -> [String] {
    if let name = given[column] { return [name] }
    switch column {
    case .text: return ["text"]
    case .messages:
      switch shape {
      case .sharegpt: return ["conversations"]
      case .preference: return ["messages", "conversations"]
      default: return ["messages"]
      }
    case .tools: return ["tools"]
    case .system: return ["system"]
    case .instruction: return ["instruction"]
    case .input: return ["input"]
    case .output: return ["output"]
    case .prompt:
      return shape == .preference ? ["prompt", "question", "instruction"] : ["prompt"]
    case .completion: return ["completion", "response"]
    case .chosen: return ["chosen", "chosen_response"]
    case .rejected: return ["rejected", "rejected_response"]
    case .label: return ["label"]
    case .history: return ["history"]
    case .segments: return ["segments"]
    case .completions: return ["completions"]
    case .inputIDs: return ["input_ids"]
    case .labels: return ["labels"]
    case .attentionMask: return ["attention_mask"]
    }
  }

  /// The name and value of the column in `row`, or nil.
  func member(_ column: Column, in row: JSONValue, _ shape: RowShape) -> JSONMember? {
    for name in candidates(column, shape) {
      if let value = row[name] { return JSONMember(name, value) }
    }
    return nil
  }

  func find(_ column: Column, in row: JSONValue, _ shape: RowShape) -> JSONValue? {
    member(column, in: row, shape)?.value
  }
}
