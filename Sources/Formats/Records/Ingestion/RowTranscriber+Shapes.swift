internal import CKernels
internal import Documents

// One function a shape, each as the function of its name in ``RowShaper``.
extension RowTranscriber {
  mutating func text() -> Bool {
    guard let text = string(names.text) else { return false }
    if tape.entries[text].length == 0 { warning = "empty_text" }
    line.append(",\"type\":\"text\",\"text\":\"")
    let range = write(text)
    line.append("\"")
    canonical.append("{")
    guard writeFields() else { return false }
    canonical.append("\"text\":")
    copy(range)
    canonical.append(",\"type\":\"text\"}")
    endLine()
    return true
  }

  mutating func conversation() -> Bool {
    guard let messages = column(names.messages) else { return false }
    var system = optional(names.system)
    if let found = system {
      guard tape.isKind(found, ORC_JSON_STRING) else { return false }
      if tape.entries[found].length == 0 { system = nil }
    }
    line.append(",\"type\":\"conversation\",\"messages\":")
    guard writeTurns(messages, before: system) else { return false }
    warnOfAnswers()
    return endConversation(tools: names.tools)
  }

  /// Tools, columns and the canonical form of a conversation whose turns are written.
  private mutating func endConversation(tools names: [[UInt8]]) -> Bool {
    let tools = names.isEmpty ? nil : optional(names)
    if let tools {
      guard tape.isKind(tools, ORC_JSON_ARRAY) else { return false }
      line.append(",\"tools\":")
      guard TranscribedValue.value(tape, tools, sorted: false, to: &line) else { return false }
    }
    canonical.append("{")
    guard writeFields() else { return false }
    canonical.append("\"messages\":")
    guard copyTurns(0..<turns.count) else { return false }
    if let tools {
      canonical.append(",\"tools\":")
      guard TranscribedValue.value(tape, tools, sorted: true, to: &canonical) else { return false }
    }
    canonical.append(",\"type\":\"conversation\"}")
    endLine()
    return true
  }

  mutating func alpaca() -> Bool {
    let system = optional(names.system)
    if let system, !tape.isKind(system, ORC_JSON_STRING) { return false }
    guard optional(names.history) == nil, let instruction = string(names.instruction) else {
      return false
    }
    let input = optional(names.input)
    if let input, !tape.isKind(input, ORC_JSON_STRING) { return false }
    guard let output = string(names.output) else { return false }
    line.append(",\"type\":\"conversation\",\"messages\":[")
    if let system, tape.entries[system].length > 0 { writeTurn(.system, system) }
    beginTurn(.user)
    let start = line.count
    _ = write(instruction)
    if let input, tape.entries[input].length > 0 {
      line.append("\\n")
      _ = write(input)
    }
    let content = start..<line.count
    line.append("\"}")
    turns.append(Turn(role: .user, content: content, train: nil, extras: 0..<0))
    writeTurn(.assistant, output)
    line.append("]")
    warnOfAnswers()
    return endConversation(tools: [])
  }

  mutating func completion() -> Bool {
    guard let prompt = string(names.prompt), let completion = string(names.completion) else {
      return false
    }
    if tape.entries[completion].length == 0 { warning = "empty_text" }
    line.append(",\"type\":\"completion\",\"prompt\":\"")
    let asked = write(prompt)
    line.append("\",\"completion\":\"")
    let answer = write(completion)
    line.append("\"")
    canonical.append("{\"completion\":")
    copy(answer)
    canonical.append(",")
    guard writeFields() else { return false }
    canonical.append("\"prompt\":")
    copy(asked)
    canonical.append(",\"type\":\"completion\"}")
    endLine()
    return true
  }

  /// Where prompt and answers are texts.
  mutating func preference() -> Bool {
    guard let chosen = string(names.chosen), let rejected = string(names.rejected) else {
      return false
    }
    let system = optional(names.system)
    if let system, !tape.isKind(system, ORC_JSON_STRING) { return false }
    guard let prompt = string(names.prompt) else { return false }
    line.append(",\"type\":\"preference\",\"prompt\":[")
    if let system, tape.entries[system].length > 0 { writeTurn(.system, system) }
    writeTurn(.user, prompt)
    let asked = turns.count
    line.append("],\"chosen\":[")
    writeTurn(.assistant, chosen)
    line.append("],\"rejected\":[")
    writeTurn(.assistant, rejected)
    line.append("]")
    // Equal as Swift's strings are.
    if tape.string(chosen) == tape.string(rejected) { warning = "chosen_equals_rejected" }
    canonical.append("{\"chosen\":")
    guard copyTurns(asked..<(asked + 1)) else { return false }
    canonical.append(",")
    guard writeFields() else { return false }
    canonical.append("\"prompt\":")
    guard copyTurns(0..<asked) else { return false }
    canonical.append(",\"rejected\":")
    guard copyTurns((asked + 1)..<(asked + 2)) else { return false }
    canonical.append(",\"type\":\"preference\"}")
    endLine()
    return true
  }

  mutating func unpaired() -> Bool {
    guard let prompt = column(names.prompt), let completion = column(names.completion),
      let label = column(names.label), let wanted = tape.flag(label)
    else { return false }
    line.append(",\"type\":\"unpaired\",\"prompt\":")
    guard writeTurns(prompt, text: .user) else { return false }
    let asked = turns.count
    line.append(",\"completion\":")
    guard writeTurns(completion, text: .assistant) else { return false }
    line.append(wanted ? ",\"label\":true" : ",\"label\":false")
    canonical.append("{\"completion\":")
    guard copyTurns(asked..<turns.count) else { return false }
    canonical.append(",")
    guard writeFields() else { return false }
    canonical.append(wanted ? "\"label\":true" : "\"label\":false")
    canonical.append(",\"prompt\":")
    guard copyTurns(0..<asked) else { return false }
    canonical.append(",\"type\":\"unpaired\"}")
    endLine()
    return true
  }

  /// A column that must be there and be a text.
  private mutating func string(_ names: [[UInt8]]) -> Int? {
    guard let value = column(names), tape.isKind(value, ORC_JSON_STRING) else { return nil }
    return value
  }

  private mutating func warnOfAnswers() {
    var hasAnswer = false
    for turn in turns where turn.role == .assistant {
      if !turn.content.isEmpty || !turn.extras.isEmpty { return }
      hasAnswer = true
    }
    warning = hasAnswer ? "empty_text" : "no_answer"
  }
}
