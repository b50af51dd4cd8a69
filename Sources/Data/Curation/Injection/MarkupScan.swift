/// Marks of chat templates, spoofed roles, images that call home, comments.
enum MarkupScan {
  typealias Report = (_ range: Range<Int>, _ score: Double) -> Void

  /// Tokens that templates put around turns and calls; user text has no use for them.
  private static let special: [[UInt8]] = [
    "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "<start_of_turn>", "<end_of_turn>", "<tool_call>",
    "</tool_call>", "<tool_response>", "<function_call>", "<function_calls>", "<function_results>",
    "[TOOL_CALLS]", "[AVAILABLE_TOOLS]", "[TOOL_RESULTS]", "<s>[", "<bos>", "<eos>",
    "<|start_header_id|>", "<｜User｜>", "<｜Assistant｜>",
  ].map { Array($0.utf8) }

  static func tokens(_ text: UnsafeBufferPointer<UInt8>, _ report: Report) {
    for at in text.indices {
      let byte = text[at]
      guard byte == 0x3C || byte == 0x5B || byte == 0x5C else { continue }
      if byte == 0x3C, at + 2 < text.count, text[at + 1] == 0x7C {
        // <|name|>
        var end = at + 2
        while end < text.count, end - at < 40, isName(text[end]) { end += 1 }
        if end > at + 3, starts(text, end, [0x7C, 0x3E]) { report(at..<end + 2, 0.9) }
        continue
      }
      if let token = special.first(where: { starts(text, at, $0) }) {
        report(at..<at + token.count, 0.9)
      }
    }
  }

  /// Heads of lines that pretend to be another speaker: word, what must follow, score.
  private static let heads: [(head: [UInt8], score: Double)] = [
    ("system:", 0.6), ("### system", 0.7), ("[system]", 0.7), ("<system>", 0.8), ("</user>", 0.8),
    ("<assistant>", 0.7), ("### instruction", 0.5), ("system prompt:", 0.6), ("[system", 0.5),
    ("<<system", 0.7), ("system message:", 0.7), ("system override", 0.8), ("assistant:", 0.4),
    ("{\"role\":", 0.4), ("{\"role\" :", 0.4), ("<system_prompt>", 0.8), ("</system>", 0.8),
    ("#system", 0.5), ("**system**", 0.6), ("developer:", 0.5), ("new instructions:", 0.7),
    ("important system", 0.6),
  ].map { (Array($0.0.utf8), $0.1) }

  static func roles(_ text: UnsafeBufferPointer<UInt8>, _ report: Report) {
    var at = 0
    while at < text.count {
      var start = at
      while start < text.count, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
      for (head, score) in heads where starts(text, start, head, anyCase: true) {
        report(start..<start + head.count, score)
      }
      while at < text.count, text[at] != 0x0A { at += 1 }
      at += 1
    }
  }

  /// `![…](http…?…)`: a query that waits to be filled, or a long one.
  static func images(_ text: UnsafeBufferPointer<UInt8>, _ report: Report) {
    let words = [
      "data=", "secret", "token", "prompt", "conversation", "history", "password", "leak",
      "exfil", "chat=", "msg=", "message=",
    ].map { Array($0.utf8) }
    for at in text.indices where text[at] == 0x21 && starts(text, at + 1, [0x5B]) {
      var end = at
      while end < text.count, end - at < 200, text[end] != 0x5D, text[end] != 0x0A { end += 1 }
      guard starts(text, end, Array("](http".utf8)) else { continue }
      let first = end + 2
      var last = first
      while last < text.count, last - first < 2000, text[last] != 0x29, text[last] > 0x20 {
        last += 1
      }
      guard let query = text[first..<last].firstIndex(of: 0x3F) else { continue }
      let holes = text[query..<last].contains { [0x7B, 0x3C, 0x5B, 0x24].contains($0) }
      let named = (query..<last).contains { place in
        words.contains { starts(text, place, $0, anyCase: true) }
      }
      report(at..<last, holes ? 0.8 : named ? 0.7 : last - query > 200 ? 0.5 : 0.2)
    }
  }

  /// `<!-- … -->`, and elements that are not shown.
  static func comments(_ text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
    let openings = [
      "<!--", "display:none", "display: none", "font-size:0", "visibility:hidden",
      "[//]: # (",
    ].map { Array($0.utf8) }
    for at in text.indices where [0x3C, 0x64, 0x66, 0x76, 0x5B].contains(text[at]) {
      guard let opening = openings.first(where: { starts(text, at, $0) }) else { continue }
      let end = min(text.count, at + opening.count + 4000)
      var last = at + opening.count
      let closing = Array(
        (opening == openings[0] ? "-->" : opening == openings[5] ? ")" : "</").utf8)
      while last < end, !starts(text, last, closing) { last += 1 }
      body(at + opening.count..<last)
    }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 32) || (0x30...0x39).contains(byte) || byte == 0x5F
  }

  static func starts(
    _ text: UnsafeBufferPointer<UInt8>, _ at: Int, _ head: [UInt8], anyCase: Bool = false
  ) -> Bool {
    guard at >= 0, at + head.count <= text.count else { return false }
    for (offset, byte) in head.enumerated() {
      var found = text[at + offset]
      if anyCase, (0x41...0x5A).contains(found) { found |= 32 }
      if found != byte { return false }
    }
    return true
  }
}
