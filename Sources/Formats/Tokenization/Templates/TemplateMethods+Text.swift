/// What the methods of strings do.
extension TemplateMethods {
  static func trim(_ text: TemplateText, _ characters: TemplateText?, left: Bool, right: Bool)
    -> TemplateText
  {
    guard let characters else {
      return text.trimmed(left: left, right: right, TemplateText.isSpace)
    }
    let set = Set(characters.string.unicodeScalars.map(\.value))
    return text.trimmed(left: left, right: right) { set.contains($0) }
  }

  // MARK: - Case

  static func cased(_ text: TemplateText, _ name: Name) -> TemplateText {
    if text.bytes.allSatisfy({ $0 < 0x80 }), name == .lower || name == .upper {
      let (first, flip): (UInt8, UInt8) = name == .lower ? (0x41, 0x20) : (0x61, 0x20)
      return text.replacing(text.bytes.map { $0 &- first < 26 ? $0 ^ flip : $0 })
    }
    let scalars = Array(text.string.unicodeScalars)
    var out = ""
    var inWord = false
    for (index, scalar) in scalars.enumerated() {
      let properties = scalar.properties
      switch name {
      case .upper: out += properties.uppercaseMapping
      case .title, .capitalize:
        let isFirst = name == .title ? !inWord : index == 0
        out += isFirst ? properties.titlecaseMapping : lower(scalars, index)
        inWord = isCased(scalar)
      case .swapcase:
        if properties.isUppercase {
          out += lower(scalars, index)
        } else {
          out += properties.isLowercase ? properties.uppercaseMapping : String(scalar)
        }
      case .casefold:
        out +=
          scalar == "\u{DF}" ? "ss" : scalar == "\u{3C2}" ? "\u{3C3}" : properties.lowercaseMapping
      default: out += lower(scalars, index)
      }
    }
    return text.replacing(Array(out.utf8))
  }

  /// The lower case of one scalar; a capital sigma at the end of a word has a form of its own.
  private static func lower(_ scalars: [Unicode.Scalar], _ index: Int) -> String {
    guard scalars[index] == "\u{3A3}" else { return scalars[index].properties.lowercaseMapping }
    let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
    let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    let isFinal = before?.properties.isCased == true && after?.properties.isCased != true
    return isFinal ? "\u{3C2}" : "\u{3C3}"
  }

  private static func isTitle(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .titlecaseLetter
  }

  private static func isCased(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isUppercase || scalar.properties.isLowercase || isTitle(scalar)
  }

  /// Python's `isdigit` and the like.
  static func isAll(_ text: TemplateText, _ name: Name) -> Bool {
    let scalars = text.string.unicodeScalars
    switch name {
    case .isascii: return text.bytes.allSatisfy { $0 < 0x80 }
    case .isprintable: return scalars.allSatisfy { TemplateValue.isPrintable($0.value) }
    case .islower, .isupper:
      var found = false
      for scalar in scalars {
        let properties = scalar.properties
        let isWanted = name == .islower ? properties.isLowercase : properties.isUppercase
        let isOther = name == .islower ? properties.isUppercase : properties.isLowercase
        if isOther || isTitle(scalar) { return false }
        if isWanted { found = true }
      }
      return found
    case .istitle: return isTitled(scalars)
    default:
      return !scalars.isEmpty
        && scalars.allSatisfy { scalar in
          let digits = scalar.properties.numericType
          let isLetter =
            ScalarCategories.letters & (1 << UInt32(ScalarCategories.index(of: scalar.value))) != 0
          switch name {
          case .isspace: return TemplateText.isSpace(scalar.value)
          case .isalpha: return isLetter
          case .isdecimal: return digits == .decimal
          case .isdigit: return digits == .decimal || digits == .digit
          case .isnumeric: return digits != nil
          default: return isLetter || digits != nil
          }
        }
    }
  }

  private static func isTitled(_ scalars: String.UnicodeScalarView) -> Bool {
    var (found, inWord) = (false, false)
    for scalar in scalars {
      if scalar.properties.isUppercase || isTitle(scalar) {
        if inWord { return false }
        (found, inWord) = (true, true)
      } else if scalar.properties.isLowercase {
        if !inWord { return false }
      } else {
        inWord = false
      }
    }
    return found
  }

  // MARK: - Parts

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
    // What is left when the splits are used up keeps its blanks on the far side.
    if most >= 0, ranges.count > most {
      if fromRight {
        let first = ranges.count - most - 1
        ranges = [(0, ranges[first].1)] + ranges[(first + 1)...]
      } else {
        ranges = ranges[..<most] + [(ranges[most].0, text.count)]
      }
    }
    return ranges.map { .string(text.slice($0.0, $0.1)) }
  }

  /// Python's `splitlines`.
  static func lines(_ text: TemplateText, keepsEnds: Bool) -> [TemplateText] {
    var parts: [TemplateText] = []
    var start = 0
    var index = 0
    text.bytes.withUnsafeBufferPointer { bytes in
      while index < bytes.count {
        let (scalar, length) = bytes.scalar(at: index)
        let end = index
        index += length
        let ends: Bool =
          switch scalar {
          case 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029: true
          default: false
          }
        guard ends else { continue }
        if scalar == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
        parts.append(text.slice(start, keepsEnds ? index : end))
        start = index
      }
    }
    if start < text.count { parts.append(text.slice(start, text.count)) }
    return parts
  }

  static func affix(_ text: TemplateText, _ isPrefix: Bool, _ arguments: TemplateCall)
    throws(TemplateError) -> Bool
  {
    try arguments.check(isPrefix ? "startswith" : "endswith", most: 3)
    guard let given = arguments.positional.first else {
      throw TemplateError(.type, "a prefix is missing")
    }
    var wanted = [given]
    if case .tuple(let items) = given { wanted = items }
    let text = try window(text, arguments)?.text ?? TemplateText()
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
    return false
  }

  /// The part of a text between the arguments `start` and `end`, and where it begins; nil when
  /// `start` lies behind the text.
  private static func window(_ text: TemplateText, _ arguments: TemplateCall)
    throws(TemplateError) -> (text: TemplateText, start: Int)?
  {
    if arguments.positional.count < 2 { return (text, 0) }
    let offsets = text.scalarOffsets
    let count = offsets.count - 1
    func place(_ index: Int?, _ fallback: Int) -> Int {
      guard let index else { return fallback }
      return index < 0 ? max(0, index.addingReportingOverflow(count).partialValue) : index
    }
    let start = place(try arguments.integer(1, "start"), 0)
    let end = min(count, place(try arguments.integer(2, "end"), count))
    if start > count { return nil }
    return (start < end ? text.slice(offsets[start], offsets[end]) : TemplateText(), start)
  }

  static func search(_ text: TemplateText, _ name: Name, _ arguments: TemplateCall)
    throws(TemplateError) -> TemplateValue
  {
    try arguments.check(name.rawValue, most: 3)
    guard case .string(let part)? = arguments.positional.first else {
      throw TemplateError(.type, "\(name.rawValue) needs a string")
    }
    let window = try window(text, arguments)
    var places: [Int] = []
    if let inside = window?.text {
      if part.isEmpty {
        if name == .count { return .int(inside.scalarCount + 1) }
        places = [0, inside.count]
      } else {
        var position = 0
        while let at = inside.find(part.bytes, from: position) {
          places.append(at)
          position = name == .count ? at + part.count : at + 1
        }
      }
    }
    if name == .count { return .int(places.count) }
    let isLast = name == .rfind || name == .rindex
    guard let place = isLast ? places.last : places.first, let window else {
      if name == .index || name == .rindex { throw TemplateError(.type, "substring not found") }
      return .int(-1)
    }
    return .int(window.start + window.text.slice(0, place).scalarCount)
  }

  static func partition(_ text: TemplateText, _ name: Name, _ arguments: TemplateCall)
    throws(TemplateError) -> TemplateValue
  {
    guard let part = try arguments.text(0, "sep"), !part.isEmpty else {
      throw TemplateError(.type, "\(name.rawValue) needs a separator")
    }
    var found = text.find(part.bytes)
    while name == .rpartition, let at = found, let next = text.find(part.bytes, from: at + 1) {
      found = next
    }
    guard let at = found else {
      let empty = TemplateValue.string(TemplateText())
      return .tuple(
        name == .partition ? [.string(text), empty, empty] : [empty, empty, .string(text)])
    }
    return .tuple([
      .string(text.slice(0, at)), .string(part), .string(text.slice(at + part.count, text.count)),
    ])
  }

  // MARK: - Making

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

  static func padded(
    _ text: TemplateText, _ name: Name, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateText {
    try arguments.check(name.rawValue, most: name == .zfill ? 1 : 2)
    guard let width = try arguments.integer(0, "width") else {
      throw TemplateError(.type, "\(name.rawValue) needs a width")
    }
    let fill = try arguments.text(1, "fillchar")?.bytes ?? [name == .zfill ? 0x30 : 0x20]
    guard TemplateText(bytes: fill).scalarCount == 1 else {
      throw TemplateError(.type, "The fill character must be exactly one character long")
    }
    let missing = width.subtractingReportingOverflow(text.scalarCount).partialValue
    if missing <= 0 || width < 0 { return text }
    try run.charge(missing)
    try run.charge(missing * fill.count)
    func pad(_ count: Int) -> [UInt8] { (0..<count).flatMap { _ in fill } }
    var out = TemplateText()
    switch name {
    case .ljust: out.append(text)
    // CPython puts the odd blank on the left when both numbers are odd.
    case .center: out.append(pad(missing / 2 + (missing & width & 1)))
    case .zfill:
      let hasSign = text.bytes.first == 0x2B || text.bytes.first == 0x2D
      out.append(text.slice(0, hasSign ? 1 : 0))
      out.append(pad(missing))
      out.append(text.slice(hasSign ? 1 : 0, text.count))
    default:
      out.append(pad(missing))
      out.append(text)
    }
    if name == .center { out.append(text) }
    if name == .ljust { out.append(pad(missing)) }
    if name == .center { out.append(pad(missing - missing / 2 - (missing & width & 1))) }
    out.isMarkup = text.isMarkup
    return out
  }

  static func expandTabs(_ text: TemplateText, _ size: Int, _ run: TemplateRun)
    throws(TemplateError) -> TemplateText
  {
    guard size <= 1_000 else { throw TemplateError(.limit, "a tab wider than 1000") }
    var out = TemplateText()
    var (start, column) = (0, 0)
    for (index, byte) in text.bytes.enumerated() {
      if byte == 0x09 {
        out.append(text.slice(start, index))
        start = index + 1
        if size > 0 {
          let width = size - column % size
          out.append(Array(repeating: 0x20, count: width))
          column += width
        }
        try run.check(out.count)
      } else if byte == 0x0A || byte == 0x0D {
        column = 0
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    out.append(text.slice(start, text.count))
    try run.charge(out.count)
    return out
  }
}
