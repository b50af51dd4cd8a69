internal import Documents
private import Foundation

/// SentencePiece's `precompiled_charsmap`: a double-array trie over UTF-8 whose leaves point into a
/// list of replacements (Darts-clone layout: label in bits 0–7, leaf mark in bit 8, offset in bits
/// 10–30 scaled by bit 9; a leaf's unit has bit 31 and the position of its text).
struct Charsmap: Sendable {
  private let units: FrozenBuffer<UInt32>
  /// NUL-terminated texts.
  private let texts: FrozenBuffer<UInt8>
  /// The bytes as a GGUF file has them.
  let bytes: [UInt8]

  /// - Returns: nil for bytes that are no such map.
  init?(bytes: [UInt8]) {
    func word(_ at: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
    }
    guard bytes.count >= 4, case let size = Int(word(0)), size % 4 == 0, size >= 4,
      size <= bytes.count - 4
    else { return nil }
    units = FrozenBuffer((0..<(size / 4)).map { word(4 + 4 * $0) })
    let rest = Array(bytes[(4 + size)...])
    guard String(validating: rest, as: UTF8.self) != nil else { return nil }
    texts = FrozenBuffer(rest)
    self.bytes = bytes
  }

  init(_ part: TokenizerPart) throws {
    let text = try part.string("precompiled_charsmap")
    guard let data = Data(base64Encoded: text), let map = Charsmap(bytes: Array(data)) else {
      throw part.problem("has a 'precompiled_charsmap' that is no character map in base64")
    }
    self = map
  }

  /// The positions of the replacements of the prefixes of `text`, shortest first.
  ///
  /// - Parameter found: length in bytes and position of the replacement; returns whether to go on.
  func forEachPrefix(of text: Bytes, _ found: (Int, Int) -> Bool) {
    var node = Self.offset(units[0])
    for (index, byte) in text.enumerated() {
      if byte == 0 { return }
      node ^= Int(byte)
      guard node < units.count else { return }
      let unit = units[node]
      guard unit & 0x8000_00FF == UInt32(byte) else { return }
      node ^= Self.offset(unit)
      if unit >> 8 & 1 == 1 {
        guard node < units.count else { return }
        if !found(index + 1, Int(units[node] & 0x7FFF_FFFF)) { return }
      }
    }
  }

  /// The replacement at a position; nil when it lies outside or has no end.
  func text(at position: Int) -> Bytes? {
    guard position < texts.count else { return nil }
    var end = position
    while end < texts.count, texts[end] != 0 { end += 1 }
    return Bytes(start: UnsafePointer(texts.base) + position, count: end - position)
  }

  /// As `tokenizers` applies it: to a grapheme cluster shorter than 6 bytes by the *shortest* prefix
  /// that has a replacement, which then stands for the whole cluster, else scalar by scalar.
  func apply(_ text: Bytes) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    for cluster in String(decoding: text, as: UTF8.self) {
      let bytes = Array(cluster.utf8)
      bytes.withUnsafeBufferPointer { bytes in
        if bytes.count < 6, let replacement = replacement(bytes) {
          out.append(contentsOf: replacement)
          return
        }
        var index = 0
        while index < bytes.count {
          let scalar = bytes.slice(index, index + bytes.scalar(at: index).length)
          out.append(contentsOf: replacement(scalar) ?? scalar)
          index += scalar.count
        }
      }
    }
    return out
  }

  /// The same for text of ASCII, whose only cluster of two is CR LF.
  func ascii(_ text: Bytes) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let isPair = text[index] == 0x0D && index + 1 < text.count && text[index + 1] == 0x0A
      let part = text.slice(index, index + (isPair ? 2 : 1))
      out.append(contentsOf: replacement(part) ?? part)
      index += part.count
    }
    return out
  }

  private func replacement(_ text: Bytes) -> Bytes? {
    var position: Int?
    forEachPrefix(of: text) {
      position = $1
      return false
    }
    return position.flatMap(self.text)
  }

  private static func offset(_ unit: UInt32) -> Int {
    Int(unit >> 10) << Int((unit & 0x200) >> 6)
  }
}
