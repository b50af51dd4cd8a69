internal import Diagnostics
package import Documents

/// Brings a row of one shape of the field to ``RowContent``; other columns become fields.
package struct RowShaper: Sendable {
  package struct Shaped: Sendable {
    package var content: RowContent
    package var fields: [JSONMember]
    /// A reason to look at the row that does not make it wrong: `no_answer`, `empty_text`,
    /// `chosen_equals_rejected`.
    package var warning: String?
  }

  let shape: RowShape
  let columns: ColumnNames

  package init(_ shape: RowShape, _ columns: ColumnNames) {
    self.shape = shape.canonical
    self.columns = columns
  }

  /// - Throws: what is wrong with the row, without its contents.
  package func row(_ json: JSONValue) throws(RowProblem) -> Shaped {
    guard case .object(let members) = json else {
      throw RowProblem(
        "row.not-object", "found \(json.kindName), expected an object of named columns")
    }
    var reader = RowColumns(json, members, columns, shape)
    var warning: String?
    let content: RowContent
    switch shape {
    case .completion:
      let text = try reader.text(.text)
      if text.isEmpty { warning = "empty_text" }
      content = .text(text)
    case .chatTemplate, .sharegpt: content = try conversation(&reader, &warning)
    case .alpaca: content = try alpaca(&reader, &warning)
    case .promptCompletion: content = try promptCompletion(&reader, &warning)
    case .preference: content = try preference(&reader, &warning)
    case .kto: content = try unpaired(&reader)
    case .prompt: content = try prompt(&reader)
    case .inputOutput: content = try segments(&reader, &warning)
    case .stepwise: content = try steps(&reader)
    case .pretokenised: content = try tokens(&reader)
    default: throw unknownShape(members)
    }
    return Shaped(content: content, fields: reader.rest, warning: warning)
  }

  private func unknownShape(_ members: [JSONMember]) -> RowProblem {
    let expected = [
      "text", "messages", "conversations", "instruction", "prompt", "chosen", "segments",
    ]
    for member in members {
      if let near = NearestName.suggestion(for: member.key, among: expected) {
        return RowProblem(
          "row.unknown-type", "the columns fit no type of row; there is no '\(near)'",
          fix: "is '\(SafeText.escaped(member.key, limit: 40))' meant? set 'type' and its 'field'")
      }
    }
    return RowProblem(
      "row.unknown-type", "the columns fit no type of row; there is no 'text' and no 'messages'",
      fix: "set 'type', and the names of columns that differ, such as 'field_messages'")
  }

  private func conversation(_ reader: inout RowColumns, _ warning: inout String?)
    throws(RowProblem) -> RowContent
  {
    var turns = try reader.turns(.messages)
    if let system = try reader.optionalText(.system), !system.isEmpty,
      turns.first?.role != .system
    {
      turns.insert(Message(.system, system), at: 0)
    }
    warning = Self.warning(turns)
    return .conversation(turns, tools: try reader.tools())
  }

  /// Turns as LLaMA-Factory makes them: the input follows the instruction after a line feed.
  private func alpaca(_ reader: inout RowColumns, _ warning: inout String?) throws(RowProblem)
    -> RowContent
  {
    var turns: [Message] = []
    if let system = try reader.optionalText(.system), !system.isEmpty {
      turns.append(Message(.system, system))
    }
    for (question, answer) in try reader.history() {
      turns.append(Message(.user, question))
      turns.append(Message(.assistant, answer))
    }
    let instruction = try reader.text(.instruction)
    let input = try reader.optionalText(.input) ?? ""
    turns.append(Message(.user, input.isEmpty ? instruction : instruction + "\n" + input))
    turns.append(Message(.assistant, try reader.text(.output)))
    warning = Self.warning(turns)
    return .conversation(turns, tools: nil)
  }

  private func promptCompletion(_ reader: inout RowColumns, _ warning: inout String?)
    throws(RowProblem) -> RowContent
  {
    let prompt = try reader.required(.prompt)
    let completion = try reader.required(.completion)
    if prompt.value.stringValue == nil || completion.value.stringValue == nil {
      // In chat form only the completion is trained on, as with TRL.
      let asked = try reader.turns(prompt, text: .user).map { turn in
        var turn = turn
        turn.train = false
        return turn
      }
      let turns = asked + (try reader.turns(completion, text: .assistant))
      warning = Self.warning(turns)
      return .conversation(turns, tools: try reader.tools())
    }
    let answer = try reader.text(.completion)
    if answer.isEmpty { warning = "empty_text" }
    return .completion(prompt: try reader.text(.prompt), completion: answer)
  }

  private func prompt(_ reader: inout RowColumns) throws(RowProblem) -> RowContent {
    let turns = try reader.turns(try reader.required(.prompt), text: .user)
    return .conversation(turns, tools: try reader.tools())
  }

  private func unpaired(_ reader: inout RowColumns) throws(RowProblem) -> RowContent {
    let prompt = try reader.turns(try reader.required(.prompt), text: .user)
    let completion = try reader.turns(try reader.required(.completion), text: .assistant)
    let label = try reader.required(.label)
    guard let wanted = label.value.label else {
      throw reader.wrongType(label, "true or false")
    }
    return .unpaired(prompt: prompt, completion: completion, label: wanted)
  }

  /// Positions that the attention mask leaves out are padding and are dropped.
  private func tokens(_ reader: inout RowColumns) throws(RowProblem) -> RowContent {
    _ = try reader.required(.inputIDs)
    var ids = try reader.integers(.inputIDs) ?? []
    var labels = try reader.integers(.labels) ?? ids
    guard !ids.isEmpty else { throw RowProblem("row.empty", "'input_ids' is empty") }
    guard labels.count == ids.count else {
      throw RowProblem(
        "row.length", "\(labels.count) labels for \(ids.count) input_ids, expected as many")
    }
    if let mask = try reader.integers(.attentionMask) {
      guard mask.count == ids.count else {
        throw RowProblem(
          "row.length", "attention_mask has \(mask.count) values for \(ids.count) input_ids")
      }
      let kept = ids.indices.filter { mask[$0] != 0 }
      (ids, labels) = (kept.map { ids[$0] }, kept.map { labels[$0] })
    }
    for index in ids.indices {
      guard ids[index] >= 0 else {
        throw RowProblem("row.token", "input_ids[\(index)] is negative")
      }
      guard labels[index] == -100 || labels[index] == ids[index] else {
        throw RowProblem(
          "row.label", "labels[\(index)] is neither -100 nor input_ids[\(index)]",
          fix: "labels are not shifted: the label of a position is the id of that position")
      }
    }
    return .tokens(ids: ids, labels: labels)
  }

  /// Whether a conversation teaches anything.
  static func warning(_ turns: [Message]) -> String? {
    let answers = turns.filter { $0.role == .assistant }
    if answers.isEmpty { return "no_answer" }
    let isSilent = answers.allSatisfy { $0.content.isEmpty && $0.extra.isEmpty }
    return isSilent ? "empty_text" : nil
  }
}
