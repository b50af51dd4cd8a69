/// Renders the part of Go's template language that Modelfiles of this project use: for comparison.
struct GoTemplate {
  typealias Message = (role: String, content: String)
  private enum Token: Equatable {
    case text(String)
    case action(String)
  }
  struct Problem: Error, CustomStringConvertible {
    var description: String
  }

  private let tokens: [Token]

  init(_ source: String) throws {
    var tokens: [Token] = []
    var rest = source[...]
    while let open = rest.firstRange(of: "{{") {
      tokens.append(.text(String(rest[..<open.lowerBound])))
      guard let close = rest[open.upperBound...].firstRange(of: "}}") else {
        throw Problem(description: "an action is never closed")
      }
      let action = rest[open.upperBound..<close.lowerBound].split(separator: " ")
      tokens.append(.action(action.joined(separator: " ")))
      rest = rest[close.upperBound...]
    }
    self.tokens = tokens + [.text(String(rest))]
  }

  func text(_ messages: [Message]) throws -> String {
    var at = 0
    return try body(&at, messages, nil, shown: true)
  }

  /// Up to the `else` or `end` that closes the block, which is left to be read.
  private func body(_ at: inout Int, _ messages: [Message], _ place: Int?, shown: Bool) throws
    -> String
  {
    var out = ""
    while at < tokens.count {
      switch tokens[at] {
      case .text(let text):
        out += shown ? text : ""
        at += 1
      case .action(let action):
        if action == "end" || action.hasPrefix("else") { return out }
        at += 1
        if action.hasPrefix("range") {
          let start = at
          _ = try body(&at, messages, place, shown: false)
          for index in messages.indices where shown {
            at = start
            out += try body(&at, messages, index, shown: true)
          }
          at += 1
        } else if action.hasPrefix("if ") {
          out += try condition(action.dropFirst(3), &at, messages, place, shown)
        } else if shown {
          out += try value(action[...], messages, place)
        }
      }
    }
    return out
  }

  private func condition(
    _ first: Substring, _ at: inout Int, _ messages: [Message], _ place: Int?, _ shown: Bool
  ) throws -> String {
    var out = ""
    var isDone = !shown
    var condition: Substring? = first
    while true {
      let holds = try !isDone && (condition.map { try test($0, messages, place) } ?? true)
      out += try body(&at, messages, place, shown: holds)
      isDone = isDone || holds
      guard at < tokens.count, case .action(let action) = tokens[at] else {
        throw Problem(description: "a condition is never closed")
      }
      at += 1
      if action == "end" { return out }
      condition = action.hasPrefix("else if ") ? action.dropFirst(8) : nil
    }
  }

  private func test(_ text: Substring, _ messages: [Message], _ place: Int?) throws -> Bool {
    if text == "eq $i 1" { return place == 1 }
    guard text.hasPrefix("eq ") || text.hasPrefix("ne "), let quote = text.firstIndex(of: "\"")
    else { throw Problem(description: "the condition '\(text)'") }
    let wanted = text[text.index(after: quote)...].dropLast()
    let operand = text.dropFirst(3)[..<quote].trimmingSuffix { $0 == " " }
    return try (value(operand, messages, place) == wanted) == text.hasPrefix("eq ")
  }

  private func value(_ text: Substring, _ messages: [Message], _ place: Int?) throws -> String {
    let isFirst = text.hasPrefix("(index .Messages 0)") || text.hasPrefix("(index $.Messages 0)")
    guard let index = isFirst ? 0 : place, messages.indices.contains(index) else {
      throw Problem(description: "the value '\(text)' outside of messages")
    }
    if text.hasSuffix(".Role") { return messages[index].role }
    if text.hasSuffix(".Content") { return messages[index].content }
    throw Problem(description: "the value '\(text)'")
  }
}

extension Substring {
  fileprivate func trimmingSuffix(_ drop: (Character) -> Bool) -> Substring {
    var text = self
    while let last = text.last, drop(last) { text.removeLast() }
    return text
  }
}
