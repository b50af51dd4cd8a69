package import Documents

/// What a row holds, after ingest has brought every shape of the field to one of these
/// (reference `training-and-evaluation.md` §3).
package enum RowContent: Sendable, Hashable {
  /// `text`: continued pre-training.
  case text(String)
  /// `messages`: chat_template, openai, sharegpt, alpaca and prompt-completion in chat form.
  case conversation([Message], tools: JSONValue?)
  /// `prompt` + `completion` without a chat template.
  case completion(prompt: String, completion: String)
  /// `prompt` + `chosen` + `rejected`; the answers are the turns after the prompt.
  case preference(prompt: [Message], chosen: [Message], rejected: [Message])
  /// `prompt` + `completion` + `label`: KTO.
  case unpaired(prompt: [Message], completion: [Message], label: Bool)
  /// `input_ids`, `labels`: already tokenised; -100 marks what is not trained.
  case tokens(ids: [Int32], labels: [Int32])
}

/// One record: content, and the user's other columns.
package struct Row: Sendable, Hashable {
  package var id: RowID
  package var content: RowContent
  /// Columns that are not content (`label`, `language`, `source`, …), in their order.
  package var fields: [JSONMember]

  package init(id: RowID, content: RowContent, fields: [JSONMember] = []) {
    self.id = id
    self.content = content
    self.fields = fields
  }

  /// The column `name`, or nil.
  package func field(_ name: String) -> JSONValue? { fields.first { $0.key == name }?.value }
}

/// Who a row is: the hash of its canonical content and fields, plus its ordinal among equals.
///
/// Identity does not depend on the place in a file, so an insertion upstream renames nothing.
package struct RowID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// 32 hexadecimal digits: the first half of the SHA-256 of the canonical row.
  package var hash: String
  /// 0 for the first row with this content, 1 for the next, …
  package var ordinal: Int

  package init(hash: String, ordinal: Int) {
    self.hash = hash
    self.ordinal = ordinal
  }

  /// `hash`, or `hash-ordinal` from the second equal on.
  package var description: String { ordinal == 0 ? hash : "\(hash)-\(ordinal)" }

  package static func < (a: RowID, b: RowID) -> Bool {
    (a.hash, a.ordinal) < (b.hash, b.ordinal)
  }
}
