private import Reproducibility

/// Text that tells by itself whether it is whole.
package enum SummedFile {
  /// Whether the first line is the SHA-256 of all that follows it.
  package static func isWhole(_ bytes: [UInt8]) -> Bool {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return false }
    return String(decoding: bytes[..<end], as: UTF8.self) == Digest(of: bytes[(end + 1)...]).hex
  }

  private static let digits = 16

  /// A line that begins with 16 digits of the SHA-256 of the rest.
  package static func line(_ text: [UInt8]) -> [UInt8] {
    Array("\(Digest(of: text).hex.prefix(digits)) ".utf8) + text + [UInt8(ascii: "\n")]
  }

  /// The texts of ``line(_:)``s, and how many lines are damaged or cut off.
  package static func lines(_ bytes: [UInt8]) -> (texts: [[UInt8]], damaged: Int) {
    var texts: [[UInt8]] = []
    var damaged = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
      // Version 0.1 wrote JSON without a sum.
      if line.first == UInt8(ascii: "{") {
        texts.append(Array(line))
        continue
      }
      let text = Array(line.dropFirst(digits + 1))
      let sum = String(decoding: line.prefix(digits), as: UTF8.self)
      if sum == Digest(of: text).hex.prefix(digits) { texts.append(text) } else { damaged += 1 }
    }
    if let last = bytes.last, last != UInt8(ascii: "\n"), damaged == 0 { damaged = 1 }
    return (texts, damaged)
  }
}
