/// A text that others are looked for in, by bytes: canonically equal texts of other bytes differ, as
/// everywhere in scoring.
package struct ContainedText: Sendable {
  private let bytes: [UInt8]
  private let ignoreCase: Bool

  package init(_ text: String, ignoreCase: Bool = false) {
    self.ignoreCase = ignoreCase
    bytes = Self.folded(text, ignoreCase)
  }

  private static func folded(_ text: String, _ ignoreCase: Bool) -> [UInt8] {
    Array((ignoreCase ? text.lowercased() : text).utf8)
  }

  /// In time linear in both texts (Knuth, Morris, Pratt 1977).
  package func contains(_ text: String) -> Bool {
    let wanted = Self.folded(text, ignoreCase)
    if wanted.isEmpty { return true }
    var borders = [0]
    var border = 0
    for index in wanted.indices.dropFirst() {
      while border > 0, wanted[index] != wanted[border] { border = borders[border - 1] }
      if wanted[index] == wanted[border] { border += 1 }
      borders.append(border)
    }
    var matched = 0
    for byte in bytes {
      while matched > 0, byte != wanted[matched] { matched = borders[matched - 1] }
      if byte == wanted[matched] { matched += 1 }
      if matched == wanted.count { return true }
    }
    return false
  }

  package func starts(with text: String) -> Bool {
    bytes.starts(with: Self.folded(text, ignoreCase))
  }

  package func equals(_ text: String) -> Bool { bytes == Self.folded(text, ignoreCase) }
}
