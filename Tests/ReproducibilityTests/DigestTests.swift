import Reproducibility
import Testing

@Suite struct DigestTests {
  @Test("the digest of a known text is the one of FIPS 180-4")
  func known() {
    #expect(
      Digest(of: Array("abc".utf8)).hex
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test("digests of many texts are those of each")
  func many() {
    let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * 31 + 7) }
    bytes.withUnsafeBytes { all in
      // Every length around one and two blocks, and longer ones in between.
      let texts = (0..<260).map { length in
        UnsafeRawBufferPointer(
          rebasing: all[length..<(length % 7 == 3 ? 5000 - length : 2 * length)])
      }
      let wanted = texts.map { Digest(of: $0) }
      #expect(Digest.many(texts) == wanted)
      for (half, digest) in zip(Digest.halves(of: texts), wanted) {
        #expect(half.high == UInt64(digest.hex.prefix(16), radix: 16))
        #expect(half.low == UInt64(digest.hex.dropFirst(16).prefix(16), radix: 16))
      }
      #expect(Digest.many([]) == [])
      #expect(Digest.many([texts[100]]) == [wanted[100]])
      // However many there are, and with the shortest first: sixteen at a time, then two, then one.
      for count in 1...40 {
        #expect(Digest.many(Array(texts[..<count])) == Array(wanted[..<count]))
        let long = 260 - 3 * count
        #expect(Digest.many(Array(texts[long...])) == Array(wanted[long...]))
      }
      // The same bytes in pieces, empty ones among them, cut at every place of a block.
      let pieces = texts.enumerated().map { index, text in
        let first = min(text.count, index % 131)
        let second = min(text.count, first + index % 3 * 64)
        return [text[..<first], text[first..<first], text[first..<second], text[second...]]
          .map { UnsafeRawBufferPointer(rebasing: $0) }
      }
      #expect(Digest.many(pieces: pieces) == wanted)
    }
  }
}
