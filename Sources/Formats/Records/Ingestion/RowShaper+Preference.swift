internal import Documents

extension RowShaper {
  /// `chosen` and `rejected` as texts or lists of turns; a prompt that is not given is what they
  /// have in common. Rows of hh-rlhf, whose texts hold turns, are read as turns.
  func preference(_ reader: inout RowColumns, _ warning: inout String?) throws(RowProblem)
    -> RowContent
  {
    let chosenColumn = try reader.required(.chosen)
    let rejectedColumn = try reader.required(.rejected)
    var prompt: [Message] = []
    if let system = try reader.optionalText(.system), !system.isEmpty {
      prompt.append(Message(.system, system))
    }
    var hasPrompt = false
    if let given = reader.optional(.prompt) ?? reader.optional(.messages) {
      prompt += try reader.turns(given, text: .user)
      hasPrompt = true
    }
    var chosen: [Message]
    var rejected: [Message]
    if !hasPrompt, let a = chosenColumn.value.stringValue, let b = rejectedColumn.value.stringValue
    {
      if let turnsA = Self.dialogue(a), let turnsB = Self.dialogue(b) {
        (chosen, rejected) = (turnsA, turnsB)
      } else {
        let common = Self.commonPrefix(a, b)
        if !common.isEmpty { prompt.append(Message(.user, common)) }
        chosen = [Message(.assistant, String(a.dropFirst(common.count)))]
        rejected = [Message(.assistant, String(b.dropFirst(common.count)))]
      }
    } else {
      chosen = try reader.turns(chosenColumn, text: .assistant)
      rejected = try reader.turns(rejectedColumn, text: .assistant)
    }
    try Self.takePrompt(&prompt, &chosen, &rejected)
    if chosen == rejected { warning = "chosen_equals_rejected" }
    return .preference(prompt: prompt, chosen: chosen, rejected: rejected)
  }

  /// Moves the turns that both answers begin with to the prompt; lists that repeat the prompt
  /// (UltraFeedback) lose it instead.
  private static func takePrompt(
    _ prompt: inout [Message], _ chosen: inout [Message], _ rejected: inout [Message]
  ) throws(RowProblem) {
    let most = min(chosen.count, rejected.count) - 1
    var count = 0
    while count < most, chosen[count] == rejected[count] { count += 1 }
    let common = Array(chosen.prefix(count))
    if !common.isEmpty {
      let asked = prompt.last { $0.role == .user }?.content
      let repeats = asked.map { text in common.contains { $0.role == .user && $0.content == text } }
      if repeats == true {
        let system = common.first?.role == .system ? [] : prompt.filter { $0.role == .system }
        prompt = system + common
      } else {
        prompt += common
      }
      chosen.removeFirst(count)
      rejected.removeFirst(count)
    }
    guard chosen.contains(where: { $0.role == .assistant }),
      rejected.contains(where: { $0.role == .assistant })
    else {
      throw RowProblem("row.no-answer", "'chosen' or 'rejected' holds no turn of the assistant")
    }
  }

  /// The turns of a text in the form of hh-rlhf (`\n\nHuman: … \n\nAssistant: …`), or nil.
  static func dialogue(_ text: String) -> [Message]? {
    let marks = [("\n\nHuman:", Message.Role.user), ("\n\nAssistant:", .assistant)]
    guard marks.contains(where: { text.hasPrefix($0.0) }) else { return nil }
    var turns: [Message] = []
    var rest = Substring(text)
    while !rest.isEmpty {
      guard let mark = marks.first(where: { rest.hasPrefix($0.0) }) else { return nil }
      rest = rest.dropFirst(mark.0.count)
      let ends = marks.compactMap { rest.firstRange(of: $0.0)?.lowerBound }
      let end = ends.min() ?? rest.endIndex
      var content = rest[..<end]
      if content.first == " " { content.removeFirst() }
      turns.append(Message(mark.1, String(content)))
      rest = rest[end...]
    }
    return turns
  }

  /// What two texts begin with, up to and with the last white space before they part (TRL cuts the
  /// same way, so that no word is split between prompt and answer).
  static func commonPrefix(_ a: String, _ b: String) -> String {
    var common = ""
    var word = ""
    for (x, y) in zip(a, b) {
      guard x == y else { return common }
      word.append(x)
      if x.isWhitespace {
        common += word
        word = ""
      }
    }
    return common
  }
}
