package import Documents

/// The shapes that rows of the field have, by the names its users write
/// (reference `training-and-evaluation.md` §3).
package enum RowShape: String, Sendable, CaseIterable {
  /// By the columns of the first row that fits one of the others.
  case auto
  /// `messages`: a list of `role` and `content`.
  case chatTemplate = "chat_template"
  /// The same as `chat_template`.
  case openai, messages
  /// `conversations`: a list of `from` and `value`.
  case sharegpt
  /// `instruction`, perhaps `input`, `system` and `history`, and `output`.
  case alpaca
  /// `text`.
  case completion
  /// The same as `completion`.
  case text, pretrain
  /// `prompt` and `completion`.
  case promptCompletion = "prompt_completion"
  /// Perhaps `prompt`, `chosen`, `rejected`.
  case preference
  /// The same as `preference`.
  case dpo
  /// `prompt`, `completion` and `label`.
  case kto
  /// The same as `kto`.
  case unpaired
  /// `segments`: a list of `text` and `label`, without a template: what is trained on follows what
  /// is not.
  case inputOutput = "input_output"
  /// `prompt`, `completions` and `labels`: steps of an answer, each right or wrong.
  case stepwise
  /// `prompt` alone, and whatever rewards read: a conversation that waits for its answer.
  case prompt
  /// The same as `prompt`.
  case promptOnly = "prompt_only"
  /// `input_ids`, perhaps `labels` and `attention_mask`.
  case pretokenised
  /// The same as `pretokenised`.
  case pretokenized

  /// One name for each shape.
  var canonical: RowShape {
    switch self {
    case .openai, .messages: .chatTemplate
    case .text, .pretrain: .completion
    case .dpo: .preference
    case .unpaired: .kto
    case .promptOnly: .prompt
    case .pretokenized: .pretokenised
    default: self
    }
  }

  /// The shape that the columns of `row` imply, or nil.
  package static func detected(_ row: JSONValue, _ columns: ColumnNames) -> RowShape? {
    func has(_ column: ColumnNames.Column, _ shape: RowShape) -> Bool {
      columns.find(column, in: row, shape) != nil
    }
    if has(.inputIDs, .pretokenised) { return .pretokenised }
    if has(.segments, .inputOutput) { return .inputOutput }
    if has(.prompt, .stepwise), has(.completions, .stepwise), has(.labels, .stepwise) {
      return .stepwise
    }
    if has(.chosen, .preference), has(.rejected, .preference) { return .preference }
    if has(.messages, .chatTemplate) { return .chatTemplate }
    if has(.messages, .sharegpt) { return .sharegpt }
    if has(.prompt, .kto), has(.completion, .kto),
      columns.find(.label, in: row, .kto)?.isLabel == true
    {
      return .kto
    }
    if has(.instruction, .alpaca), has(.output, .alpaca) { return .alpaca }
    if has(.prompt, .promptCompletion), has(.completion, .promptCompletion) {
      return .promptCompletion
    }
    if has(.text, .completion) { return .completion }
    return has(.prompt, .prompt) ? .prompt : nil
  }
}

extension JSONValue {
  /// A boolean of KTO, also where a CSV file writes it as text.
  var label: Bool? {
    switch self {
    case .bool(let value): value
    case .integer(0): false
    case .integer(1): true
    case .string("true"), .string("True"), .string("TRUE"), .string("1"): true
    case .string("false"), .string("False"), .string("FALSE"), .string("0"): false
    default: nil
    }
  }

  fileprivate var isLabel: Bool { label != nil }
}
