internal import Generation
internal import Models
package import Tokenization

/// Texts as lm-evaluation-harness turns them into tokens, and what is asked about them
/// (`TemplateLM._encode_pair`, `HFLM.tok_encode`, `utils.get_rolling_token_windows`).
package struct HarnessTokens: Sendable {
  private let tokenizer: Tokenizer
  /// Tokens that the model takes in.
  private let context: Int
  /// What stands before a text that has nothing before it: BOS, else EOS.
  private let prefix: Int32?
  private let prefixText: String

  package init(_ tokenizer: Tokenizer, context: Int) {
    self.tokenizer = tokenizer
    self.context = context
    prefix = (tokenizer.bos ?? tokenizer.eos)?.id
    prefixText = prefix.map { tokenizer.decode([$0], skipSpecialTokens: false) } ?? ""
  }

  /// What is asked about a text.
  package struct Asked: Sendable, Hashable {
    /// What the model takes in; not empty.
    package var ids: [Int32]
    /// The tokens to be predicted after the last of `ids`, one each.
    package var targets: [Int32]
    /// Whether tokens at the beginning were left out.
    package var isShortened = false
  }

  /// Special tokens by the tokenizer's default; those that the text begins with are not doubled.
  package func encode(_ text: String) -> [Int32] { encode(text, unless: prefixText) }

  /// A prompt to write after: at most so many tokens, the last ones.
  package func prompt(_ text: String, room: Int) -> (ids: [Int32], isShortened: Bool) {
    var ids = encode(text, unless: tokenizer.bos?.text ?? "")
    if ids.isEmpty, let prefix { ids = [prefix] }
    return (Array(ids.suffix(room)), ids.count > room)
  }

  private func encode(_ text: String, unless start: String) -> [Int32] {
    let isStarted = !start.isEmpty && text.utf8.starts(with: start.utf8)
    return tokenizer.encode(text, addSpecialTokens: !isStarted, parseSpecial: true)
  }

  /// A continuation after a context.
  package func continuation(context: String, _ continuation: String) -> Asked {
    var (before, after) = pair(context, continuation)
    if before.isEmpty {
      // Nothing can be said of a first token.
      if let prefix, after.first != prefix {
        before = [prefix]
      } else {
        before = Array(after.prefix(1))
        after.removeFirst(min(1, after.count))
      }
    }
    return asked(before, after)
  }

  private func pair(_ context: String, _ continuation: String) -> ([Int32], [Int32]) {
    guard !context.isEmpty else {
      return (
        [], tokenizer.encode(continuation, addSpecialTokens: false, parseSpecial: true)
      )
    }
    let end = Self.endOfText(context)
    let before = String(context[..<end])
    let whole = encode(context + continuation)
    let ids = encode(before)
    return (Array(whole.prefix(ids.count)), Array(whole.dropFirst(ids.count)))
  }

  /// The last `context` + 1 tokens; the last of them is only predicted.
  private func asked(_ before: [Int32], _ after: [Int32]) -> Asked {
    let whole = (before + after).suffix(context + 1)
    let ids = Array(whole.dropLast(after.isEmpty ? 0 : 1))
    return Asked(
      ids: ids, targets: Array(after.suffix(ids.count)),
      isShortened: whole.count < before.count + after.count)
  }

  /// A whole text in windows of the model's context, every token predicted once.
  package func windows(_ text: String) -> [Asked] {
    let ids = encode(text)
    guard let first = prefix ?? ids.first else { return [] }
    let predicted = prefix == nil ? Array(ids.dropFirst()) : ids
    return stride(from: 0, to: predicted.count, by: context).map { start in
      let end = min(predicted.count, start + context)
      // A last, shorter window sees as much of what comes before it as fits.
      let whole = ([first] + predicted[..<end]).suffix(context + 1)
      return Asked(
        ids: Array(whole.dropLast()), targets: Array(predicted[start..<end]))
    }
  }

  /// Where trailing white space begins, as Python's `str.rstrip` sees it.
  private static func endOfText(_ text: String) -> String.Index {
    let scalars = text.unicodeScalars
    return scalars.lastIndex { !isSpace($0) }.map { scalars.index(after: $0) } ?? text.startIndex
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || ("\u{1C}"..."\u{1F}").contains(scalar)
  }
}

extension HarnessTokens.Asked {
  /// The ids with a label at each of the last positions.
  var text: LabelledText {
    LabelledText(
      ids: ids,
      labels: Array(repeating: TokenBatch.ignored, count: ids.count - targets.count) + targets)
  }
}
