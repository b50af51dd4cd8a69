/// Weights by the formula of `formats/gguf/make_tiny_models.py`, so that nothing need be stored.
package enum TinyWeights {
  /// Value i of a tensor: four 16-bit lanes of a SplitMix64 stream seeded with its name, summed,
  /// scaled to a deviation of about 0.036, rounded to bfloat16; norms are around 1.
  package static func values(_ name: String, _ shape: [Int]) -> [Float] {
    var seed: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let offset: Float = shape.count == 1 && name.contains("norm") ? 1 : 0
    return (0..<shape.reduce(1, *)).map { index in
      var z = seed &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      z ^= z >> 31
      let sum = (z & 0xFFFF) + (z >> 16 & 0xFFFF) + (z >> 32 & 0xFFFF) + (z >> 48)
      let bits = (Float(Int64(sum) - 131070) * 0x1p-20 + offset).bitPattern
      return Float(bitPattern: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) & 0xFFFF_0000)
    }
  }
}
