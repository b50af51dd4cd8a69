internal import Documents

/// Token texts → text: the steps of tokenizer.json's `decoder`.
struct TokenDecoder: Sendable {
  enum Step: Sendable {
    case replace([UInt8], with: [UInt8])
    case strip(content: [UInt8], start: Int, stop: Int)
  }

  /// What one token turns into.
  enum Form: Sendable {
    /// Tokens are spelled in ``ByteAlphabet``; what is not, stands for itself.
    case byteLevel
    /// Tokens are text; `<0xXX>` may stand for a byte.
    case text(byteFallback: Bool)
    /// No decoder at all: tokens are joined with blanks.
    case joined
  }

  private(set) var form: Form = .joined
  /// Applied to each token.
  private(set) var tokenSteps: [Step] = []
  /// Applied to the whole text.
  private(set) var wholeSteps: [Step] = []
  /// SentencePiece's mark becomes a blank; the first token loses its own.
  private(set) var metaspace: (mark: [UInt8], dropsFirst: Bool)?
  static let known = [
    "Sequence", "ByteLevel", "Replace", "ByteFallback", "Fuse", "Strip", "Metaspace",
  ]

  init(_ part: TokenizerPart?) throws {
    guard let part else { return }
    form = .text(byteFallback: false)
    var fused = false
    try add(part, &fused)
  }

  private mutating func add(_ part: TokenizerPart, _ fused: inout Bool) throws {
    switch try part.type() {
    case "Sequence": for inner in try part.parts("decoders") { try add(inner, &fused) }
    case "ByteLevel": form = .byteLevel
    case "ByteFallback": form = .text(byteFallback: true)
    case "Fuse": fused = true
    case "Replace":
      guard case .text(let pattern) = try part.splitPattern(), !pattern.isEmpty else {
        throw part.problem("replaces by a regular expression or nothing, which is not supported")
      }
      let step = Step.replace(pattern, with: Array(try part.string("content").utf8))
      if fused { wholeSteps.append(step) } else { tokenSteps.append(step) }
    case "Strip":
      let step = Step.strip(
        content: Array(try part.string("content").utf8),
        start: try part.integer("start", in: 0...1_000, default: 0),
        stop: try part.integer("stop", in: 0...1_000, default: 0))
      if fused { wholeSteps.append(step) } else { tokenSteps.append(step) }
    case "Metaspace":
      let legacy = try part.flag("add_prefix_space", default: true)
      let scheme = try part.string("prepend_scheme", default: legacy ? "always" : "never")
      metaspace = (Array(try part.string("replacement", default: "▁").utf8), scheme != "never")
    case let type:
      throw part.unknownType(type, known: Self.known, later: ["WordPiece", "CTC", "BPEDecoder"])
    }
  }
}

/// The state of one decoding: bytes that no complete character has been made of yet, and what the
/// steps over the whole text still hold back.
struct DecoderState {
  private let decoder: TokenDecoder
  private var isFirstToken = true
  /// Bytes of byte tokens (or of cut characters) not given out yet.
  private var pending: [UInt8] = []
  /// How many of the content of a whole-text strip may still be taken from the start.
  private var stripsLeft: Int
  private var heldBack: [UInt8] = []

  init(_ decoder: TokenDecoder) {
    self.decoder = decoder
    stripsLeft = 0
    for case .strip(_, let start, _) in decoder.wholeSteps { stripsLeft = max(stripsLeft, start) }
  }

  /// The text that is certain after one more token.
  mutating func append(_ token: [UInt8], isByteAlphabet: Bool = true) -> String {
    defer { isFirstToken = false }
    switch decoder.form {
    case .byteLevel:
      pending +=
        isByteAlphabet ? token.withUnsafeBufferPointer { ByteAlphabet.decode($0) } ?? token : token
      return takeComplete()
    case .joined:
      return (isFirstToken ? "" : " ") + String(decoding: token, as: UTF8.self)
    case .text(let byteFallback):
      if byteFallback, let byte = Self.fallbackByte(token) {
        pending.append(byte)
        return ""
      }
      return whole(flushFallback() + tokenText(token))
    }
  }

  /// What is left at the end.
  mutating func finish() -> String {
    switch decoder.form {
    case .byteLevel:
      defer { pending = [] }
      return String(decoding: pending, as: UTF8.self)
    case .joined: return ""
    case .text:
      var rest = heldBack + whole(flushFallback(), isEnd: true)
      heldBack = []
      for case .strip(let content, _, let stop) in decoder.wholeSteps {
        for _ in 0..<stop
        where !content.isEmpty && rest.suffix(content.count).elementsEqual(content) {
          rest.removeLast(content.count)
        }
      }
      return String(decoding: rest, as: UTF8.self)
    }
  }

  // MARK: - Byte level

  private mutating func takeComplete() -> String {
    let complete = Self.completeCount(pending)
    defer { pending.removeFirst(complete) }
    return String(decoding: pending[..<complete], as: UTF8.self)
  }

  /// The length of the part before a sequence at the end that more bytes could complete.
  private static func completeCount(_ bytes: [UInt8]) -> Int {
    var lead = bytes.count - 1
    while lead >= 0, bytes.count - lead <= 3, bytes[lead] & 0xC0 == 0x80 { lead -= 1 }
    guard lead >= 0, bytes[lead] >= 0xC2, bytes[lead] <= 0xF4 else { return bytes.count }
    let length = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : 2
    guard bytes.count - lead < length else { return bytes.count }
    if bytes.count - lead > 1 {
      let (first, second) = (bytes[lead], bytes[lead + 1])
      if first == 0xE0 && second < 0xA0 || first == 0xED && second > 0x9F
        || first == 0xF0 && second < 0x90 || first == 0xF4 && second > 0x8F
      {
        return bytes.count
      }
    }
    return lead
  }

  // MARK: - Text

  private static func fallbackByte(_ token: [UInt8]) -> UInt8? {
    guard token.count == 6, token.starts(with: Array("<0x".utf8)), token[5] == UInt8(ascii: ">")
    else { return nil }
    return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
  }

  /// Pending byte tokens as text; each byte becomes U+FFFD when they are no UTF-8 together.
  private mutating func flushFallback() -> [UInt8] {
    if pending.isEmpty { return [] }
    defer { pending = [] }
    if let text = String(validating: pending, as: UTF8.self) { return Array(text.utf8) }
    return pending.flatMap { _ in [0xEF, 0xBF, 0xBD] as [UInt8] }
  }

  private func tokenText(_ token: [UInt8]) -> [UInt8] {
    var text = token
    if let metaspace = decoder.metaspace {
      text = Self.replace(text, metaspace.mark, [0x20])
      if metaspace.dropsFirst, isFirstToken, text.first == 0x20 { text.removeFirst() }
    }
    for step in decoder.tokenSteps {
      switch step {
      case .replace(let pattern, let content): text = Self.replace(text, pattern, content)
      case .strip(let content, let start, let stop):
        guard !content.isEmpty else { continue }
        for _ in 0..<start where text.starts(with: content) { text.removeFirst(content.count) }
        for _ in 0..<stop where text.suffix(content.count).elementsEqual(content) {
          text.removeLast(content.count)
        }
      }
    }
    return text
  }

  private static func replace(_ text: [UInt8], _ pattern: [UInt8], _ content: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    var copied = 0
    text.withUnsafeBufferPointer { bytes in
      SplitPattern.text(pattern).forEachMatch(in: bytes) { start, end in
        out += text[copied..<start]
        out += content
        copied = end
      }
    }
    return copied == 0 ? text : out + text[copied...]
  }

  private mutating func whole(_ text: [UInt8]) -> String {
    String(decoding: whole(text, isEnd: false), as: UTF8.self)
  }

  /// Applies the steps over the whole text; a strip at the end holds back what it may take.
  private mutating func whole(_ text: [UInt8], isEnd: Bool) -> [UInt8] {
    var text = text
    for step in decoder.wholeSteps {
      switch step {
      case .replace(let pattern, let content): text = Self.replace(text, pattern, content)
      case .strip(let content, _, let stop):
        guard !content.isEmpty else { continue }
        while stripsLeft > 0, text.starts(with: content) {
          text.removeFirst(content.count)
          stripsLeft -= 1
        }
        if !text.isEmpty { stripsLeft = 0 }
        if stop > 0, !isEnd {
          text = heldBack + text
          var kept = text.count
          for _ in 0..<stop where text[..<kept].suffix(content.count).elementsEqual(content) {
            kept -= content.count
          }
          heldBack = Array(text[kept...])
          text = Array(text[..<kept])
        }
      }
    }
    return text
  }
}
