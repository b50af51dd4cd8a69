/// How Jinja is set up for a template.
enum TemplateStyle: Sendable {
  /// As transformers does for conversations: `trim_blocks`, `lstrip_blocks`, no newline kept at the
  /// end.
  case chat
  /// Jinja's own defaults but `keep_trailing_newline`: white space is what the source says.
  case plain
}

/// A template's source as tokens.
struct TemplateLexer {
  enum Token: Equatable {
    case data([UInt8])
    case blockBegin, blockEnd, printBegin, printEnd
    case name(String)
    case string([UInt8])
    case int(Int)
    case double(Double)
    case symbol(String)
    case end
  }
  struct Placed {
    var token: Token
    var line: Int
  }

  private let source: [UInt8]
  private let style: TemplateStyle
  private var at = 0
  private var line = 1
  /// Whether what was read last ended with a newline.
  private var startsLine = true
  private(set) var tokens: [Placed] = []

  static func tokens(of source: [UInt8], style: TemplateStyle) throws(TemplateError) -> [Placed] {
    var lexer = TemplateLexer(source, style)
    try lexer.run()
    return lexer.tokens
  }

  private init(_ bytes: [UInt8], _ style: TemplateStyle) {
    self.style = style
    var normal: [UInt8] = []
    normal.reserveCapacity(bytes.count)
    var previous: UInt8 = 0
    for byte in bytes {
      if byte == 0x0A, previous == 0x0D { normal.removeLast() }
      normal.append(byte == 0x0D ? 0x0A : byte)
      previous = byte
    }
    if style == .chat, previous == 0x0A || previous == 0x0D { normal.removeLast() }
    source = normal
  }

  private func byte(_ offset: Int = 0) -> UInt8 {
    at + offset < source.count ? source[at + offset] : 0
  }

  private mutating func add(_ token: Token) { tokens.append(Placed(token: token, line: line)) }

  private mutating func run() throws(TemplateError) {
    while at < source.count {
      let start = at
      while at < source.count, !startsTag() { at += 1 }
      let isEnd = at >= source.count
      let kind = byte(1)
      let sign = isEnd ? 0 : byte(2)
      try addData(start, at, kind: isEnd ? 0 : kind, sign: sign)
      if isEnd { break }
      at += sign == 0x2D || sign == 0x2B ? 3 : 2
      startsLine = false
      switch kind {
      case 0x23: try comment()
      case 0x25 where try raw(): continue
      case 0x25: try tag(.blockBegin, .blockEnd, closing: 0x25)
      default: try tag(.printBegin, .printEnd, closing: 0x7D)
      }
    }
    add(.end)
  }

  private func startsTag() -> Bool {
    source[at] == 0x7B && (byte(1) == 0x7B || byte(1) == 0x25 || byte(1) == 0x23)
  }

  private mutating func addData(_ start: Int, _ end: Int, kind: UInt8, sign: UInt8)
    throws(TemplateError)
  {
    var text = TemplateText(bytes: Array(source[start..<end]))
    let newlines = text.bytes.count { $0 == 0x0A }
    if sign == 0x2D {
      text = text.trimmed(left: false, TemplateText.isSpace)
    } else if style == .chat, sign != 0x2B, kind == 0x25 || kind == 0x23 {
      let lineStart = (text.bytes.lastIndex(of: 0x0A) ?? -1) + 1
      if lineStart > 0 || startsLine {
        let rest = text.slice(lineStart, text.count)
        if rest.trimmed(TemplateText.isSpace).isEmpty { text = text.slice(0, lineStart) }
      }
    }
    if !text.isEmpty { add(.data(text.bytes)) }
    line += newlines
  }

  private mutating func comment() throws(TemplateError) {
    let open = line
    while at + 1 < source.count, !(source[at] == 0x23 && source[at + 1] == 0x7D) {
      if source[at] == 0x0A { line += 1 }
      at += 1
    }
    guard at + 1 < source.count else {
      throw TemplateError(.syntax, "a comment '{#' is never closed", line: open)
    }
    let sign = at > 0 ? source[at - 1] : 0
    at += 2
    afterTag(sign, trims: true)
  }

  /// `{% raw %}…{% endraw %}`, where the place is behind a `{%`: the text between as it is.
  private mutating func raw() throws(TemplateError) -> Bool {
    guard let (start, sign) = word("raw", from: at) else { return false }
    let open = line
    at = start
    afterTag(sign, trims: true)
    let begin = at
    while at + 1 < source.count {
      guard source[at] == 0x7B, source[at + 1] == 0x25 else {
        at += 1
        continue
      }
      let before: UInt8 = byte(2) == 0x2D || byte(2) == 0x2B ? byte(2) : 0
      if let (end, after) = word("endraw", from: at + (before == 0 ? 2 : 3)) {
        try addData(begin, at, kind: 0x25, sign: before)
        at = end
        afterTag(after, trims: true)
        return true
      }
      at += 1
    }
    throw TemplateError(.syntax, "the block 'raw' is never closed", line: open)
  }

  /// Where a tag that holds one word ends, and the sign before its `%}`; nil for other tags.
  private func word(_ word: String, from start: Int) -> (end: Int, sign: UInt8)? {
    func blanks(_ from: Int) -> Int {
      var index = from
      while index < source.count, source[index] == 0x20 || source[index] &- 9 < 5 { index += 1 }
      return index
    }
    let begin = blanks(start)
    guard begin < source.count, source[begin...].starts(with: word.utf8) else { return nil }
    var index = blanks(begin + word.utf8.count)
    var sign: UInt8 = 0
    if index < source.count, source[index] == 0x2D || source[index] == 0x2B {
      sign = source[index]
      index += 1
    }
    guard index + 1 < source.count, source[index] == 0x25, source[index + 1] == 0x7D else {
      return nil
    }
    return (index + 2, sign)
  }

  /// What a tag's end takes along of the text behind it.
  private mutating func afterTag(_ sign: UInt8, trims: Bool) {
    let start = at
    if sign == 0x2D {
      source.withUnsafeBufferPointer { all in
        while at < all.count {
          let (scalar, length) = all.scalar(at: at)
          guard TemplateText.isSpace(scalar) else { break }
          if scalar == 0x0A { line += 1 }
          at += length
        }
      }
    } else if style == .chat, sign != 0x2B, trims, byte() == 0x0A {
      at += 1
      line += 1
    }
    startsLine = at > start && source[at - 1] == 0x0A
  }

  private mutating func tag(_ begin: Token, _ end: Token, closing: UInt8) throws(TemplateError) {
    let open = line
    add(begin)
    var depth = 0
    while true {
      while at < source.count, byte() == 0x20 || byte() &- 9 < 5 {
        if byte() == 0x0A { line += 1 }
        at += 1
      }
      guard at < source.count else {
        let name = closing == 0x25 ? "{%" : "{{"
        throw TemplateError(.syntax, "a tag '\(name)' is never closed", line: open)
      }
      let sign: UInt8 = byte() == 0x2D || byte() == 0x2B ? byte() : 0
      let skip = sign == 0 ? 0 : 1
      if depth == 0, byte(skip) == closing, byte(skip + 1) == 0x7D {
        at += skip + 2
        add(end)
        return afterTag(sign, trims: closing == 0x25)
      }
      try lexeme(&depth)
    }
  }

  private mutating func lexeme(_ depth: inout Int) throws(TemplateError) {
    let next = byte()
    if next == 0x22 || next == 0x27 { return try string(next) }
    if next &- 0x30 < 10 { return try number() }
    if next == 0x5F || (next | 0x20) &- 0x61 < 26 || next >= 0x80 {
      let start = at
      while at < source.count,
        byte() == 0x5F || (byte() | 0x20) &- 0x61 < 26
          || byte() &- 0x30 < 10 || byte() >= 0x80
      { at += 1 }
      return add(.name(String(decoding: source[start..<at], as: UTF8.self)))
    }
    for symbol in ["//", "**", "==", "!=", "<=", ">="] {
      let bytes = Array(symbol.utf8)
      if next == bytes[0], byte(1) == bytes[1] {
        at += 2
        return add(.symbol(symbol))
      }
    }
    let character = String(decoding: [next], as: UTF8.self)
    guard "+-*/%~<>=()[]{}.:,|".contains(character) else {
      throw TemplateError(.syntax, "a character that has no meaning in a tag", line: line)
    }
    if "([{".contains(character) { depth += 1 }
    if ")]}".contains(character) {
      depth -= 1
      guard depth >= 0 else {
        throw TemplateError(.syntax, "'\(character)' closes nothing", line: line)
      }
    }
    at += 1
    add(.symbol(character))
  }

  private mutating func number() throws(TemplateError) {
    let start = at
    var isDouble = false
    while byte() &- 0x30 < 10 || byte() == 0x5F { at += 1 }
    if byte() == 0x2E, byte(1) &- 0x30 < 10 {
      isDouble = true
      at += 1
      while byte() &- 0x30 < 10 || byte() == 0x5F { at += 1 }
    }
    if byte() | 0x20 == 0x65 {
      let sign = byte(1) == 0x2B || byte(1) == 0x2D ? 1 : 0
      if byte(1 + sign) &- 0x30 < 10 {
        isDouble = true
        at += 1 + sign
        while byte() &- 0x30 < 10 { at += 1 }
      }
    }
    let text = String(decoding: source[start..<at].filter { $0 != 0x5F }, as: UTF8.self)
    if isDouble, let value = Double(text), value.isFinite { return add(.double(value)) }
    guard !isDouble, let value = Int(text) else {
      throw TemplateError(.limit, "a number that does not fit 64 bits", line: line)
    }
    add(.int(value))
  }

  private mutating func string(_ quote: UInt8) throws(TemplateError) {
    let open = line
    at += 1
    var out: [UInt8] = []
    while at < source.count, byte() != quote {
      if byte() == 0x0A { line += 1 }
      if byte() == 0x5C, at + 1 < source.count {
        try escape(&out)
      } else {
        out.append(byte())
        at += 1
      }
    }
    guard at < source.count else {
      throw TemplateError(.syntax, "a string is never closed", line: open)
    }
    at += 1
    tokens.append(Placed(token: .string(out), line: open))
  }

  private mutating func escape(_ out: inout [UInt8]) throws(TemplateError) {
    let kind = byte(1)
    at += 2
    switch kind {
    case UInt8(ascii: "n"): out.append(0x0A)
    case UInt8(ascii: "t"): out.append(0x09)
    case UInt8(ascii: "r"): out.append(0x0D)
    case UInt8(ascii: "b"): out.append(0x08)
    case UInt8(ascii: "f"): out.append(0x0C)
    case UInt8(ascii: "v"): out.append(0x0B)
    case UInt8(ascii: "a"): out.append(0x07)
    case UInt8(ascii: "0"): out.append(0)
    case 0x0A: line += 1
    case 0x22, 0x27, 0x5C: out.append(kind)
    case UInt8(ascii: "x"): try code(2, &out)
    case UInt8(ascii: "u"): try code(4, &out)
    case UInt8(ascii: "U"): try code(8, &out)
    default:
      out.append(0x5C)
      at -= 1
    }
  }

  private mutating func code(_ digits: Int, _ out: inout [UInt8]) throws(TemplateError) {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = Character(Unicode.Scalar(byte())).hexDigitValue, value < 1 << 28 else {
        throw TemplateError(.syntax, "an escape that is cut short", line: line)
      }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    guard let scalar = Unicode.Scalar(value) else {
      throw TemplateError(.syntax, "an escape of no character", line: line)
    }
    out += Array(String(Character(scalar)).utf8)
  }
}
