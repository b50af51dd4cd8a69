/// Methods of values, as far as they read and do not change.
enum TemplateMethods {
  private static let ofStrings: Set<String> = [
    "split", "rsplit", "strip", "lstrip", "rstrip", "startswith", "endswith", "replace", "upper",
    "lower", "title", "capitalize", "join", "format", "find", "rfind", "index", "count", "isdigit",
    "isalpha", "isalnum", "isspace", "isupper", "islower", "splitlines", "removeprefix",
    "removesuffix", "partition", "rpartition",
  ]
  private static let ofDicts: Set<String> = ["items", "keys", "values", "get", "copy"]
  private static let ofLists: Set<String> = ["index", "count", "copy"]

  static func exists(_ value: TemplateValue, _ name: String) -> Bool {
    switch value {
    case .string: ofStrings.contains(name)
    case .dict: ofDicts.contains(name)
    case .list: ofLists.contains(name)
    case .tuple: name == "index" || name == "count"
    default: false
    }
  }

  /// Whether the immutable sandbox hides a method because it changes its value.
  static func changing(_ value: TemplateValue, _ name: String) -> Bool {
    switch value {
    case .list:
      ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"].contains(name)
    case .dict: ["clear", "pop", "popitem", "setdefault", "update"].contains(name)
    default: false
    }
  }

  static func call(
    _ receiver: TemplateValue, _ name: String, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    switch receiver {
    case .string(let text):
      try run.step(text.count / 64)
      return try ofString(text, name, arguments, run)
    case .dict(let dict): return try ofDict(dict, name, arguments, run)
    case .loop(let loop): return try ofLoop(loop, name, arguments)
    default: return try ofList(receiver, name, arguments)
    }
  }

  private static func ofDict(
    _ dict: TemplateDict, _ name: String, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    try run.step(dict.entries.count / 4)
    switch name {
    case "items": return .list(dict.entries.map { .tuple([$0.key, $0.value]) })
    case "keys": return .list(dict.entries.map(\.key))
    case "values": return .list(dict.entries.map(\.value))
    case "get":
      guard let key = arguments.positional.first else {
        throw TemplateError(.type, "get needs a key")
      }
      return dict.find(key) ?? arguments.argument(1, "default") ?? .none
    default: return .dict(dict)
    }
  }

  private static func ofLoop(_ loop: TemplateLoop, _ name: String, _ arguments: TemplateCall)
    throws(TemplateError) -> TemplateValue
  {
    if name == "cycle" {
      guard !arguments.positional.isEmpty else { throw TemplateError(.type, "nothing to cycle") }
      return arguments.positional[loop.index % arguments.positional.count]
    }
    let same = loop.changed.map { before in
      before.count == arguments.positional.count
        && zip(before, arguments.positional).allSatisfy { $0.equals($1) }
    }
    loop.changed = arguments.positional
    return .bool(!(same ?? false))
  }

  private static func ofList(_ value: TemplateValue, _ name: String, _ arguments: TemplateCall)
    throws(TemplateError) -> TemplateValue
  {
    if name == "copy" { return value }
    guard let items = value.items, let wanted = arguments.positional.first else {
      throw TemplateError(.type, "'\(name)' needs a value")
    }
    if name == "count" { return .int(items.count { $0.equals(wanted) }) }
    guard let index = items.firstIndex(where: { $0.equals(wanted) }) else {
      throw TemplateError(.type, "the value is not in the list")
    }
    return .int(index)
  }

  // MARK: - Strings

  private static func ofString(
    _ text: TemplateText, _ name: String, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    switch name {
    case "strip", "lstrip", "rstrip":
      return .string(
        trim(
          text, try arguments.text(0, "chars"), left: name != "rstrip", right: name != "lstrip"))
    case "split", "rsplit":
      return .list(
        try split(
          text, by: try arguments.text(0, "sep"), most: try arguments.integer(1, "maxsplit") ?? -1,
          fromRight: name == "rsplit", run))
    case "startswith", "endswith":
      return .bool(try affix(text, name == "startswith", arguments))
    case "replace":
      guard let old = try arguments.text(0, "old"), let new = try arguments.text(1, "new") else {
        throw TemplateError(.type, "replace needs two strings")
      }
      return .string(try replace(text, old, new, try arguments.integer(2, "count") ?? -1, run))
    case "join": return .string(try join(text, arguments.positional.first ?? .none, run))
    case "format": return .string(try format(text, arguments, run))
    case "find", "rfind", "index", "count": return try search(text, name, arguments)
    case "removeprefix", "removesuffix":
      guard let part = try arguments.text(0, "affix") else {
        throw TemplateError(.type, "\(name) needs a string")
      }
      if name == "removeprefix" {
        return .string(
          text.bytes.starts(with: part.bytes) ? text.slice(part.count, text.count) : text)
      }
      let ends = text.bytes.suffix(part.count).elementsEqual(part.bytes)
      return .string(ends ? text.slice(0, text.count - part.count) : text)
    case "partition", "rpartition": return try partition(text, name, arguments)
    case "splitlines": return .list(lines(text))
    case "upper", "lower", "title", "capitalize": return .string(cased(text, name))
    default: return .bool(isAll(text, name))
    }
  }

  static func trim(_ text: TemplateText, _ characters: TemplateText?, left: Bool, right: Bool)
    -> TemplateText
  {
    guard let characters else {
      return text.trimmed(left: left, right: right, TemplateText.isSpace)
    }
    let set = Set(characters.string.unicodeScalars.map(\.value))
    return text.trimmed(left: left, right: right) { set.contains($0) }
  }

  static func cased(_ text: TemplateText, _ name: String) -> TemplateText {
    let string = text.string
    let changed: String
    switch name {
    case "upper": changed = string.uppercased()
    case "lower": changed = string.lowercased()
    case "capitalize":
      changed = string.prefix(1).uppercased() + string.dropFirst().lowercased()
    default:
      var out = ""
      var inWord = false
      for character in string {
        out += inWord ? character.lowercased() : character.uppercased()
        inWord = character.isLetter
      }
      changed = out
    }
    return text.replacing(Array(changed.utf8))
  }

  private static func isAll(_ text: TemplateText, _ name: String) -> Bool {
    let scalars = text.string.unicodeScalars
    if scalars.isEmpty { return false }
    switch name {
    case "isdigit": return scalars.allSatisfy { $0.properties.numericType != nil }
    case "isalpha": return scalars.allSatisfy { $0.properties.isAlphabetic }
    case "isalnum":
      return scalars.allSatisfy { $0.properties.isAlphabetic || $0.properties.numericType != nil }
    case "isspace": return scalars.allSatisfy { TemplateText.isSpace($0.value) }
    case "isupper":
      return text.string.uppercased() == text.string && text.string.lowercased() != text.string
    default:
      return text.string.lowercased() == text.string && text.string.uppercased() != text.string
    }
  }

  static func split(
    _ text: TemplateText, by separator: TemplateText?, most: Int, fromRight: Bool,
    _ run: TemplateRun
  ) throws(TemplateError) -> [TemplateValue] {
    guard let separator else { return try words(text, most, fromRight: fromRight, run) }
    if separator.isEmpty { throw TemplateError(.type, "empty separator") }
    var cuts: [Int] = []
    var position = 0
    while let at = text.find(separator.bytes, from: position) {
      cuts.append(at)
      position = at + separator.count
    }
    if most >= 0, cuts.count > most {
      cuts = Array(fromRight ? cuts.suffix(most) : cuts.prefix(most))
    }
    try run.step(cuts.count)
    var parts: [TemplateValue] = []
    position = 0
    for cut in cuts {
      parts.append(.string(text.slice(position, cut)))
      position = cut + separator.count
    }
    return parts + [.string(text.slice(position, text.count))]
  }

  private static func words(
    _ text: TemplateText, _ most: Int, fromRight: Bool, _ run: TemplateRun
  ) throws(TemplateError) -> [TemplateValue] {
    var ranges: [(Int, Int)] = []
    text.bytes.withUnsafeBufferPointer { bytes in
      var start = -1
      var index = 0
      while index < bytes.count {
        let (scalar, length) = bytes.scalar(at: index)
        if TemplateText.isSpace(scalar) {
          if start >= 0 { ranges.append((start, index)) }
          start = -1
        } else if start < 0 {
          start = index
        }
        index += length
      }
      if start >= 0 { ranges.append((start, bytes.count)) }
    }
    try run.step(ranges.count)
    if most >= 0, ranges.count > most + 1 {
      if fromRight {
        let first = ranges.count - most - 1
        ranges = [(ranges[0].0, ranges[first].1)] + ranges[(first + 1)...]
      } else {
        let end = text.trimmed(left: false, TemplateText.isSpace).count
        ranges = ranges[..<most] + [(ranges[most].0, end)]
      }
    }
    return ranges.map { .string(text.slice($0.0, $0.1)) }
  }

  private static func lines(_ text: TemplateText) -> [TemplateValue] {
    var parts: [TemplateValue] = []
    var position = 0
    while let at = text.find([0x0A], from: position) {
      parts.append(.string(text.slice(position, at)))
      position = at + 1
    }
    if position < text.count { parts.append(.string(text.slice(position, text.count))) }
    return parts
  }

  private static func affix(_ text: TemplateText, _ isPrefix: Bool, _ arguments: TemplateCall)
    throws(TemplateError) -> Bool
  {
    let wanted: [TemplateValue]
    if case .tuple(let items)? = arguments.positional.first {
      wanted = items
    } else {
      wanted = Array(arguments.positional.prefix(1))
    }
    for value in wanted {
      guard case .string(let part) = value else {
        throw TemplateError(.type, "a prefix is '\(value.typeName)', expected a string")
      }
      let holds =
        isPrefix
        ? text.bytes.starts(with: part.bytes)
        : part.count <= text.count && text.bytes.suffix(part.count).elementsEqual(part.bytes)
      if holds { return true }
    }
    if wanted.isEmpty { throw TemplateError(.type, "a prefix is missing") }
    return false
  }

  static func replace(
    _ text: TemplateText, _ old: TemplateText, _ new: TemplateText, _ most: Int,
    _ run: TemplateRun
  ) throws(TemplateError) -> TemplateText {
    var out = TemplateText()
    var position = 0
    var left = most
    if old.isEmpty {
      let offsets = text.scalarOffsets
      for (index, offset) in offsets.enumerated() {
        if left != 0 {
          out.append(new)
          left -= 1
        }
        if index + 1 < offsets.count { out.append(text.slice(offset, offsets[index + 1])) }
        try run.check(out.count)
      }
      try run.charge(out.count)
      return out
    }
    while left != 0, let at = text.find(old.bytes, from: position) {
      out.append(text.slice(position, at))
      out.append(new)
      position = at + old.count
      left -= 1
      try run.check(out.count)
      try run.step()
    }
    if position == 0 { return text }
    out.append(text.slice(position, text.count))
    try run.charge(out.count)
    return out
  }

  static func join(_ separator: TemplateText, _ value: TemplateValue, _ run: TemplateRun)
    throws(TemplateError) -> TemplateText
  {
    var out = TemplateText()
    for (index, item) in try run.iterate(value).enumerated() {
      guard case .string(let text) = item else {
        throw TemplateError(.type, "join meets '\(item.typeName)', expected strings")
      }
      if index > 0 { out.append(separator) }
      out.append(text)
      try run.check(out.count)
      try run.step()
    }
    try run.charge(out.count)
    return out
  }

  private static func search(_ text: TemplateText, _ name: String, _ arguments: TemplateCall)
    throws(TemplateError) -> TemplateValue
  {
    guard let part = try arguments.text(0, "sub") else {
      throw TemplateError(.type, "\(name) needs a string")
    }
    var places: [Int] = []
    var position = 0
    while let at = text.find(part.bytes, from: position), at < max(1, text.count) {
      places.append(at)
      position = at + max(1, part.count)
    }
    if name == "count" { return .int(places.count) }
    guard let place = name == "rfind" ? places.last : places.first else {
      if name == "index" { throw TemplateError(.type, "substring not found") }
      return .int(-1)
    }
    return .int(text.slice(0, place).scalarCount)
  }

  private static func partition(_ text: TemplateText, _ name: String, _ arguments: TemplateCall)
    throws(TemplateError) -> TemplateValue
  {
    guard let part = try arguments.text(0, "sep"), !part.isEmpty else {
      throw TemplateError(.type, "\(name) needs a separator")
    }
    var found = text.find(part.bytes)
    while name == "rpartition", let at = found, let next = text.find(part.bytes, from: at + 1) {
      found = next
    }
    guard let at = found else {
      let empty = TemplateValue.string(TemplateText())
      return .tuple(
        name == "partition" ? [.string(text), empty, empty] : [empty, empty, .string(text)])
    }
    return .tuple([
      .string(text.slice(0, at)), .string(part), .string(text.slice(at + part.count, text.count)),
    ])
  }

  /// `str.format` with plain fields: `{}`, `{0}`, `{name}`, `{{` and `}}`. Fields that reach into
  /// values are refused, as the sandbox does for what they could reach.
  private static func format(_ text: TemplateText, _ arguments: TemplateCall, _ run: TemplateRun)
    throws(TemplateError) -> TemplateText
  {
    var out = TemplateText()
    var index = 0
    var automatic = 0
    let bytes = text.bytes
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x7B || byte == 0x7D, index + 1 < bytes.count, bytes[index + 1] == byte {
        out.append([byte])
        index += 2
      } else if byte == 0x7B {
        guard let close = bytes[index...].firstIndex(of: 0x7D) else {
          throw TemplateError(.type, "a '{' in a format is never closed")
        }
        let field = String(decoding: bytes[(index + 1)..<close], as: UTF8.self)
        let value: TemplateValue?
        if field.isEmpty {
          value = automatic < arguments.positional.count ? arguments.positional[automatic] : nil
          automatic += 1
        } else if let number = Int(field) {
          value =
            arguments.positional.indices.contains(number) ? arguments.positional[number] : nil
        } else if field.utf8.allSatisfy({
          ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x5F
        }) {
          value = arguments.named.first { $0.name == field }?.value
        } else {
          throw TemplateError(.unsafe, "a format field that reaches into a value is not supported")
        }
        guard let value else { throw TemplateError(.type, "too few values for a format") }
        out.append(try value.printed(run))
        index = close + 1
      } else if byte == 0x7D {
        throw TemplateError(.type, "a single '}' in a format")
      } else {
        let next = bytes[index...].firstIndex { $0 == 0x7B || $0 == 0x7D } ?? bytes.count
        out.append(text.slice(index, next))
        index = next
      }
      try run.check(out.count)
    }
    try run.charge(out.count)
    return out
  }
}
