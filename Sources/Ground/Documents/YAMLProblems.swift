internal import Diagnostics

/// Turns what libyaml says into what a user can act on.
struct YAMLProblems {
  private let text: YAMLText
  private let composer: YAMLComposer

  init(_ text: YAMLText, _ composer: YAMLComposer) {
    self.text = text
    self.composer = composer
  }

  func diagnostic(_ problem: YAMLSyntaxProblem) -> Diagnostic {
    if problem.context.contains("quoted scalar"),
      problem.problem.contains("end of stream")
        || problem.problem.contains("document indicator")
    {
      return unclosedQuote(problem.contextMark)
    }
    if let bracket = unclosedBracket(problem) { return bracket }
    if let quoted = composer.lastQuoted, quoted.start.line < quoted.end.line,
      quoted.end == problem.mark
    {
      return unclosedQuote(quoted.start)
    }
    let found = byte(at: problem.mark)
    switch problem.problem {
    case "found a tab character that violates indentation",
      "found character that cannot start any token" where found == 0x09:
      return made(
        "tab", "a tab stands where YAML wants spaces for indentation", problem.mark,
        fix: "replace the tab by spaces")
    case "found character that cannot start any token":
      return made(
        "syntax", "a value cannot start with '\(character(found))'", problem.mark,
        fix: "put the value in quotes")
    case "mapping values are not allowed in this context":
      return made(
        "syntax", "a ': ' stands where no key can be", problem.mark,
        fix: "put text that holds ': ' in quotes, or check the indentation")
    case "could not find expected ':'":
      return made(
        "syntax", "this line has no ':' after its key", problem.contextMark,
        fix: "write 'key: value', or put longer text in quotes")
    case "did not find expected alphabetic or numeric character":
      return made(
        "syntax",
        "'\(character(byte(at: problem.contextMark)))' starts the name of an anchor or alias",
        problem.contextMark, fix: "put text that starts with '*' or '&' in quotes")
    case "did not find expected key":
      return made(
        "syntax", "expected a key at the indentation of the mapping it belongs to", problem.mark,
        fix: "indent the line like its neighbours")
    case "did not find expected '-' indicator":
      return made(
        "syntax", "expected '-' at the indentation of the list it belongs to", problem.mark,
        fix: "indent the line like its neighbours")
    case "found unknown escape character":
      return made(
        "escape", "an unknown escape in a double-quoted text", problem.mark,
        fix: "write '\\\\' for a backslash, or use single quotes")
    case "found invalid Unicode character escape code":
      return made(
        "escape", "an escape that names no character (a surrogate, or beyond U+10FFFF)",
        problem.mark, fix: "write the character itself, or \\U with eight digits")
    case "did not find expected <document start>" where composer.hasRoot:
      return made(
        "many-documents", "more text follows the end of the document, expected one document",
        problem.mark, fix: "remove it, or indent it under a key")
    case "found incompatible YAML document":
      return made("version", "this YAML version is not read, expected 1.2", problem.mark)
    default: return other(problem)
    }
  }

  // MARK: - Private

  private func made(_ code: String, _ message: String, _ mark: YAMLMark, fix: String? = nil)
    -> Diagnostic
  {
    Diagnostic("yaml.\(code)", message, at: composer.span(mark), fix: fix)
  }

  private func other(_ problem: YAMLSyntaxProblem) -> Diagnostic {
    let where_ = problem.context.isEmpty ? "" : "\(problem.context): "
    return made(
      "syntax", SafeText.escaped(where_ + problem.problem, limit: 160), problem.mark,
      fix: "put text with special characters in quotes, or check the indentation")
  }

  private func unclosedQuote(_ mark: YAMLMark) -> Diagnostic {
    made(
      "unclosed-quote", "the quote opened here is not closed", mark,
      fix: "close the quote; write '' for a quote inside single quotes, \\\" inside double quotes")
  }

  /// The innermost bracket that is never closed, when the parser stopped inside brackets.
  private func unclosedBracket(_ problem: YAMLSyntaxProblem) -> Diagnostic? {
    var start = composer.stack.first { $0.start.isFlow }?.start.start
    if start == nil, problem.context.contains("flow") { start = problem.contextMark }
    guard let start, let open = text.original.withUnsafeBufferPointer({ unclosed($0, from: start) })
    else { return nil }
    let place = text.original.withUnsafeBufferPointer { TextScan.place(of: open, in: $0) }
    let bracket = character(text.original[open])
    return Diagnostic(
      "yaml.unclosed-bracket", "the '\(bracket)' opened here is not closed",
      at: SourceSpan(file: text.file, line: place.line, column: place.column),
      fix: "close it with '\(bracket == "[" ? "]" : "}")'")
  }

  /// The offset of the innermost bracket from `start` on that the text does not close.
  private func unclosed(_ bytes: UnsafeBufferPointer<UInt8>, from start: YAMLMark) -> Int? {
    guard var at = offset(of: start, bytes) else { return nil }
    // An anchor or a tag may stand before the bracket.
    while at < bytes.count, bytes[at] != UInt8(ascii: "["), bytes[at] != UInt8(ascii: "{") {
      at += 1
    }
    var open: [Int] = []
    var previous = UInt8(ascii: " ")
    while at < bytes.count {
      let byte = bytes[at]
      let afterSpace = previous <= 0x20 || [0x2C, 0x3A, 0x5B, 0x7B].contains(previous)
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"): open.append(at)
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        guard let last = open.popLast() else { return nil }
        // In ASCII each closing bracket is its opening one plus 2.
        if bytes[last] + 2 != byte { return last }
        if open.isEmpty { return nil }
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        if afterSpace { at = endOfQuote(bytes, at) }
      case UInt8(ascii: "#"):
        if previous <= 0x20 {
          while at + 1 < bytes.count, bytes[at + 1] != 0x0A, bytes[at + 1] != 0x0D { at += 1 }
        }
      default: break
      }
      previous = byte
      at += 1
    }
    return open.last
  }

  /// The offset of the quote that closes the one at `open`, or the last byte.
  private func endOfQuote(_ bytes: UnsafeBufferPointer<UInt8>, _ open: Int) -> Int {
    var at = open + 1
    while at < bytes.count, bytes[at] != bytes[open] {
      at += bytes[at] == UInt8(ascii: "\\") && bytes[open] == UInt8(ascii: "\"") ? 2 : 1
    }
    return min(at, bytes.count - 1)
  }

  private func offset(of mark: YAMLMark, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    let starts = TextScan.lineStarts(bytes)
    guard mark.line < starts.count else { return nil }
    var at = starts[mark.line]
    for _ in 0..<mark.column {
      guard at < bytes.count, let length = TextScan.sequenceLength(bytes, at: at) else {
        return nil
      }
      at += length
    }
    return at < bytes.count ? at : nil
  }

  private func byte(at mark: YAMLMark) -> UInt8 {
    text.original.withUnsafeBufferPointer { bytes in offset(of: mark, bytes).map { bytes[$0] } ?? 0
    }
  }

  private func character(_ byte: UInt8) -> String {
    byte > 0x20 && byte < 0x7F ? String(Unicode.Scalar(byte)) : "byte 0x\(String(byte, radix: 16))"
  }
}
