/// One line of a source text with a caret line under a place in it.
struct SourceExcerpt {
  /// The line as shown: tabs as spaces, control and invisible characters escaped, cut to `width`.
  let line: String
  /// Spaces, then `^~~~` under the place.
  let marks: String

  /// - Parameters:
  ///   - text: the whole line, without its end.
  ///   - column: the place, from 1, in scalars; one past the end is the end of the line.
  ///   - width: terminal cells that `line` may take.
  init(_ text: some Sequence<Unicode.Scalar>, column: Int, length: Int, width: Int) {
    var cells: [(shown: String, width: Int)] = text.map { Self.cell($0) }
    let first = min(max(0, column - 1), cells.count)
    if first == cells.count { cells.append((" ", 1)) }
    let last = min(cells.count, first + max(1, length))

    // Keep the caret in the left half of what is shown when the line is too long.
    var start = 0
    if cells[..<last].reduce(0, { $0 + $1.width }) > width {
      var before = 0
      start = first
      while start > 0, before + cells[start - 1].width <= width / 3 {
        start -= 1
        before += cells[start].width
      }
    }
    var shown = start > 0 ? "…" : ""
    var used = start > 0 ? 1 : 0
    var caretStart = used
    var caretWidth = 0
    var index = start
    while index < cells.count, used + cells[index].width <= width {
      if index == first { caretStart = used }
      if index >= first && index < last { caretWidth += cells[index].width }
      shown += cells[index].shown
      used += cells[index].width
      index += 1
    }
    if index < cells.count { shown += "…" }
    while shown.last == " " { shown.removeLast() }
    line = shown
    marks =
      String(repeating: " ", count: caretStart) + "^"
      + String(repeating: "~", count: max(0, caretWidth - 1))
  }

  /// What a scalar looks like on a terminal, and how many cells it takes.
  private static func cell(_ scalar: Unicode.Scalar) -> (shown: String, width: Int) {
    if scalar.value >= 0x20 && scalar.value < 0x7F { return (String(scalar), 1) }
    if scalar == "\t" { return ("    ", 4) }
    let shown = SafeText.escaped(String(scalar))
    if shown.unicodeScalars.count > 1 { return (shown, shown.unicodeScalars.count) }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return (shown, 0)
    default: return (shown, isWide(scalar.value) ? 2 : 1)
    }
  }

  /// East Asian wide and emoji blocks (Unicode TR 11, wide ranges, by block).
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
      return true
    default: return false
    }
  }
}
