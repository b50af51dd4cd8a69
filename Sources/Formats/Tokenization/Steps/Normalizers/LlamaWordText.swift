/// What llama.cpp does to text before a BERT vocabulary of a GGUF file sees it: words and single
/// punctuation marks, with one blank between them.
struct LlamaWordText: Sendable {
  let lowercases: Bool
  let stripsAccents: Bool

  func apply(_ text: Bytes) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count + 16)
    var index = 0
    while index < text.count {
      let (scalar, length) = text.scalar(at: index)
      let bytes = text.slice(index, index + length)
      if stripsAccents, scalar >= 0xC0 {
        addBase(of: bytes, to: &out)
      } else {
        add(scalar, bytes, to: &out)
      }
      index += length
    }
    return out
  }

  /// Of a decomposition llama.cpp keeps the first scalar only, of a Hangul syllable too.
  private func addBase(of bytes: Bytes, to out: inout [UInt8]) {
    Normalizer.decomposed(bytes).withUnsafeBufferPointer { parts in
      let (scalar, length) = parts.scalar(at: 0)
      add(scalar, parts.slice(0, length), to: &out)
    }
  }

  private func add(_ scalar: UInt32, _ bytes: Bytes, to out: inout [UInt8]) {
    if ScalarCategories.isWhitespace(scalar) { return out.append(0x20) }
    let category = UInt32(1) << UInt32(ScalarCategories.index(of: scalar))
    if scalar == 0 || scalar == 0xFFFD || category & ScalarCategories.others != 0 { return }
    if stripsAccents, category & ScalarCategories.marks != 0 { return }
    let isAlone =
      category & ScalarCategories.punctuation != 0
      || scalar < 0x7F && category & ScalarCategories.symbols != 0
      || BertCleaning.isChinese(scalar)
    if isAlone { out.append(0x20) }
    if lowercases { out += simpleLowercase(scalar, bytes) } else { out += bytes }
    if isAlone { out.append(0x20) }
  }

  /// Only mappings to one scalar count.
  private func simpleLowercase(_ scalar: UInt32, _ bytes: Bytes) -> [UInt8] {
    guard let lower = Unicode.Scalar(scalar)?.properties.lowercaseMapping,
      lower.unicodeScalars.count == 1
    else { return Array(bytes) }
    return Array(lower.utf8)
  }
}
