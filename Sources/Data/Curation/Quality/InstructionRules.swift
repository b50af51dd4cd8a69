internal import Documents
package import Records

/// Rules for rows to train instruction following on; our own, each measured on one row.
package struct InstructionRules: Sendable, Hashable {
  /// Words of an answer, at least.
  package var answerWordsMin = 1
  /// An answer this long must not end in the middle of a sentence; in characters.
  package var truncatedCharactersMin = 200
  /// Share of an answer's characters in 5-grams that it has said before, at most.
  package var repeatedMax = 0.3
  /// Replacement characters (U+FFFD) in the row, at most.
  package var replacementMax = 0
  /// Prompt and answer in other languages: this sure of each; above 1 never.
  package var languageConfidence = 0.9
  /// Letters of both sides that it takes to tell languages.
  package var languageCharactersMin = 40
  /// Whether answers that only decline go.
  package var dropsRefusals = true

  package init() {}

  /// A rule that refused.
  package struct Refusal: Sendable, Hashable {
    package var rule: String
    /// A measure and its bound; never contents.
    package var value: Double?
    package var threshold: Double?
  }

  /// The first rule that refuses `row`, in the order of docs/filters.md; nil for rows that are no
  /// instruction rows.
  package func refusal(_ row: Row, _ meter: TextMeter) -> Refusal? {
    if case .conversation(let turns, _) = row.content, let order = Self.order(turns) {
      return order
    }
    switch row.content {
    case .text, .tokens: return nil
    default: break
    }
    let prompt = TextChoice.prompt.texts(of: row).filter { !Self.isBlank($0) }
    let answers = TextChoice.assistant.texts(of: row)
    if prompt.isEmpty { return Refusal(rule: "instruction.empty_prompt") }
    guard let answer = answers.last, !Self.isBlank(answer) || Self.calls(row) else {
      return Refusal(rule: "instruction.empty_answer")
    }
    if Self.isBlank(answer) { return nil }
    if let last = prompt.last, LabeledRow.areSame(last, answer) {
      return Refusal(rule: "instruction.answer_equals_prompt")
    }
    return form(answer, meter) ?? language(prompt, answer)
  }

  private func form(_ answer: String, _ meter: TextMeter) -> Refusal? {
    var answer = answer
    let measures = answer.withUTF8 { meter.measure($0, .grams) }
    let words = measures.value(.words)
    if words < Double(answerWordsMin) {
      return Refusal(
        rule: "instruction.short_answer", value: words, threshold: Double(answerWordsMin))
    }
    let replacements = answer.unicodeScalars.count { $0.value == 0xFFFD }
    if replacements > replacementMax {
      return Refusal(
        rule: "instruction.replacement_characters", value: Double(replacements),
        threshold: Double(replacementMax))
    }
    let repeated = measures.value(.word_duplicate_5_gram_ratio)
    if repeated > repeatedMax {
      return Refusal(
        rule: "instruction.repeated_ngrams", value: repeated, threshold: repeatedMax)
    }
    if Self.fences(answer) % 2 == 1 { return Refusal(rule: "instruction.unbalanced_fence") }
    if dropsRefusals, RefusalPhrases.isRefusal(answer) {
      return Refusal(rule: "instruction.refusal")
    }
    if Self.has(answer, characters: truncatedCharactersMin), Self.isTruncated(answer) {
      return Refusal(rule: "instruction.truncated")
    }
    return nil
  }

  private func language(_ prompt: [String], _ answer: String) -> Refusal? {
    let asked = prompt.last ?? ""
    guard Self.has(asked, characters: languageCharactersMin),
      Self.has(answer, characters: languageCharactersMin)
    else { return nil }
    let a = LanguageIdentifier.shared.identify(asked)
    guard a.confidence >= languageConfidence else { return nil }
    let b = LanguageIdentifier.shared.identify(answer)
    let sure = min(a.confidence, b.confidence)
    guard a.code != b.code, sure >= languageConfidence else { return nil }
    return Refusal(
      rule: "instruction.language_mismatch", value: sure, threshold: languageConfidence)
  }

  /// System first and once, then user and assistant by turns (tool turns after an assistant), an
  /// assistant last.
  private static func order(_ turns: [Message]) -> Refusal? {
    let refusal = Refusal(rule: "instruction.role_order")
    var previous: Message.Role?
    for (index, turn) in turns.enumerated() {
      switch turn.role {
      case .system: if index > 0 { return refusal }
      case .user: if previous == .user { return refusal }
      case .assistant:
        if previous == nil || previous == .system || previous == .assistant { return refusal }
      case .tool: if previous != .assistant && previous != .tool { return refusal }
      }
      previous = turn.role
    }
    return previous == .assistant ? nil : refusal
  }

  /// Whether the last turn calls a tool, so that it need not say anything.
  private static func calls(_ row: Row) -> Bool {
    if case .conversation(let turns, _) = row.content, let last = turns.last {
      return !last.extra.isEmpty
    }
    return false
  }

  private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

  /// Whether the text has at least `least` characters; looks at no more of them.
  private static func has(_ text: String, characters least: Int) -> Bool {
    guard text.utf8.count >= least else { return false }
    // Whatever follows may join the last of these bytes, so there is one to spare.
    let isPlain = text.utf8.withContiguousStorageIfAvailable { bytes in
      bytes.count > least && PlainText(UnsafeBufferPointer(rebasing: bytes[...least])) != nil
    }
    return isPlain == true
      || text.index(text.startIndex, offsetBy: least, limitedBy: text.endIndex) != nil
  }

  private static func fences(_ text: String) -> Int {
    // U+1FEF (E1 BF AF) is another way to write a grave accent.
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "`") || $0 == 0xE1 }) else { return 0 }
    return text.split(separator: "\n", omittingEmptySubsequences: false).count { line in
      let line = line.drop { $0 == " " }
      return line.hasPrefix("```") && !line.dropFirst(3).contains("```")
    }
  }

  /// Whether a text ends in a letter or a comma where sentences before it end properly.
  package static func isTruncated(_ text: String) -> Bool {
    let plain = text.utf8.withContiguousStorageIfAvailable { PlainText($0)?.isTruncated }
    return (plain ?? nil) ?? isTruncatedByCharacters(text)
  }

  /// The same for any text: the definition.
  package static func isTruncatedByCharacters(_ text: String) -> Bool {
    guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return false }
    let end = text[last]
    // The line that it ends.
    let lineStart = text[..<last].lastIndex(of: "\n").map { text.index(after: $0) }
    let lineEnd = text[last...].firstIndex(of: "\n")
    let line = text[(lineStart ?? text.startIndex)..<(lineEnd ?? text.endIndex)]
    // Lists, tables, code and headings end without a mark.
    let head = line.drop { $0 == " " }
    if head.hasPrefix("```") || head.hasPrefix("|") || head.hasPrefix("#") { return false }
    if let first = head.first, first == "-" || first == "*" || first == "•" || first.isNumber {
      return end == "," || end == "("
    }
    if end == "," || end == "(" || end == ";" { return true }
    return end.isLetter && line.count >= 40 && line.contains(" ")
      && text.contains { $0 == "." || $0 == "!" || $0 == "?" }
  }
}
