extension Finder {
  private static let cellBorders = Set("\"',;|\t()".utf8)
  /// Bytes of a line that are looked at on either side.
  private static let lineMax = 240

  /// Whether `range` is a whole cell of a line that has an e-mail address in another one:
  /// `(17, 'Ann Poe', 'ann@example.com', '1975-10-05')`. Such a line is a person's record, and what
  /// could be that person's number or date of birth most likely is.
  func isCellBesideMail(_ range: Range<Int>) -> Bool {
    guard isBorder(text[range.lowerBound - 1], or: text[range.lowerBound - 2]),
      isBorder(text[range.upperBound], or: text[range.upperBound + 1])
    else { return false }
    return hasMail(from: range.lowerBound - 1, by: -1) || hasMail(from: range.upperBound, by: 1)
  }

  private func isBorder(_ near: UInt8, or far: UInt8) -> Bool {
    Self.cellBorders.contains(near) || near == UInt8(ascii: " ") && Self.cellBorders.contains(far)
  }

  private func hasMail(from start: Int, by step: Int) -> Bool {
    var index = start
    while index > 0, index < text.count, abs(index - start) < Self.lineMax, text[index] != 0x0A {
      if text[index] == UInt8(ascii: "@"), ByteText.isAlphanumeric(text[index - 1]),
        ByteText.isAlphanumeric(text[index + 1])
      {
        return true
      }
      index += step
    }
    return false
  }
}
