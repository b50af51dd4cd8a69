extension PreTokenizer.Class {
  @inline(__always)
  func contains(_ scalar: UInt32) -> Bool {
    switch self {
    case .whitespace: return ScalarCategories.isWhitespace(scalar)
    case .one(let other): return scalar == other
    case .numeric:
      if scalar < 0x80 { return scalar &- 0x30 < 10 }
      // Rust's `is_numeric` has Unicode 17 already.
      return ScalarCategories.numbers >> UInt32(ScalarCategories.index(of: scalar)) & 1 == 1
        || 0x11DE0...0x11DE9 ~= scalar || 0x16FF4...0x16FF6 ~= scalar
    case .punctuation:
      if scalar < 0x80 {
        return scalar > 0x20 && scalar < 0x7F && !(scalar &- 0x30 < 10)
          && !((scalar | 0x20) &- 0x61 < 26)
      }
      return Self.isPunctuation(scalar)
    }
  }

  /// Punctuation beyond ASCII as of Unicode 8, whose table `tokenizers` uses.
  private static func isPunctuation(_ scalar: UInt32) -> Bool {
    // These two left the category since.
    if scalar == 0x166D || scalar == 0x111C9 { return true }
    return ScalarCategories.punctuation >> UInt32(ScalarCategories.index(of: scalar)) & 1 == 1
      && !ScalarCategories.isYounger(scalar, than: 8)
  }
}
