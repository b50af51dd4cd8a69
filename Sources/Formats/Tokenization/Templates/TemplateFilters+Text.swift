/// Filters of texts.
extension TemplateFilters {
  static func ofText(
    _ name: Name, _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    switch name {
    case .trim:
      try arguments.check("trim", most: 1, ["chars"])
      return .string(
        TemplateMethods.trim(
          try value.printed(run), try arguments.text(0, "chars"), left: true, right: true))
    case .lower, .upper, .capitalize:
      try arguments.check(name.rawValue, most: 0)
      let method: TemplateMethods.Name =
        name == .lower ? .lower : name == .upper ? .upper : .capitalize
      return .string(TemplateMethods.cased(try value.printed(run), method))
    case .title:
      try arguments.check("title", most: 0)
      return .string(title(try value.plain(run)))
    case .replace: return try replace(value, arguments, run)
    case .indent:
      guard case .string(let text) = value else {
        if case .undefined(let undefined) = value { throw undefined.error }
        throw TemplateError(.type, "indent of '\(value.typeName)'")
      }
      return .string(try indent(text, arguments, run))
    case .center:
      try arguments.check("center", most: 1, ["width"])
      let width = try arguments.integer(0, "width") ?? 80
      return .string(
        try TemplateMethods.padded(
          try value.printed(run), .center, TemplateCall(positional: [.int(width)]), run))
    case .escape, .e, .forceescape:
      try arguments.check("escape", most: 0)
      let text = try value.printed(run)
      try run.charge(text.count * 6)
      return .string(text.isMarkup && name != .forceescape ? text : text.escaped())
    case .format:
      let format = TemplateValue.string(try value.printed(run))
      guard !arguments.named.isEmpty else {
        return try run.arithmetic(.modulo, format, .tuple(arguments.positional))
      }
      guard arguments.positional.isEmpty else {
        throw TemplateError(
          .type, "can't handle positional and keyword arguments at the same time")
      }
      var dict = TemplateDictBuilder()
      for (name, value) in arguments.named { dict.set(.string(name), value) }
      return try run.arithmetic(.modulo, format, .dict(dict.dict))
    case .wordcount:
      try arguments.check("wordcount", most: 0)
      return .int(wordCount(try value.printed(run)))
    case .truncate:
      guard case .string(let text) = value else {
        let length = try arguments.integer(0, "length") ?? 255
        if (try? Self.length(value)) ?? .max <= length { return value }
        throw TemplateError(.type, "truncate of '\(value.typeName)'")
      }
      return .string(try truncate(text, arguments))
    case .urlencode: return .string(try urlEncoded(value, run))
    case .striptags: return .string(stripTags(try value.printed(run)))
    default: return .string(try attributes(value, arguments, run))
    }
  }

  /// Words begin after blanks, hyphens and opening brackets.
  private static func title(_ text: TemplateText) -> TemplateText {
    var out = ""
    var startsWord = true
    var word = TemplateText()
    func finish() {
      if word.isEmpty { return }
      let offsets = word.scalarOffsets
      let first = word.slice(0, offsets[1])
      out += TemplateMethods.cased(first, .upper).string
      out += TemplateMethods.cased(word.slice(offsets[1], word.count), .lower).string
      word = TemplateText()
    }
    for scalar in text.string.unicodeScalars {
      let separates =
        TemplateText.isSpace(scalar.value) || ["-", "(", "{", "[", "<"].contains(scalar)
      if separates != startsWord { finish() }
      startsWord = separates
      word.append(Array(String(Character(scalar)).utf8))
    }
    finish()
    return text.replacing(Array(out.utf8))
  }

  private static func replace(
    _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    try arguments.check("replace", most: 3, ["old", "new", "count"])
    guard let old = arguments.argument(0, "old"), let new = arguments.argument(1, "new") else {
      throw TemplateError(.type, "replace needs two strings")
    }
    return .string(
      try TemplateMethods.replace(
        try value.plain(run), try old.plain(run), try new.plain(run),
        try arguments.integer(2, "count") ?? -1, run))
  }

  /// `indent(width=4, first=false, blank=false)`.
  private static func indent(
    _ text: TemplateText, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateText {
    try arguments.check("indent", most: 3, ["width", "first", "blank"])
    let pad: TemplateText
    if case .string(let given)? = arguments.argument(0, "width") {
      pad = given
    } else {
      let width = try arguments.integer(0, "width") ?? 4
      try run.charge(max(0, width))
      pad = TemplateText(bytes: Array(repeating: 0x20, count: max(0, width)))
    }
    let first = arguments.flag(1, "first")
    let blank = arguments.flag(2, "blank")
    var ended = text
    ended.append(0x0A)
    var out = TemplateText()
    for (index, line) in TemplateMethods.lines(ended, keepsEnds: false).enumerated() {
      if index > 0 { out.append(0x0A) }
      if index == 0 ? first : blank || !line.isEmpty { out.append(pad) }
      out.append(line)
      try run.check(out.count)
    }
    try run.charge(out.count)
    out.isMarkup = text.isMarkup
    return out
  }

  /// Runs of letters, digits and underscores.
  private static func wordCount(_ text: TemplateText) -> Int {
    var count = 0
    var inWord = false
    for scalar in text.string.unicodeScalars {
      let isWord =
        scalar == "_" || scalar.properties.numericType != nil
        || ScalarCategories.letters & (1 << UInt32(ScalarCategories.index(of: scalar.value))) != 0
      if isWord, !inWord { count += 1 }
      inWord = isWord
    }
    return count
  }

  /// `truncate(length=255, killwords=false, end='...', leeway=5)`.
  private static func truncate(_ text: TemplateText, _ arguments: TemplateCall)
    throws(TemplateError) -> TemplateText
  {
    try arguments.check("truncate", most: 4, ["length", "killwords", "end", "leeway"])
    let length = try arguments.integer(0, "length") ?? 255
    let end = try arguments.text(2, "end") ?? TemplateText("...")
    let leeway = try arguments.integer(3, "leeway") ?? 5
    guard length >= end.scalarCount, leeway >= 0 else {
      throw TemplateError(.type, "truncate needs a length of at least \(end.scalarCount)")
    }
    let offsets = text.scalarOffsets
    let (most, overflow) = length.addingReportingOverflow(leeway)
    if overflow || offsets.count - 1 <= most { return text }
    var kept = text.slice(0, offsets[length - end.scalarCount])
    if !arguments.flag(1, "killwords"), let blank = kept.bytes.lastIndex(of: 0x20) {
      kept = kept.slice(0, blank)
    }
    kept.append(end)
    return kept
  }

  // MARK: - Markup and addresses

  private static func urlEncoded(_ value: TemplateValue, _ run: TemplateRun) throws(TemplateError)
    -> TemplateText
  {
    let pairs: [TemplateValue]
    switch value {
    case .dict(let dict): pairs = dict.entries.map { .tuple([$0, $1]) }
    case .list, .tuple, .view: pairs = try run.iterate(value)
    default: return quoted(try value.printed(run), keepsSlash: true)
    }
    var out = TemplateText()
    for (index, pair) in pairs.enumerated() {
      let parts = try run.iterate(pair)
      guard parts.count == 2 else { throw TemplateError(.type, "urlencode needs pairs") }
      if index > 0 { out.append([0x26]) }
      out.append(quoted(try parts[0].printed(run), keepsSlash: false))
      out.append([0x3D])
      out.append(quoted(try parts[1].printed(run), keepsSlash: false))
      try run.check(out.count)
    }
    return out
  }

  /// Percent signs for all but letters, digits and `_.-~`; in queries a blank is a plus.
  private static func quoted(_ text: TemplateText, keepsSlash: Bool) -> TemplateText {
    let hex = Array("0123456789ABCDEF".utf8)
    var out: [UInt8] = []
    for byte in text.bytes {
      let isPlain =
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || [0x5F, 0x2E, 0x2D, 0x7E].contains(byte)
      if isPlain || keepsSlash && byte == 0x2F {
        out.append(byte)
      } else if byte == 0x20, !keepsSlash {
        out.append(0x2B)
      } else {
        out += [0x25, hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      }
    }
    return text.replacing(out)
  }

  /// Without comments and tags, blanks joined, the common entities as characters.
  private static func stripTags(_ text: TemplateText) -> TemplateText {
    var kept: [UInt8] = []
    let bytes = text.bytes
    var index = 0
    while index < bytes.count {
      if bytes[index...].starts(with: Array("<!--".utf8)),
        let end = text.find(Array("-->".utf8), from: index + 4)
      {
        index = end + 3
      } else if bytes[index] == 0x3C, let end = text.find([0x3E], from: index) {
        index = end + 1
      } else {
        kept.append(bytes[index])
        index += 1
      }
    }
    var plain = String(decoding: kept, as: UTF8.self)
      .split { $0.unicodeScalars.allSatisfy { TemplateText.isSpace($0.value) } }
      .joined(separator: " ")
    for (entity, character) in [
      ("&lt;", "<"), ("&gt;", ">"), ("&#34;", "\""), ("&quot;", "\""), ("&#39;", "'"),
      ("&amp;", "&"),
    ] {
      plain = plain.replacing(entity, with: character)
    }
    var out = text.replacing(Array(plain.utf8))
    out.isMarkup = false
    return out
  }

  /// ` name="value"` of a mapping; values that are not there are left out.
  private static func attributes(
    _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateText {
    guard case .dict(let dict) = value else {
      throw TemplateError(.type, "xmlattr of '\(value.typeName)'")
    }
    var out = TemplateText()
    for (key, value) in dict.entries where !value.isNone && !value.isUndefined {
      let name = try key.printed(run)
      guard !name.bytes.contains(where: { [0x20, 0x2F, 0x3E, 0x3D].contains($0) || $0 &- 9 < 5 })
      else { throw TemplateError(.type, "an attribute's name holds a character it must not") }
      if !out.isEmpty { out.append(0x20) }
      out.append(name.escaped())
      out.append([0x3D, 0x22])
      let text = try value.printed(run)
      out.append(text.isMarkup ? text : text.escaped())
      out.append(0x22)
      try run.check(out.count)
    }
    let autospace = arguments.argument(0, "autospace")?.isTrue ?? true
    if autospace, !out.isEmpty {
      var spaced = TemplateText(" ")
      spaced.append(out)
      out = spaced
    }
    out.isMarkup = false
    return out
  }
}
