internal import Documents
package import Records

/// Which texts of a row a rule looks at.
package enum TextChoice: Sendable, Hashable {
  /// Every text of the row, joined by blank lines.
  case all
  /// What the model is to learn: assistant turns, completions, the chosen answer; the text of rows
  /// that have nothing else.
  case assistant
  /// What is asked: everything that is not an answer.
  case prompt
  /// The column of this name, when it is a text.
  case column(String)

  package init(_ name: String) {
    switch name {
    case "all": self = .all
    case "assistant": self = .assistant
    case "prompt": self = .prompt
    default: self = .column(name)
    }
  }

  package var name: String {
    switch self {
    case .all: "all"
    case .assistant: "assistant"
    case .prompt: "prompt"
    case .column(let name): name
    }
  }

  /// Calls `body` with the chosen texts of a row as one, UTF-8, or with nothing when it has none.
  ///
  /// - Parameters:
  ///   - scratch: kept by the caller from row to row.
  ///   - body: what it is given is valid during the call only.
  package func withText<Result>(
    of row: StoredRow, _ scratch: inout TextScratch,
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) throws -> Result {
    scratch.joined.removeAll(keepingCapacity: true)
    var isFirst = true
    if case .all = self {
      var joined = scratch.joined
      scratch.joined = []
      try row.forEachText(&scratch.decoded) { text in
        if !isFirst { joined += [0x0A, 0x0A] }
        isFirst = false
        joined += text
      }
      scratch.joined = joined
    } else {
      for var text in texts(of: try row.row()) {
        if !isFirst { scratch.joined += [0x0A, 0x0A] }
        isFirst = false
        text.withUTF8 { scratch.joined += $0 }
      }
    }
    return try scratch.joined.withUnsafeBufferPointer(body)
  }

  /// The chosen texts of a row.
  package func texts(of row: Row) -> [String] {
    switch self {
    case .all: return row.content.texts
    case .column(let name): return row.field(name)?.stringValue.map { [$0] } ?? []
    case .assistant:
      switch row.content {
      case .text(let text): return [text]
      case .conversation(let turns, _):
        return turns.filter { $0.role == .assistant }.map(\.content)
      case .completion(_, let completion): return [completion]
      case .preference(_, let chosen, _): return chosen.map(\.content)
      case .unpaired(_, let completion, _): return completion.map(\.content)
      case .tokens: return []
      }
    case .prompt:
      switch row.content {
      case .text: return []
      case .conversation(let turns, _):
        return turns.filter { $0.role != .assistant }.map(\.content)
      case .completion(let prompt, _): return [prompt]
      case .preference(let prompt, _, _): return prompt.map(\.content)
      case .unpaired(let prompt, _, _): return prompt.map(\.content)
      case .tokens: return []
      }
    }
  }
}

extension TextChoice {
  /// The same content with the chosen texts replaced; columns are no content and stay.
  package func mapTexts(of content: RowContent, _ transform: (String) -> String) -> RowContent {
    if case .all = self { return content.mapTexts(transform) }
    if case .column = self { return content }
    let answers = self == .assistant
    func turns(_ turns: [Message], _ chosen: Bool) -> [Message] {
      turns.map { turn in
        var turn = turn
        if chosen { turn.content = transform(turn.content) }
        return turn
      }
    }
    switch content {
    case .text(let text): return .text(answers ? transform(text) : text)
    case .conversation(let all, let tools):
      return .conversation(
        all.flatMap { turns([$0], ($0.role == .assistant) == answers) }, tools: tools)
    case .completion(let prompt, let completion):
      return .completion(
        prompt: answers ? prompt : transform(prompt),
        completion: answers ? transform(completion) : completion)
    case .preference(let prompt, let chosen, let rejected):
      return .preference(
        prompt: turns(prompt, !answers), chosen: turns(chosen, answers), rejected: rejected)
    case .unpaired(let prompt, let completion, let label):
      return .unpaired(
        prompt: turns(prompt, !answers), completion: turns(completion, answers), label: label)
    case .tokens: return content
    }
  }
}

/// Buffers for ``TextChoice/withText(of:_:_:)``.
package struct TextScratch {
  var decoded: [UInt8] = []
  var joined: [UInt8] = []

  package init() {}
}
