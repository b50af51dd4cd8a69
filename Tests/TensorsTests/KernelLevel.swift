import CKernels

/// The kernels of one instruction set that this CPU runs.
struct KernelLevel: Sendable, CustomStringConvertible {
  let number: UInt32

  static let available = (0..<4 as Range<UInt32>).map(KernelLevel.init).filter {
    orc_kernels_at(orc_level(rawValue: $0.number)) != nil
  }

  var kernels: orc_kernels {
    guard let table = orc_kernels_at(orc_level(rawValue: number)) else {
      preconditionFailure("available levels have kernels")
    }
    return table.pointee
  }

  var description: String { String(cString: kernels.name) }
}

/// Numbers in -1 ..< 1 that look random and are the same in every run.
struct Noise {
  var state: UInt64

  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func bits() -> UInt32 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt32(truncatingIfNeeded: state >> 33)
  }

  mutating func next() -> Float { Float(Int32(truncatingIfNeeded: bits() << 1)) / 0x1p31 }

  mutating func array(_ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in next() * scale }
  }
}

/// A float32 rounded to bfloat16, ties to even, by arithmetic on its value.
func nearestBFloat16(_ x: Float) -> UInt16 {
  if x.isNaN { return UInt16(truncatingIfNeeded: x.bitPattern >> 16) | 0x40 }
  let below = x.bitPattern & 0xFFFF_0000, rest = x.bitPattern & 0xFFFF
  let odd = (below >> 16) & 1
  let up = rest > 0x8000 || (rest == 0x8000 && odd == 1)
  return UInt16(truncatingIfNeeded: (below >> 16) + (up ? 1 : 0))
}

func widened(_ x: UInt16) -> Float { Float(bitPattern: UInt32(x) << 16) }
