import Diagnostics
import Documents
import Records
import Tokenization

/// Examples as lines for people or programs. Control characters never reach a terminal.
struct PreviewView {
  let tokenizer: Tokenizer
  let usesColor: Bool

  func text(_ example: TokenExample, number: Int) -> String {
    let counts = "\(example.ids.count) tokens, \(example.trainedCount) trained"
    return "row \(number) \(example.row): \(counts)\n"
      + marked(example.ids, trained: example.labels.map { $0 >= 0 })
  }

  func text(_ pair: PreferenceExample, number: Int) -> String {
    func line(_ name: String, _ ids: [Int32], _ trained: Bool) -> String {
      "\(name), \(ids.count) tokens: "
        + marked(ids, trained: Array(repeating: trained, count: ids.count))
    }
    return [
      "row \(number) \(pair.row): a preference pair", line("prompt", pair.prompt, false),
      line("chosen", pair.chosen, true), line("rejected", pair.rejected, true),
    ].joined(separator: "\n")
  }

  func json(_ example: TokenExample) -> String {
    JSONWriter.compact(
      .object([
        "row": .string(example.row.description), "ids": Self.array(example.ids),
        "labels": Self.array(example.labels), "trained": .integer(Int64(example.trainedCount)),
        "tokens": .array(example.ids.map { .string(tokenizer.token(of: $0) ?? "") }),
      ]))
  }

  func json(_ pair: PreferenceExample) -> String {
    JSONWriter.compact(
      .object([
        "row": .string(pair.row.description), "prompt": Self.array(pair.prompt),
        "chosen": Self.array(pair.chosen), "rejected": Self.array(pair.rejected),
      ]))
  }

  private static func array(_ ids: [Int32]) -> JSONValue {
    .array(ids.map { .integer(Int64($0)) })
  }

  /// Tokens with bars between them, runs of trained ones marked. A character that several tokens
  /// make together stands with the last of them.
  private func marked(_ ids: [Int32], trained: [Bool]) -> String {
    let (open, close) = usesColor ? ("\u{1B}[32m", "\u{1B}[0m") : ("[", "]")
    var decoder = StreamingDecoder(tokenizer, skipSpecialTokens: false)
    var out = ""
    for index in ids.indices {
      let before = index > 0 && trained[index - 1]
      if before, !trained[index] { out += close }
      if index > 0 { out += "|" }
      if trained[index], !before { out += open }
      out += Self.shown(decoder.append(ids[index]))
    }
    out += Self.shown(decoder.finish())
    return out + (trained.last == true ? close : "")
  }

  /// Newlines and tabs by the escapes people know, other invisible characters by number.
  private static func shown(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\n": "\\n"
      case "\t": "\\t"
      case "\r": "\\r"
      default: SafeText.escaped(String(scalar))
      }
    }.joined()
  }
}
