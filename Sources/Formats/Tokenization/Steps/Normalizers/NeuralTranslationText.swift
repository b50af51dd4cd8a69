/// The cleaning rules of SentencePiece's `nmt` normalizers (`Nmt`).
enum NeuralTranslationText {
  /// Nil when nothing changes.
  static func apply(_ text: Bytes) -> [UInt8]? {
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var changed = false
    var index = 0
    while index < text.count {
      let (scalar, length) = text.scalar(at: index)
      switch scalar {
      case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: changed = true
      case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF,
        0xFFFD:
        changed = true
        out.append(0x20)
      default: out.append(contentsOf: text.slice(index, index + length))
      }
      index += length
    }
    return changed ? out : nil
  }
}
