/// Looks for NaN and infinities in encoded floats: those whose exponent has all bits set.
enum FiniteScan {
  struct Place: Hashable {
    var index: Int
    var isNaN: Bool
  }

  /// The first value that is not finite; nil when all are, and for types without such values.
  static func firstNotFinite(_ bytes: UnsafeRawBufferPointer, _ type: TensorType) -> Place? {
    switch type {
    case .F32: first(bytes, UInt32.self, exponent: 0x7F80_0000, fraction: 0x007F_FFFF)
    case .BF16: first(bytes, UInt16.self, exponent: 0x7F80, fraction: 0x007F)
    case .F16: first(bytes, UInt16.self, exponent: 0x7C00, fraction: 0x03FF)
    default: nil
    }
  }

  /// One pass without branches tells whether there is one; a second, only then, where.
  @inline(__always)
  private static func first<Bits: FixedWidthInteger & UnsignedInteger>(
    _ bytes: UnsafeRawBufferPointer, _ bits: Bits.Type, exponent: Bits, fraction: Bits
  ) -> Place? {
    let width = Bits.bitWidth / 8
    let count = bytes.count / width
    func load(_ index: Int) -> Bits {
      bytes.loadUnaligned(fromByteOffset: index &* width, as: Bits.self)
    }
    // Adding one step of the exponent carries into the sign's place exactly when all bits are set.
    let step = fraction &+ 1
    var carried: Bits = 0
    for index in 0..<count { carried |= (load(index) & exponent) &+ step }
    guard carried & ~(exponent | fraction) != 0 else { return nil }
    guard let index = (0..<count).first(where: { load($0) & exponent == exponent }) else {
      return nil
    }
    return Place(index: index, isNaN: load(index) & fraction != 0)
  }
}
