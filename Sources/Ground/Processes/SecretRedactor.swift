private import Foundation

/// Takes secrets out of what passes through, however it is cut into pieces.
///
/// A secret is found as it is, percent-encoded, escaped as in JSON, in hexadecimal digits and in
/// base64, also inside of a longer text that was encoded. What may be the beginning of one is held
/// back until more is known.
package struct SecretRedactor: Sendable {
  package static let mark = "***"
  /// Shorter ones are words of any text; a pipeline may not have them as secrets.
  package static let bytesMin = 4

  /// By first byte, longest first.
  private let forms: [[[UInt8]]]
  private var held: [UInt8] = []

  package init(_ secrets: some Sequence<String>) {
    var all: Set<[UInt8]> = []
    for secret in secrets { all.formUnion(Self.forms(of: secret)) }
    var byFirst = [[[UInt8]]](repeating: [], count: 256)
    for form in all.sorted(by: { ($1.count, $0.description) < ($0.count, $1.description) }) {
      byFirst[Int(form[0])].append(form)
    }
    forms = byFirst
  }

  package var isEmpty: Bool { forms.allSatisfy(\.isEmpty) }

  /// What can be shown once `piece` has come.
  package mutating func take(_ piece: some Sequence<UInt8>) -> [UInt8] {
    held.append(contentsOf: piece)
    return drain(isEnd: false)
  }

  /// The rest: nothing more will come.
  package mutating func end() -> [UInt8] { drain(isEnd: true) }

  /// A whole text without the secrets.
  package func redacted(_ text: String) -> String {
    var copy = self
    return String(decoding: copy.take(text.utf8) + copy.end(), as: UTF8.self)
  }

  private mutating func drain(isEnd: Bool) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(held.count)
    var at = 0
    search: while at < held.count {
      for form in forms[Int(held[at])] {
        let count = min(form.count, held.count - at)
        guard held[at..<at + count].elementsEqual(form[..<count]) else { continue }
        if count == form.count {
          out.append(contentsOf: Self.mark.utf8)
          at += count
          continue search
        }
        if !isEnd { break search }
      }
      out.append(held[at])
      at += 1
    }
    held.removeSubrange(..<at)
    return out
  }

  // MARK: - Forms

  private static func forms(of secret: String) -> Set<[UInt8]> {
    let trimmed = secret.trimmingCharacters(in: .whitespacesAndNewlines)
    // Of a key with several lines, each may be printed alone.
    let lines = trimmed.split(whereSeparator: \.isNewline).map(String.init)
      .filter { $0.utf8.count >= 16 }
    var forms: Set<[UInt8]> = []
    for text in Set([secret, trimmed] + lines) where text.utf8.count >= bytesMin {
      let bytes = Array(text.utf8)
      forms.insert(bytes)
      forms.formUnion([
        percent(bytes, spared: "", upper: true), percent(bytes, spared: "", upper: false),
      ])
      forms.formUnion([
        percent(bytes, spared: "/", upper: true), percent(bytes, spared: "/", upper: false),
      ])
      forms.insert(percent(bytes, spared: "", upper: true, space: UInt8(ascii: "+")))
      forms.formUnion([escaped(text, slashes: false), escaped(text, slashes: true)])
      forms.formUnion([hex(bytes, upper: false), hex(bytes, upper: true)])
      forms.formUnion(base64(bytes))
    }
    return forms.filter { $0.count >= bytesMin }
  }

  private static func percent(
    _ bytes: [UInt8], spared: String, upper: Bool, space: UInt8? = nil
  ) -> [UInt8] {
    bytes.flatMap { byte -> [UInt8] in
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "-._~".utf8.contains(byte) || spared.utf8.contains(byte)
      if isPlain { return [byte] }
      if byte == UInt8(ascii: " "), let space { return [space] }
      return [UInt8(ascii: "%")] + hex([byte], upper: upper)
    }
  }

  private static func escaped(_ text: String, slashes: Bool) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar -> [UInt8] in
      switch scalar {
      case "\"": Array(#"\""#.utf8)
      case "\\": Array(#"\\"#.utf8)
      case "\n": Array(#"\n"#.utf8)
      case "\r": Array(#"\r"#.utf8)
      case "\t": Array(#"\t"#.utf8)
      case "/" where slashes: Array(#"\/"#.utf8)
      default: Array(String(scalar).utf8)
      }
    }
  }

  private static func hex(_ bytes: [UInt8], upper: Bool) -> [UInt8] {
    let digits = Array((upper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
    return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// The characters that depend on the secret alone, for each of the three ways it can lie in a text
  /// that was encoded (RFC 4648), in both alphabets; and whole, in lines of 64 and 76.
  private static func base64(_ bytes: [UInt8]) -> Set<[UInt8]> {
    var forms: Set<[UInt8]> = []
    for offset in 0..<3 {
      let text = Array(
        Data([UInt8](repeating: 0, count: offset) + bytes).base64EncodedString().utf8)
      let first = (offset * 8 + 5) / 6
      let end = (offset + bytes.count) * 8 / 6
      // A few characters of this alphabet are part of any word.
      guard end - first >= 6 else { continue }
      let form = Array(text[first..<end])
      forms.insert(form)
      forms.insert(
        form.map {
          $0 == UInt8(ascii: "+")
            ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
        }
      )
      if offset > 0 { continue }
      for width in [64, 76] where form.count > width {
        forms.insert(
          Array(
            stride(from: 0, to: form.count, by: width)
              .map { form[$0..<min($0 + width, form.count)] }.joined(separator: [UInt8(ascii: "\n")]
              )))
      }
    }
    return forms
  }
}
