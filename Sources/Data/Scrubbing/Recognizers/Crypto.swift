private import Reproducibility

extension Recognizer {
  /// Wallet addresses: Bitcoin (base58 with its double SHA-256, bech32 by its alphabet and length)
  /// and Ethereum (`0x` and 40 hexadecimal digits).
  static let crypto = Recognizer(
    entity: .crypto,
    search: .at(bytes: Array("130bB".utf8)) { text, start in
      guard !text.isWord(before: start) else { return nil }
      var end = start
      while end < text.count, ByteText.isAlphanumeric(text[end]), end - start < 100 { end += 1 }
      guard !text.isWord(at: end) else { return nil }
      let word = text.bytes[start..<end]
      if text.has("0x", at: start) {
        guard word.count == 42, word.dropFirst(2).allSatisfy(ByteText.isHex) else { return nil }
        return Detection(.crypto, start..<end, score: 0.9)
      }
      if text.has("bc1", at: start) {
        guard (42...62).contains(word.count),
          word.dropFirst(3).allSatisfy({ Wallet.bech32.contains(ByteText.lower($0)) })
        else { return nil }
        return Detection(.crypto, start..<end, score: 0.9)
      }
      guard (26...35).contains(word.count), Wallet.isBase58Address(word) else { return nil }
      return Detection(.crypto, start..<end, score: 1, verified: true)
    })
}

private enum Wallet {
  static let bech32 = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
  static let base58 = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

  /// Whether the word is 25 bytes in base 58 whose last four begin the double SHA-256 of the rest.
  static func isBase58Address(_ word: some Collection<UInt8>) -> Bool {
    var number = [UInt8](repeating: 0, count: 25)
    for byte in word {
      guard let value = base58.firstIndex(of: byte) else { return false }
      var carry = value
      for place in stride(from: 24, through: 0, by: -1) {
        carry += 58 * Int(number[place])
        number[place] = UInt8(carry & 0xFF)
        carry >>= 8
      }
      if carry != 0 { return false }
    }
    let once = KeyedDigest.bytes(of: Digest(of: number.prefix(21)))
    let twice = KeyedDigest.bytes(of: Digest(of: once))
    return twice.prefix(4).elementsEqual(number.suffix(4))
  }
}
