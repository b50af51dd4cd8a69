extension Tokenizer {
  /// The bytes that a token adds to a text that has begun, or nil: a control token, an id without a
  /// token, or a decoder that changes tokens by their neighbours.
  ///
  /// The first token of a text may lose a blank at its beginning.
  package func addedBytes(of id: Int32) -> [UInt8]? {
    guard var bytes = bytes(of: id), !isSpecial(id), let steps = decoder.steps else { return nil }
    let isLiteral = literals.contains(id)
    var isFused = false
    for step in steps {
      switch step {
      case .byteLevel:
        if !isLiteral {
          bytes = bytes.withUnsafeBufferPointer { ByteAlphabet.decode($0) } ?? bytes
        }
        isFused = true
      case .fuse: isFused = true
      case .byteFallback:
        if !isLiteral, let byte = TokenDecoder.fallbackByte(bytes) { bytes = [byte] }
      case .replace(let pattern, let content):
        bytes = DecoderMachine.replaced(bytes, pattern, content)
      case .metaspace(let mark, _): bytes = DecoderMachine.replaced(bytes, .text(mark), [0x20])
      case .strip: if !isFused { return nil }
      case .wordPiece, .suffix, .ctc: return nil
      }
    }
    return bytes
  }
}
