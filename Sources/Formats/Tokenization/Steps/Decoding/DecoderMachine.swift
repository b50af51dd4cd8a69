/// A step of a decoder over a stream of token parts. Fused tokens come as the parts of one token.
struct DecoderMachine {
  /// Bytes of a token; `startsToken` is false for what goes on in the token before.
  struct Part {
    var bytes: [UInt8]
    var startsToken: Bool
    var isLiteral: Bool

    init(_ bytes: [UInt8], startsToken: Bool = true, isLiteral: Bool = false) {
      self.bytes = bytes
      self.startsToken = startsToken
      self.isLiteral = isLiteral
    }
  }

  private let step: TokenDecoder.Step
  private var hasStarted = false
  /// Bytes not given out: of byte tokens, or of a token whose end is not known.
  private var held: [UInt8] = []
  private var holdsToken = false
  private var last: [UInt8]?

  /// Whether tokens may come in parts.
  private let isFused: Bool

  init(_ step: TokenDecoder.Step, isFused: Bool) {
    self.step = step
    self.isFused = isFused
  }

  mutating func take(_ part: Part, into out: inout [Part]) {
    switch step {
    case .byteLevel:
      let bytes =
        part.isLiteral
        ? part.bytes
        : part.bytes.withUnsafeBufferPointer { ByteAlphabet.decode($0) } ?? part.bytes
      out.append(Part(bytes, startsToken: !hasStarted))
      hasStarted = true
    case .fuse:
      out.append(Part(part.bytes, startsToken: !hasStarted))
      hasStarted = true
    case .byteFallback:
      if !part.isLiteral, let byte = TokenDecoder.fallbackByte(part.bytes) {
        held.append(byte)
      } else {
        flushBytes(into: &out)
        out.append(part)
      }
    case .strip(let content, let start, let stop):
      takeStripped(part, content, start, stop, into: &out)
    case .replace, .metaspace, .wordPiece, .suffix, .ctc: takeWhole(part, into: &out)
    }
  }

  mutating func finish() -> [Part] {
    var out: [Part] = []
    switch step {
    case .byteLevel, .fuse: break
    case .byteFallback: flushBytes(into: &out)
    case .strip(let content, let start, let stop):
      if holdsToken { out.append(rest(content, start, stop)) }
    case .replace, .metaspace, .wordPiece, .suffix, .ctc:
      if holdsToken { emit(held, isLast: true, into: &out) }
    }
    (held, holdsToken) = ([], false)
    return out
  }

  // MARK: - Steps over whole tokens

  /// A token is worked on when the next one starts; where nothing depends on its end, at once.
  private mutating func takeWhole(_ part: Part, into out: inout [Part]) {
    if !isFused {
      switch step {
      case .metaspace, .wordPiece, .ctc: return emit(part.bytes, isLast: false, into: &out)
      default: break
      }
    }
    if part.startsToken {
      if holdsToken { emit(held, isLast: false, into: &out) }
      (held, holdsToken) = (part.bytes, true)
    } else {
      held += part.bytes
    }
    if case .replace(.text(let pattern), let content) = step, !pattern.isEmpty {
      emitReplaced(pattern, content, startsToken: part.startsToken, into: &out)
    }
  }

  /// Gives out what a replacement of a plain text can no longer change.
  private mutating func emitReplaced(
    _ pattern: [UInt8], _ content: [UInt8], startsToken: Bool, into out: inout [Part]
  ) {
    var keep = min(pattern.count - 1, held.count)
    while keep > 0, !held.suffix(keep).elementsEqual(pattern.prefix(keep)) { keep -= 1 }
    let (text, used) = Self.replaced(held, pattern, content, keep)
    held.removeFirst(used)
    if !text.isEmpty || startsToken { out.append(Part(text, startsToken: startsToken)) }
    hasStarted = true
  }

  /// Replaces in `text` up to what starts in its last `keep` bytes; also says how many bytes went.
  private static func replaced(
    _ text: [UInt8], _ pattern: [UInt8], _ content: [UInt8], _ keep: Int
  ) -> ([UInt8], Int) {
    var out: [UInt8] = []
    var copied = 0
    text.withUnsafeBufferPointer { bytes in
      SplitPattern.text(pattern).forEachMatch(in: bytes) { start, end in
        out += text[copied..<start]
        out += content
        copied = end
      }
    }
    let end = max(copied, text.count - keep)
    out += text[copied..<end]
    return (out, end)
  }

  private mutating func emit(_ token: [UInt8], isLast: Bool, into out: inout [Part]) {
    defer { hasStarted = true }
    switch step {
    case .replace(.text(let pattern), let content) where !pattern.isEmpty:
      // All but a possible start of the pattern is out already.
      if !token.isEmpty { out.append(Part(token, startsToken: false)) }
      _ = content
    case .replace(let pattern, let content):
      out.append(Part(Self.replaced(token, pattern, content)))
    case .metaspace(let mark, let dropsFirst):
      let blank: [UInt8] = dropsFirst && !hasStarted ? [] : [0x20]
      out.append(Part(Self.replaced(token, .text(mark), blank)))
    case .wordPiece(let prefix, let cleansUp):
      var text = token
      if hasStarted {
        if text.starts(with: prefix) {
          text.removeFirst(prefix.count)
        } else {
          text.insert(0x20, at: 0)
        }
      }
      out.append(Part(cleansUp ? Self.cleaned(text) : text))
    case .suffix(let suffix):
      out.append(Part(Self.replaced(token, .text(suffix), isLast ? [] : [0x20])))
    case .ctc(let pad, let delimiter, let cleansUp):
      if last == token { return }
      last = token
      var text = Self.replaced(token, .text(pad), [])
      if cleansUp { text = Self.replaced(Self.cleaned(text), .text(delimiter), [0x20]) }
      if !text.isEmpty { out.append(Part(text)) }
    case .byteLevel, .byteFallback, .fuse, .strip: break
    }
  }

  static func replaced(_ text: [UInt8], _ pattern: SplitPattern, _ content: [UInt8])
    -> [UInt8]
  {
    var out: [UInt8] = []
    var copied = 0
    text.withUnsafeBufferPointer { bytes in
      pattern.forEachMatch(in: bytes) { start, end in
        out += text[copied..<start]
        out += content
        copied = end
      }
    }
    return copied == 0 && out.isEmpty ? text : out + text[copied...]
  }

  /// The clean-up of English text that WordPiece decoders do, in this order.
  private static let cleanUps: [(from: String, to: String)] = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
    (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ]

  private static func cleaned(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(0x20) else { return text }
    return cleanUps.reduce(text) { replaced($0, .text(Array($1.from.utf8)), Array($1.to.utf8)) }
  }

  // MARK: - Bytes

  private mutating func flushBytes(into out: inout [Part]) {
    if held.isEmpty { return }
    if String(validating: held, as: UTF8.self) != nil {
      out.append(Part(held))
    } else {
      for _ in held { out.append(Part([0xEF, 0xBF, 0xBD])) }
    }
    held = []
  }

  // MARK: - Strip

  private mutating func takeStripped(
    _ part: Part, _ content: [UInt8], _ start: Int, _ stop: Int, into out: inout [Part]
  ) {
    if !isFused { return out.append(Part(Self.stripped(part.bytes, content, start, stop))) }
    if part.startsToken {
      if holdsToken { out.append(rest(content, start, stop)) }
      (held, holdsToken, hasStarted) = (part.bytes, true, false)
    } else {
      held += part.bytes
    }
    // Once the start is settled, all but what the end may lose can go out.
    var cut = 0
    if !hasStarted {
      for _ in 0..<start where held[cut...].starts(with: content) { cut += content.count }
      let isSettled = cut == start * content.count || held.count - cut >= content.count
      guard isSettled, stop == 0 || held.count > cut else { return }
    }
    var end = held.count
    for _ in 0..<stop
    where end > cut && held[cut..<end].suffix(content.count).elementsEqual(content) {
      end -= content.count
    }
    // A character of the content may be under way.
    if stop > 0 {
      var partial = min(content.count - 1, end - cut)
      while partial > 0, !held[..<end].suffix(partial).elementsEqual(content.prefix(partial)) {
        partial -= 1
      }
      end -= partial
    }
    guard end > cut else { return }
    out.append(Part(Array(held[cut..<end]), startsToken: !hasStarted))
    held.removeFirst(end)
    hasStarted = true
  }

  /// What is left of a token whose end has come.
  private func rest(_ content: [UInt8], _ start: Int, _ stop: Int) -> Part {
    let text = Self.stripped(held, content, hasStarted ? 0 : start, stop)
    return Part(text, startsToken: !hasStarted)
  }

  /// A token without the content at its ends.
  private static func stripped(_ token: [UInt8], _ content: [UInt8], _ start: Int, _ stop: Int)
    -> [UInt8]
  {
    var from = 0
    var to = token.count
    for _ in 0..<start where token[from...].starts(with: content) { from += content.count }
    for _ in 0..<stop
    where to > from && token[from..<to].suffix(content.count).elementsEqual(content) {
      to -= content.count
    }
    return Array(token[from..<to])
  }
}
