internal import Reproducibility

/// Wallet addresses: Bitcoin and its kin (base58 with its double SHA-256; bech32 and bech32m with
/// their checksum), Ethereum (`0x` and 40 hexadecimal digits; the case checksum of EIP-55 is left
/// out, since wallets and people write addresses in any case), Monero and Solana by length.
enum Wallet {
  /// The address that the whole word `range` is.
  static func detection(_ text: ByteText, _ range: Range<Int>) -> Detection? {
    let start = range.lowerBound
    guard !text.isWord(before: start), !text.isWord(at: range.upperBound) else { return nil }
    let word = text.bytes[range]
    if text.has("0x", at: start) {
      guard word.count == 42, word.dropFirst(2).allSatisfy(ByteText.isHex) else { return nil }
      return Detection(.crypto, range, score: 0.9)
    }
    for prefix in segwit where text.has(prefix, at: start) {
      guard (38...90).contains(word.count), Bech32.isValid(word, prefix: prefix) else { continue }
      return Detection(.crypto, range, score: 1, verified: true)
    }
    guard firsts.contains(text[start]) else { return nil }
    if (26...35).contains(word.count), isBase58Address(word) {
      return Detection(.crypto, range, score: 1, verified: true)
    }
    let isMonero =
      word.count == 95 && (text[start] == UInt8(ascii: "4") || text[start] == UInt8(ascii: "8"))
    return isMonero && word.allSatisfy({ base58.contains($0) })
      ? Detection(.crypto, range, score: 0.7) : nil
  }

  private static let segwit: [StaticString] = ["bc1", "tb1", "ltc1"]
  /// First characters of Bitcoin (1, 3), testnet (m, n, 2), Litecoin (L, M), Dogecoin (D), Dash (X),
  /// Ripple has another alphabet and Tron (T) and Zcash (t) share this one; Monero 4 and 8.
  private static let firsts = Array("123mnLMDXTt48".utf8)
  private static let base58 = Array(
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

  /// Whether the word is 25 bytes in base 58 whose last four begin the double SHA-256 of the rest.
  private static func isBase58Address(_ word: some Collection<UInt8>) -> Bool {
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
