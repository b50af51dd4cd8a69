/// GPT-2's map between bytes and printable characters, in which byte-level vocabularies are written:
/// printable Latin-1 stands for itself, the other 68 bytes for U+0100… in order.
enum ByteAlphabet {
  /// The scalar of each byte.
  static let scalars: [UInt32] = {
    var next: UInt32 = 0x100
    return (0..<256).map { (byte: UInt32) -> UInt32 in
      if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE {
        return byte
      }
      defer { next += 1 }
      return next
    }
  }()

  /// The byte of each scalar below U+0144, or −1.
  private static let bytes: [Int16] = {
    var table = [Int16](repeating: -1, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { table[Int(scalar)] = Int16(byte) }
    return table
  }()

  /// The bytes that `text` stands for; nil when a character is not in the alphabet.
  static func decode(_ text: Bytes) -> [UInt8]? {
    var out: [UInt8] = []
    return decode(text, into: &out) ? out : nil
  }

  /// The same into a buffer, whose contents are replaced.
  static func decode(_ text: Bytes, into out: inout [UInt8]) -> Bool {
    out.removeAll(keepingCapacity: true)
    var index = 0
    while index < text.count {
      let (scalar, length) = text.scalar(at: index)
      guard scalar < 0x144, bytes[Int(scalar)] >= 0 else { return false }
      out.append(UInt8(bytes[Int(scalar)]))
      index += length
    }
    return true
  }

  /// The text that stands for `bytes`.
  static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var out = String.UnicodeScalarView()
    for byte in bytes {
      if let scalar = Unicode.Scalar(scalars[Int(byte)]) { out.append(scalar) }
    }
    return String(out)
  }
}
