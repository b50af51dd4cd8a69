internal import CKernels
internal import Documents

extension RowTranscriber {
  /// Writes `[` turns `]` of the column at entry `index` to `line`: a list of messages, one
  /// message, or, where `text` gives it a role, a text.
  ///
  /// - Parameter before: a turn of the system that goes first, unless there is one.
  mutating func writeTurns(
    _ index: Int, text role: Message.Role? = nil, before system: Int? = nil
  ) -> Bool {
    let start = turns.count
    line.append("[")
    switch Int(tape.entries[index].kind) {
    case ORC_JSON_STRING:
      guard let role else { return false }
      if let system { writeTurn(.system, system) }
      writeTurn(role, index)
    case ORC_JSON_OBJECT:
      guard writeSystem(system, before: index), writeTurn(index) else { return false }
    case ORC_JSON_ARRAY:
      let end = Int(tape.entries[index].next)
      guard index + 1 < end, writeSystem(system, before: index + 1) else { return false }
      var at = index + 1
      while at < end {
        guard writeTurn(at) else { return false }
        at = Int(tape.entries[at].next)
      }
    default: return false
    }
    line.append("]")
    return turns.count > start
  }

  /// A turn of a text column.
  mutating func writeTurn(_ role: Message.Role, _ text: Int) {
    beginTurn(role)
    let content = write(text)
    line.append("\"}")
    turns.append(Turn(role: role, content: content, train: nil, extras: 0..<0))
  }

  /// `{"role":"…","content":"`, after a comma where a turn stands before.
  mutating func beginTurn(_ role: Message.Role) {
    if line.base[line.count - 1] != UInt8(ascii: "[") { line.append(",") }
    line.append("{\"role\":\"")
    line.append(role.bytes)
    line.append("\",\"content\":\"")
  }

  private mutating func writeSystem(_ system: Int?, before first: Int) -> Bool {
    guard let system else { return true }
    guard tape.isKind(first, ORC_JSON_OBJECT), let role = role(first) else { return false }
    if role != .system { writeTurn(.system, system) }
    return true
  }

  private func role(_ turn: Int) -> Message.Role? {
    guard let key = tape.key(turn, names.role), tape.isKind(key + 1, ORC_JSON_STRING) else {
      return nil
    }
    let entry = tape.entries[key + 1]
    guard entry.flags & UInt8(ORC_JSON_ESCAPED) == 0 else { return nil }
    for (name, role) in names.roles where tape.isText(key + 1, name) { return role }
    return nil
  }

  private mutating func writeTurn(_ turn: Int) -> Bool {
    guard tape.isKind(turn, ORC_JSON_OBJECT), hasPlainKeys(turn), let role = role(turn) else {
      return false
    }
    let roleKey = tape.key(turn, names.role)
    let contentKey = tape.key(turn, names.content)
    let firstExtra = extras.count
    var isCall = false
    var train: Bool?
    var weight: Bool?
    var at = turn + 1
    let end = Int(tape.entries[turn].next)
    while at < end {
      let next = Int(tape.entries[at + 1].next)
      if tape.isPlain(at, "train") || tape.isPlain(at, "weight") {
        if !tape.isKind(at + 1, ORC_JSON_NULL) {
          guard let flag = tape.flag(at + 1) else { return false }
          if tape.isPlain(at, "train") { train = flag } else { weight = flag }
        } else if tape.isPlain(at, "train") {
          return false  // a null 'train' hides 'weight': rare, and left to the tree
        }
      } else if at != roleKey, at != contentKey, !tape.isPlain(at, "role"),
        !tape.isPlain(at, "content"), !tape.isKind(at + 1, ORC_JSON_NULL)
      {
        extras.append(at)
        isCall = isCall || tape.isPlain(at, "tool_calls") || tape.isPlain(at, "function_call")
      }
      at = next
    }
    beginTurn(role)
    guard let content = writeContent(contentKey, isCall: isCall) else { return false }
    line.append("\"")
    if let flag = train ?? weight { line.append(flag ? ",\"train\":true" : ",\"train\":false") }
    for key in extras[firstExtra...] {
      line.append(",")
      guard TranscribedValue.member(tape, key, sorted: false, to: &line) else { return false }
    }
    line.append("}")
    turns.append(
      Turn(
        role: role, content: content, train: train ?? weight, extras: firstExtra..<extras.count))
    return true
  }

  /// A text, parts that are joined, or nothing where the turn calls a tool.
  private mutating func writeContent(_ key: Int?, isCall: Bool) -> Range<Int>? {
    let start = line.count
    guard let key, !tape.isKind(key + 1, ORC_JSON_NULL) else {
      return isCall ? start..<start : nil
    }
    if tape.isKind(key + 1, ORC_JSON_STRING) { return write(key + 1) }
    guard tape.isKind(key + 1, ORC_JSON_ARRAY) else { return nil }
    var part = key + 2
    let end = Int(tape.entries[key + 1].next)
    while part < end {
      if tape.isKind(part, ORC_JSON_STRING) {
        _ = write(part)
      } else {
        guard tape.isKind(part, ORC_JSON_OBJECT), hasPlainKeys(part),
          let text = tape.key(part, [Array("text".utf8)]), tape.isKind(text + 1, ORC_JSON_STRING)
        else { return nil }
        _ = write(text + 1)
      }
      part = Int(tape.entries[part].next)
    }
    return start..<line.count
  }

  // MARK: - Canonical form

  /// `[` turns `]` to `canonical`.
  mutating func copyTurns(_ range: Range<Int>) -> Bool {
    canonical.append("[")
    for index in range {
      if index > range.lowerBound { canonical.append(",") }
      guard copyTurn(turns[index]) else { return false }
    }
    canonical.append("]")
    return true
  }

  private mutating func copyTurn(_ turn: Turn) -> Bool {
    // Members by key: those of a row before, between and after content, role and train.
    var (first, second, third, last): ([Int], [Int], [Int], [Int]) = ([], [], [], [])
    for key in extras[turn.extras] {
      if tape.precedes(key, "content") {
        first.append(key)
      } else if tape.precedes(key, "role") {
        second.append(key)
      } else if tape.precedes(key, "train") {
        third.append(key)
      } else {
        last.append(key)
      }
    }
    canonical.append("{")
    guard copy(&first, before: true, after: false) else { return false }
    canonical.append("\"content\":")
    copy(turn.content)
    guard copy(&second, before: false, after: true) else { return false }
    canonical.append(",\"role\":\"")
    canonical.append(turn.role.bytes)
    canonical.append("\"")
    guard copy(&third, before: false, after: true) else { return false }
    if let train = turn.train { canonical.append(train ? ",\"train\":true" : ",\"train\":false") }
    guard copy(&last, before: false, after: true) else { return false }
    canonical.append("}")
    return true
  }

  private mutating func copy(_ keys: inout [Int], before: Bool, after: Bool) -> Bool {
    if keys.isEmpty { return true }
    if after { canonical.append(",") }
    guard TranscribedValue.members(tape, &keys, to: &canonical) else { return false }
    if before { canonical.append(",") }
    return true
  }
}

extension Message.Role {
  var bytes: StaticString {
    switch self {
    case .system: "system"
    case .user: "user"
    case .assistant: "assistant"
    case .tool: "tool"
    }
  }
}
