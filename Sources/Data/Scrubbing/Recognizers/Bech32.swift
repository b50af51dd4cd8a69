/// The checksum of segregated-witness addresses (BIP 173) and its successor for version 1 and up
/// (BIP 350).
enum Bech32 {
  private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
  /// 0x80 for characters outside the alphabet.
  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 0x80, count: 256)
    for (value, character) in alphabet.enumerated() {
      table[Int(character)] = UInt8(value)
      if ByteText.isLetter(character) { table[Int(character & 0xDF)] = UInt8(value) }
    }
    return table
  }()

  /// - Parameter prefix: the human-readable part with the `1` behind it.
  static func isValid(_ word: Slice<UnsafeBufferPointer<UInt8>>, prefix: StaticString) -> Bool {
    let size = prefix.utf8CodeUnitCount
    var check: UInt32 = 1
    prefix.withUTF8Buffer { letters in
      for letter in letters.dropLast() { step(&check, UInt32(letter >> 5)) }
      step(&check, 0)
      for letter in letters.dropLast() { step(&check, UInt32(letter & 31)) }
    }
    var (hasUpper, hasLower) = (false, false)
    for byte in word.dropFirst(size) {
      let value = values[Int(byte)]
      if value & 0x80 != 0 { return false }
      if ByteText.isUpper(byte) { hasUpper = true }
      if byte &- 0x61 < 26 { hasLower = true }
      step(&check, UInt32(value))
    }
    return !(hasUpper && hasLower) && (check == 1 || check == 0x2BC8_30A3)
  }

  private static func step(_ check: inout UInt32, _ value: UInt32) {
    let top = check >> 25
    check = (check & 0x1FF_FFFF) << 5 ^ value
    if top & 1 != 0 { check ^= 0x3B6A_57B2 }
    if top & 2 != 0 { check ^= 0x2650_8E6D }
    if top & 4 != 0 { check ^= 0x1EA1_19FA }
    if top & 8 != 0 { check ^= 0x3D42_33DD }
    if top & 16 != 0 { check ^= 0x2A14_62B3 }
  }
}
