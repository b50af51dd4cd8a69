/// What llama.cpp does to text before a unigram (`t5`) vocabulary of a GGUF file sees it.
struct LlamaUnigramText: Sendable {
  let charsmap: Charsmap?
  /// Tokens that stand in the text as they are.
  let userDefined: ByteTrie
  let addsSpacePrefix: Bool
  let removesExtraWhitespace: Bool

  func apply(_ text: Bytes) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count * 2)
    var hasPrefix = false
    var isInWord = false
    var index = 0
    while index < text.count {
      let (part, consumed) = prefix(text, index)
      for byte in part {
        if byte == 0x20 {
          isInWord = false
          if !removesExtraWhitespace { out += Metaspace.mark }
          continue
        }
        if !isInWord {
          isInWord = true
          if addsSpacePrefix && !hasPrefix || removesExtraWhitespace {
            out += Metaspace.mark
            hasPrefix = true
          }
        }
        out.append(byte)
      }
      index += consumed
    }
    return out
  }

  /// What stands for the text at `index`, and how many bytes of it that takes.
  private func prefix(_ text: Bytes, _ index: Int) -> (Bytes, Int) {
    var node = ByteTrie.root
    var end = index
    var longest = index
    while end < text.count {
      node = userDefined.child(node, text[end])
      if node < 0 { break }
      end += 1
      if userDefined.value(node) >= 0 { longest = end }
    }
    if longest > index { return (text.slice(index, longest), longest - index) }
    var match: (length: Int, position: Int)?
    charsmap?.forEachPrefix(of: text.slice(index, text.count)) {
      match = ($0, $1)
      return true
    }
    if let match, let replacement = charsmap?.text(at: match.position) {
      return (replacement, match.length)
    }
    let length = text.scalar(at: index).length
    return (text.slice(index, index + length), length)
  }
}
